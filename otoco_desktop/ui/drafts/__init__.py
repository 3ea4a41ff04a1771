"""Plans that were typed and not sent: the list of them, and the words about them."""
