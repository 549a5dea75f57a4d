"""Kinds of damage to indexes, triggers, views and sequences."""

from __future__ import annotations

import re

from torture.damage.injuring import Damage, Kind, Patient, listed
from torture.damage.objects import done

LOGIC: dict[str, Kind] = {}
_damage = listed(LOGIC)

#: Its indexes: the table, and what stands behind CREATE … INDEX … ON.
_INDEXES = {
    "customer_city": ("customer", "customer (city, created_at DESC)"),
    "customer_lower": ("customer", "customer (lower(email) NULLS FIRST)"),
    "customer_vip": (
        "customer",
        'customer (email NULLS FIRST, lower((name COLLATE "C"))) WHERE is_vip',
    ),
    "product_price": ("product", "product (price DESC) WHERE weight IS NOT NULL"),
    "order_status": ("order", '"order" (status, id)'),
    "line_sku": ("line", "line (sku NULLS FIRST)"),
    "event_kind": ("event", "event (kind NULLS FIRST, actor NULLS FIRST)"),
}
_UNIQUE = {"customer_vip"}

_TRIGGERS = {"line_added": "line", "customer_kept": "customer", "paid": "order"}
VIEWS = ("vip", "revenue", "open_orders", "heavy")
_SERIALS = {"customer": "Customer", "order": "Order", "moment": "moment", "document": "document"}


# Indexes.


def _index(kind: str, opened: Patient, old: str, new: str, *, unique: bool | None = None) -> Damage:
    """Make an index whose definition has some words once more, with others for them."""
    found = [each for each, (_, says) in _INDEXES.items() if old in says]
    name = opened.random.choice(found)
    table, says = _INDEXES[name]
    is_unique = name in _UNIQUE if unique is None else unique
    words = "UNIQUE INDEX" if is_unique else "INDEX"
    return done(
        kind,
        opened,
        table,
        [name],
        f"DROP INDEX {name}",
        f"CREATE {words} {name} ON {says.replace(old, new)}",
    )


@_damage
def _a_dropped_index(kind: str, opened: Patient) -> Damage:
    name = opened.random.choice([*_INDEXES])
    return done(kind, opened, _INDEXES[name][0], [name], f"DROP INDEX {name}")


@_damage
def _a_partial_index_made_full(kind: str, opened: Patient) -> Damage:
    name = opened.random.choice(("customer_vip", "product_price"))
    where = _INDEXES[name][1].partition(" WHERE ")[2]
    return _index(kind, opened, f" WHERE {where}", "")


@_damage
def _a_partial_index_of_other_rows(kind: str, opened: Patient) -> Damage:
    old, new = opened.random.choice(
        (("WHERE is_vip", "WHERE NOT is_vip"), ("weight IS NOT NULL", "weight IS NULL"))
    )
    return _index(kind, opened, old, new)


@_damage
def _a_full_index_made_partial(kind: str, opened: Patient) -> Damage:
    old, new = opened.random.choice(
        (
            ("(status, id)", "(status, id) WHERE id > 0"),
            ("(sku NULLS FIRST)", "(sku NULLS FIRST) WHERE sku IS NOT NULL"),
        )
    )
    return _index(kind, opened, old, new)


@_damage
def _an_index_over_another_column(kind: str, opened: Patient) -> Damage:
    old, new = opened.random.choice(
        (("city,", "street,"), ("(sku", "(price"), ("(kind", "(note"), ("actor", "happened_at"))
    )
    return _index(kind, opened, old, new)


@_damage
def _an_index_of_another_expression(kind: str, opened: Patient) -> Damage:
    return _index(kind, opened, "lower(email)", opened.random.choice(("upper(email)", "email")))


@_damage
def _an_index_in_another_direction(kind: str, opened: Patient) -> Damage:
    old, new = opened.random.choice(
        (("created_at DESC", "created_at"), ("(price DESC", "(price"), ("(city", "(city DESC"))
    )
    return _index(kind, opened, old, new)


