"""Thin views that render one frozen state."""
