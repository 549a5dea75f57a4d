"""Files that are written while they are migrated."""
