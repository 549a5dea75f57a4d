"""Several SQLite files as one: united in SQLite, before anything is planned or moved."""
