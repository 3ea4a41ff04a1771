"""What a plan comes to: one sentence, loss against gain, six figures."""
