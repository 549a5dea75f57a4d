"""What is true of PostgreSQL: names, types, sessions, the catalog, an embedded server."""
