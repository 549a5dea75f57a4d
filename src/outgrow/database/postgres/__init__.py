"""A connection to PostgreSQL that is like ``sqlite3``'s."""
