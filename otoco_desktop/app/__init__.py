"""Use cases: what the program does, without Qt and without drivers."""