@_damage
def _a_plain_index_for_a_unique_one(kind: str, opened: Patient) -> Damage:
    return _index(kind, opened, "WHERE is_vip", "WHERE is_vip", unique=False)


@_damage
def _a_unique_index_for_a_plain_one(kind: str, opened: Patient) -> Damage:
    return _index(kind, opened, "(status, id)", "(status, id)", unique=True)


@_damage
def _an_index_that_is_not_valid(kind: str, opened: Patient) -> Damage:
    name = opened.random.choice([*_INDEXES])
    return done(
        kind,
        opened,
        _INDEXES[name][0],
        [name],
        f"UPDATE pg_index SET indisvalid = false WHERE indexrelid = '{name}'::regclass",
    )


# Triggers.


def _trigger(kind: str, opened: Patient, words: str) -> Damage:
    name = opened.random.choice([*_TRIGGERS])
    table = _TRIGGERS[name]
    return done(kind, opened, table, [name], words.format(name=name, table=table))


@_damage
def _a_disabled_trigger(kind: str, opened: Patient) -> Damage:
    return _trigger(kind, opened, 'ALTER TABLE "{table}" DISABLE TRIGGER {name}')


@_damage
def _a_trigger_for_replicas_only(kind: str, opened: Patient) -> Damage:
    return _trigger(kind, opened, 'ALTER TABLE "{table}" ENABLE REPLICA TRIGGER {name}')


@_damage
def _a_dropped_trigger(kind: str, opened: Patient) -> Damage:
    return _trigger(kind, opened, 'DROP TRIGGER {name} ON "{table}"')


def _trigger_anew(kind: str, opened: Patient, *changes: tuple[str, str, str]) -> Damage:
    name, old, new = opened.random.choice(changes)
    query = "SELECT pg_get_triggerdef(oid) FROM pg_trigger WHERE tgname = %s"
    definition = str(opened.one(query, name))
    if old not in definition:
        raise LookupError(f"{old} is not in {definition}")
    table = _TRIGGERS[name]
    return done(
        kind,
        opened,
        table,
        [name],
        f'DROP TRIGGER {name} ON "{table}"',
        definition.replace(old, new),
    )


@_damage
def _a_trigger_on_another_event(kind: str, opened: Patient) -> Damage:
    return _trigger_anew(
        kind,
        opened,
        ("line_added", "INSERT", "UPDATE"),
        ("line_added", "INSERT", "INSERT OR DELETE"),
        ("paid", "UPDATE OF status", "UPDATE OF total"),
        ("paid", "UPDATE OF status", "UPDATE"),
    )


@_damage
def _a_trigger_with_another_condition(kind: str, opened: Patient) -> Damage:
    return _trigger_anew(
        kind,
        opened,
        ("paid", "'paid'", "'sent'"),
        ("customer_kept", "WHEN (old.is_vip)", "WHEN (NOT old.is_vip)"),
    )


@_damage
def _a_trigger_function_with_another_body(kind: str, opened: Patient) -> Damage:
    name, old, new = opened.random.choice(
        (
            ("line_added", "NEW.quantity", "(NEW.quantity + 1)"),
            ("line_added", "SET total", "SET tax_rate"),
            ("customer_kept", "RETURN OLD", "RETURN NULL"),
            ("paid", "'paid'", "'Paid'"),
            ("paid", "INSERT INTO", "RETURN NULL; INSERT INTO"),
        )
    )
    query = "SELECT pg_get_functiondef(%s::regproc)"
    definition = str(opened.one(query, name))
    if old not in definition:
        raise LookupError(f"{old} is not in {definition}")
    return done(kind, opened, _TRIGGERS[name], [name], definition.replace(old, new))


# Views.


