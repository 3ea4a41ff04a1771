"""Pure values and rules: no clock, network, disk or Qt."""
