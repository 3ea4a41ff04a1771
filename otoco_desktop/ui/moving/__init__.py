"""Moving the stop or the target of a strategy that is on the exchange: typed, judged at every key, sent once."""
