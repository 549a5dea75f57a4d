"""The connection, the schema and the meaning of values."""
