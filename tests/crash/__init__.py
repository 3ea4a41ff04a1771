"""The program killed at thirteen points, with its request processed by the exchange or not."""
