"""Kinds of damage to schema ``outgrow``: its functions, and what it knows of SQLite."""

from __future__ import annotations

from torture.damage.injuring import Damage, Kind, NoPlaceError, Patient, Place, listed

HOME: dict[str, Kind] = {}
_damage = listed(HOME)


# Helper functions.


def _helper(opened: Patient, condition: str = "true") -> tuple[str, str, str]:
    """Choose a function; gives its name, its name with types, and its definition."""
    found = opened.run(
        "SELECT proname, oid::regprocedure::text, pg_get_functiondef(oid) FROM pg_proc "
        f"WHERE pronamespace = 'outgrow'::regnamespace AND {condition} ORDER BY proname"
    )
    if not found:
        raise NoPlaceError
    name, signature, definition = opened.random.choice(found)
    opened.claim("outgrow", f"{name}()")
    return name, signature, definition


def _done(kind: str, opened: Patient, name: str, *statements: str) -> Damage:
    for statement in statements:
        opened.run(statement)
    return Damage(kind, "; ".join(statements), (Place((f"outgrow.{name}",)),))


def _altered(kind: str, opened: Patient, *changes: str, condition: str = "true") -> Damage:
    name, signature, _ = _helper(opened, condition)
    change = opened.random.choice(changes)
    return _done(kind, opened, name, f"ALTER FUNCTION {signature} {change}")


@_damage
def _a_helper_with_another_body(kind: str, opened: Patient) -> Damage:
    name, _, definition = _helper(opened)
    head, quotes, body = definition.partition("$function$")
    changes = [
        (quotes + body).replace(old, new, 1)
        for old, new in (
            (" < ", " <= "),
            (" >= ", " > "),
            (" + ", " - "),
            ("RETURN ", "RETURN NULL; RETURN "),
            ("THEN ", "THEN NULL; "),
            ("message", "'x'"),
            ("10", "11"),
            ("$function$", "$function$ "),
        )
        if old in quotes + body
    ]
    other = head + opened.random.choice(changes)
    # What would not run is damage, too.
    return _done(kind, opened, name, "SET check_function_bodies = off", other)


@_damage
def _a_helper_that_is_called_at_other_times(kind: str, opened: Patient) -> Damage:
    if opened.random.random() < 0.5:
        changes = ("CALLED ON NULL INPUT", "VOLATILE")
        return _altered(kind, opened, *changes, condition="proisstrict AND provolatile = 'i'")
    return _altered(kind, opened, "STRICT", condition="NOT proisstrict")


@_damage
def _a_helper_with_a_setting(kind: str, opened: Patient) -> Damage:
    return _altered(
        kind, opened, "SET extra_float_digits = 0", "SET search_path = public", "SECURITY DEFINER"
    )


@_damage
def _a_helper_under_another_name(kind: str, opened: Patient) -> Damage:
    return _altered(kind, opened, "RENAME TO once_more", "SET SCHEMA public")


@_damage
def _a_dropped_helper(kind: str, opened: Patient) -> Damage:
    name, signature, _ = _helper(opened)
    return _done(kind, opened, name, f"DROP FUNCTION {signature}")


@_damage
def _a_helper_of_another_result(kind: str, opened: Patient) -> Damage:
    name, signature, definition = _helper(opened, "prorettype = 'numeric'::regtype")
    other = definition.replace("RETURNS numeric", "RETURNS text")
    return _done(kind, opened, name, f"DROP FUNCTION {signature}", other)


@_damage
def _a_second_helper_of_a_name(kind: str, opened: Patient) -> Damage:
    name, _, _ = _helper(opened)
    return _done(
        kind,
        opened,
        name,
        f"CREATE FUNCTION outgrow.{name}(xid8) RETURNS text LANGUAGE sql RETURN NULL",
    )


# What each column and each definition was.


def _column(kind: str, opened: Patient, change: str, condition: str = "true") -> Damage:
    """Change what is known of a column, or forget it."""
    where = f"WHERE schema_name = 'public' AND {condition}"
    found = opened.run(f"SELECT table_name, column_name FROM outgrow.columns {where} ORDER BY 1, 2")
    if not found:
        raise NoPlaceError
    table, column = opened.random.choice(found)
    opened.claim("outgrow", (table, column))
    known = next(each for each in opened.tables if each.target == table)
    source = next(each.source for each in known.columns if each.target == column)
    opened.run(f"{change} WHERE (table_name, column_name) = (%s, %s)", table, column)
    return Damage(kind, f"{change} at {table}.{column}", (Place((f"{known.source}.{source}",)),))


@_damage
def _a_column_that_is_forgotten(kind: str, opened: Patient) -> Damage:
    return _column(kind, opened, "DELETE FROM outgrow.columns")


@_damage
def _a_column_of_another_shape(kind: str, opened: Patient) -> Damage:
    change = opened.random.choice(("NULL", "'YYYY-MM-DD'", "shape || '.SSS'"))
    condition = f"shape IS NOT NULL AND shape IS DISTINCT FROM {change}"
    return _column(kind, opened, f"UPDATE outgrow.columns SET shape = {change}", condition)


@_damage
def _a_column_known_as_something_else(kind: str, opened: Patient) -> Damage:
    change, condition = opened.random.choice(
        (
            ("affinity = 'NUMERIC'", "affinity <> 'NUMERIC'"),
            ("type = 'text'", "type <> 'text'"),
            ("declared = declared || ' NOT NULL'", "true"),
            ("source_collation = 'RTRIM'", "affinity = 'TEXT'"),
            ("source_column = source_column || '_'", "true"),
            ("source_table = 'Other'", "true"),
            ("mixed = NOT mixed", "true"),
            ("run = run + 1000", "true"),
        )
    )
    return _column(kind, opened, f"UPDATE outgrow.columns SET {change}", condition)


def _definition(kind: str, opened: Patient, change: str) -> Damage:
    found = opened.run(
        "SELECT kind, name, source_name FROM outgrow.definitions "
        "WHERE schema_name = 'public' AND kind <> 'internal' ORDER BY 1, 2"
    )
    what, name, source = opened.random.choice(found)
    opened.claim("outgrow", (what, name))
    opened.run(f"{change} WHERE (kind, name) = (%s, %s)", what, name)
    return Damage(kind, f"{change} at {what} {name}", (Place((source,)),))


@_damage
def _a_definition_that_is_forgotten(kind: str, opened: Patient) -> Damage:
    return _definition(kind, opened, "DELETE FROM outgrow.definitions")


@_damage
def _a_definition_known_as_another(kind: str, opened: Patient) -> Damage:
    change = opened.random.choice(
        ("sql = sql || ' '", "sql = ''", "source_table = 'Other'", "source_name = 'Other'")
    )
    return _definition(kind, opened, f"UPDATE outgrow.definitions SET {change}")


@_damage
def _another_user_version(kind: str, opened: Patient) -> Damage:
    opened.claim("outgrow", "user_version")
    statement = opened.random.choice(
        ("UPDATE outgrow.pragmas SET value = value + 1", "DELETE FROM outgrow.pragmas")
    )
    opened.run(f"{statement} WHERE name = 'user_version'")
    return Damage(kind, statement, (Place(("PRAGMA user_version",)),))
