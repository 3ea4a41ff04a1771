"""The Strategies page: every strategy ever sent, found, judged and looked into."""
