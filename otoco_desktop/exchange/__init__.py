"""The exchange over REST and websockets: signing, messages, outcomes, streams."""
