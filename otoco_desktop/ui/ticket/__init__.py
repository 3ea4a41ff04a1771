"""The order ticket: a presenter without Qt that makes one frozen state, and a view that renders it."""
