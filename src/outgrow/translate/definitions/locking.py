"""The lock that one writer at a time holds, where an application asks for it."""

from __future__ import annotations

from hashlib import sha256


def lock_key(schema: str) -> int:
    """The key of the advisory lock for what lives in a schema."""
    digest = sha256(f"outgrow writes {schema}".encode()).digest()
    return int.from_bytes(digest[:8], "big", signed=True)


def lock_sql(schema: str) -> str:
    """Wait for the lock and hold it until the transaction ends."""
    return f"SELECT pg_advisory_xact_lock({lock_key(schema)})"
