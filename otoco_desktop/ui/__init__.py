"""The window: thin views that render one frozen state."""
