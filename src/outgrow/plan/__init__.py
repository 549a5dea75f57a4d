"""What every table and column becomes in PostgreSQL, decided from evidence, and the plan file."""
