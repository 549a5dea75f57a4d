"""What is true of SQLite: a file read without a trace, its catalog, its grammar, a census."""
