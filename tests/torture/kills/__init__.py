"""Migrations killed, stopped and cut off at a chosen entry of the journal."""
