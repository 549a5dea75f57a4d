"""SQLite files with damaged bytes."""
