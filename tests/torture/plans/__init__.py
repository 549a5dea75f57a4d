"""Plan files, good and bad."""
