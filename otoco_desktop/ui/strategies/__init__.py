"""What has been sent: the table, one strategy's timeline, and the banner for unknown outcomes."""
