"""Whose functions and triggers a superuser may run: they run with all of its rights."""

from __future__ import annotations

#: A condition on ``owner``, a role's number: a superuser works, and that role could have put
#: functions in its way. Who owns the database can do anything in it as it is.
UNTRUSTED = (
    "(SELECT rolsuper FROM pg_roles WHERE rolname = current_user) AND owner NOT IN ("
    "SELECT datdba FROM pg_database WHERE datname = current_database() "
    "UNION SELECT oid FROM pg_roles WHERE rolsuper OR rolname = current_user)"
)