def _view(kind: str, opened: Patient, *changes: tuple[str, str, str]) -> Damage:
    name, old, new = opened.random.choice(changes)
    definition = str(opened.one("SELECT pg_get_viewdef(%s::regclass)", name))
    # PostgreSQL 15 writes the table before each column of the only one.
    definition = re.sub(r'("order"|customer|product)\.', "", definition)
    if old not in definition:
        raise LookupError(f"{old} is not in {definition}")
    statement = f"CREATE OR REPLACE VIEW {name} AS {definition.replace(old, new)}"
    return done(kind, opened, name, [name], statement)


@_damage
def _a_dropped_view(kind: str, opened: Patient) -> Damage:
    name = opened.random.choice(VIEWS)
    return done(kind, opened, name, [name], f"DROP VIEW {name}")


@_damage
def _a_materialized_view(kind: str, opened: Patient) -> Damage:
    name = opened.random.choice(VIEWS)
    definition = str(opened.one("SELECT pg_get_viewdef(%s::regclass)", name))
    made = f"CREATE MATERIALIZED VIEW {name} AS {definition}"
    return done(kind, opened, name, [name], f"DROP VIEW {name}", made)


@_damage
def _a_view_with_another_filter(kind: str, opened: Patient) -> Damage:
    return _view(
        kind,
        opened,
        ("vip", "WHERE is_vip", "WHERE NOT is_vip"),
        ("revenue", "<> 'back'", "<> 'Back'"),
        ("open_orders", "'paid'", "'sent'"),
        ("heavy", "5.5", "5.50001"),
        ("heavy", ">", ">="),
    )


@_damage
def _a_view_with_another_column(kind: str, opened: Patient) -> Damage:
    return _view(
        kind,
        opened,
        ("vip", "rating", "rating + 0 AS rating"),
        ("revenue", "count(*)", "count(o.paid_at)"),
        ("revenue", "sum(o.total)", "sum(o.total + 0.01)"),
        ("heavy", "title,", 'initcap(title) COLLATE "C" AS title,'),
    )


@_damage
def _a_view_in_another_order(kind: str, opened: Patient) -> Damage:
    return _view(
        kind,
        opened,
        ("open_orders", "due_on NULLS FIRST", "due_on DESC"),
        ("open_orders", "ORDER BY due_on NULLS FIRST, id", ""),
    )


# Sequences.


def _sequence(kind: str, opened: Patient, words: str) -> Damage:
    table = opened.random.choice([*_SERIALS])
    (name,) = (opened.one("SELECT pg_get_serial_sequence(%s, 'id')", f'"{table}"'),)
    return done(
        kind,
        opened,
        table,
        [f"{_SERIALS[table]}.id", name.partition(".")[2]],
        words.format(name=name, table=table),
    )


@_damage
def _a_sequence_behind(kind: str, opened: Patient) -> Damage:
    by = opened.random.choice((1, 2, 10))
    words = f"SELECT setval('{{name}}', (SELECT last_value - {by} FROM {{name}}))"
    return _sequence(kind, opened, words)


@_damage
def _a_sequence_at_its_start(kind: str, opened: Patient) -> Damage:
    return _sequence(kind, opened, "ALTER SEQUENCE {name} RESTART")


@_damage
def _a_sequence_with_another_step(kind: str, opened: Patient) -> Damage:
    return _sequence(kind, opened, "ALTER SEQUENCE {name} INCREMENT 10")


@_damage
def _a_sequence_that_ends_soon(kind: str, opened: Patient) -> Damage:
    return _sequence(kind, opened, "ALTER SEQUENCE {name} MAXVALUE 99999")


@_damage
def _a_sequence_that_nothing_uses(kind: str, opened: Patient) -> Damage:
    return _sequence(kind, opened, 'ALTER TABLE "{table}" ALTER id DROP DEFAULT')


@_damage
def _a_sequence_without_an_owner(kind: str, opened: Patient) -> Damage:
    return _sequence(kind, opened, "ALTER SEQUENCE {name} OWNED BY NONE")
