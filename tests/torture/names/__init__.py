"""Hostile names wherever a name can stand."""
