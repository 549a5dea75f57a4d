"""Passwords, looked for wherever they must not be; the part is named ``secrets``."""
