"""Damage done to a migrated database, which ``outgrow verify`` has to find."""
