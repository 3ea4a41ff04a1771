"""Faults on purpose: a proxy that breaks connections where it is told, and the table of what each fault shows."""
