"""Changes to a migrated database that change nothing, which ``outgrow verify`` must not mind."""
