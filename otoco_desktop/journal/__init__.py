"""The journal: versioned facts in SQLite."""
