"""SELECT in all its forms: clauses, sources, groups, windows, result columns."""
