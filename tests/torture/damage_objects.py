"""Kinds of damage to what is declared: columns, constraints, indexes, triggers, views, …"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

from torture.injuring import Damage, NoPlaceError, Patient, Place

#: Does the damage of one kind.
Kind = Callable[[str, Patient], Damage]

OBJECTS: dict[str, Kind] = {}

#: How the shop's CHECKs are called in PostgreSQL and in SQLite, and how each can be made weaker.
_CHECKS = {
    ("customer", "customer_is_vip_check"): ("Customer.is_vip IN (0, 1)", "is_vip IS NOT NULL"),
    ("customer", "customer_points_check"): ("Customer.points > -1000", "points > -2000"),
    ("customer", "solvent"): ("Customer.solvent", "balance_usd >= -1001"),
    ("product", "product_price_check"): ("Product.price >= 0", "price > -1"),
    ("order", "known_status"): ("Order.known_status", "status ~ '^[a-z]+$'"),
}

#: Its foreign keys: what they say behind REFERENCES.
_FOREIGN_KEYS = {
    ("product", "follows"): "product (sku) DEFERRABLE INITIALLY DEFERRED",
    ("order", "customer_id"): "customer (id) ON UPDATE CASCADE ON DELETE RESTRICT",
    ("line", "order_id"): '"order" (id) ON DELETE CASCADE',
    ("line", "sku"): "product (sku) ON UPDATE CASCADE ON DELETE SET NULL",
    ("document", "owner"): "customer (id) ON DELETE SET NULL",
}

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
_UNIQUES = {
    "customer_email_key": ("customer", "email", "Customer.email"),
    "order_customer_id_ordered_at_key": (
        "order",
        "customer_id, ordered_at",
        "Order.customer_id,ordered_at",
    ),
}
_SERIALS = {"customer": "Customer", "order": "Order", "moment": "moment", "document": "document"}
#: Columns that no view, trigger, index or generated column reads, and another type for each.
_RETYPED = {
    ("customer", "points"): "integer",
    ("customer", "street"): "varchar(500)",
    ("customer", "balance_usd"): "numeric(14,6)",
    ("customer", "settings"): "text",
    ("order", "paid_at"): "timestamptz",
    ("order", "tax_rate"): "numeric",
    ("reading", "is_ok"): "integer USING is_ok::integer",
    ("reading", "sensor"): "smallint",
    ("moment", "shipped_on"): "timestamp",
    ("moment", "iso_at"): "timestamp(3)",
    ("device", "serial"): "numeric",
    ("event", "payload"): "json",
    ("event", "amount"): "double precision",
    ("document", "scan"): "text USING encode(scan, 'hex')",
}
_PLAIN_TEXTS = (
    ("customer", "street"),
    ("event", "note"),
    ("device", "state"),
    ("document", "title"),
    ("document", "body"),
    ("empty", "note"),
)
_NEVER_NULL = (
    ("empty", "note"),
    ("event", "kind"),
    ("event", "note"),
    ("reading", "sensor"),
    ("device", "state"),
    ("device", "power"),
    ("customer", "points"),
)
_FREE_TABLES = ("reading", "event", "moment", "device", "empty", "document")


def _kind(kind: Kind) -> Kind:
    OBJECTS[kind.__name__.strip("_").replace("_", " ")] = kind
    return kind


def _done(kind: str, opened: Patient, table: str, where: Iterable[str], *statements: str) -> Damage:
    """Damage one object of a table."""
    places = tuple(where)
    opened.claim(table, "object", *places)
    for statement in statements:
        opened.run(statement)
    return Damage(kind, "; ".join(statements), (Place(places),))


def _whole(
    kind: str, opened: Patient, table: str, where: Iterable[str], *statements: str
) -> Damage:
    """Damage a table so that nothing else of it can be judged."""
    opened.claim_whole(table)
    for statement in statements:
        opened.run(statement)
    source = opened.table(table).source
    return Damage(kind, "; ".join(statements), (Place(tuple(where)),), whole=source)


def _column(opened: Patient, table: str, column: str) -> str:
    found = opened.table(table)
    (source,) = (each.source for each in found.columns if each.target == column)
    return f"{found.source}.{source}"


# Columns.


@_kind
def _a_dropped_not_null(kind: str, opened: Patient) -> Damage:
    found = opened.run(
        "SELECT relname, attname FROM pg_attribute a JOIN pg_class c ON c.oid = attrelid"
        " WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' AND attnum > 0"
        " AND attnotnull AND NOT EXISTS (SELECT FROM pg_constraint WHERE conrelid = c.oid"
        " AND contype = 'p' AND attnum = ANY (conkey)) ORDER BY 1, 2"
    )
    table, column = opened.random.choice(found)
    statement = f'ALTER TABLE "{table}" ALTER "{column}" DROP NOT NULL'
    return _done(kind, opened, table, [_column(opened, table, column)], statement)


@_kind
def _a_not_null_more(kind: str, opened: Patient) -> Damage:
    table, column = opened.random.choice(_NEVER_NULL)
    statement = f'ALTER TABLE "{table}" ALTER "{column}" SET NOT NULL'
    return _done(kind, opened, table, [_column(opened, table, column)], statement)


def _default(opened: Patient) -> tuple[str, str, str]:
    """Give any column with a default that the source has, and its type."""
    found = opened.run(
        "SELECT relname, attname, format_type(atttypid, NULL) FROM pg_attrdef"
        " JOIN pg_attribute a ON attrelid = adrelid AND attnum = adnum"
        " JOIN pg_class c ON c.oid = attrelid"
        " WHERE relnamespace = 'public'::regnamespace AND attgenerated = ''"
        " AND pg_get_expr(adbin, adrelid) NOT LIKE 'nextval%%' ORDER BY 1, 2".replace("%%", "%")
    )
    table, column, type_ = opened.random.choice(found)
    return str(table), str(column), str(type_)


@_kind
def _a_dropped_default(kind: str, opened: Patient) -> Damage:
    table, column, _ = _default(opened)
    statement = f'ALTER TABLE "{table}" ALTER "{column}" DROP DEFAULT'
    return _done(kind, opened, table, [_column(opened, table, column)], statement)


@_kind
def _a_changed_default(kind: str, opened: Patient) -> Damage:
    table, column, type_ = _default(opened)
    others = {
        "text": "'other'",
        "bigint": "77",
        "boolean": "NOT true AND NOT false",
        "jsonb": "'[1]'",
        "double precision": "0.25",
        "numeric": "0.01",
        "timestamp without time zone": "now()",
    }
    statement = f'ALTER TABLE "{table}" ALTER "{column}" SET DEFAULT {others[type_]}'
    return _done(kind, opened, table, [_column(opened, table, column)], statement)


@_kind
def _another_type(kind: str, opened: Patient) -> Damage:
    table, column = opened.random.choice([*_RETYPED])
    type_ = _RETYPED[table, column]
    statements = [f'ALTER TABLE "{table}" ALTER "{column}" TYPE {type_}']
    if _has_default(opened, table, column):
        statements.insert(0, f'ALTER TABLE "{table}" ALTER "{column}" DROP DEFAULT')
    source = opened.table(table).source
    where = [source, _column(opened, table, column)]
    return _whole(kind, opened, table, where, *statements)


def _has_default(opened: Patient, table: str, column: str) -> bool:
    query = "SELECT atthasdef FROM pg_attribute WHERE attrelid = %s::regclass AND attname = %s"
    return bool(opened.one(query, f'"{table}"', column))


@_kind
def _another_collation(kind: str, opened: Patient) -> Damage:
    table, column = opened.random.choice(_PLAIN_TEXTS)
    collation = opened.random.choice(("ucs_basic", "default"))
    statement = f'ALTER TABLE "{table}" ALTER "{column}" TYPE text COLLATE "{collation}"'
    where = [opened.table(table).source, _column(opened, table, column)]
    return _whole(kind, opened, table, where, statement)


@_kind
def _a_dropped_column(kind: str, opened: Patient) -> Damage:
    table, column = opened.random.choice([*_RETYPED])
    statement = f'ALTER TABLE "{table}" DROP "{column}"'
    return _whole(kind, opened, table, [opened.table(table).source], statement)


@_kind
def _a_renamed_column(kind: str, opened: Patient) -> Damage:
    table, column = opened.random.choice([*_RETYPED])
    statement = f'ALTER TABLE "{table}" RENAME "{column}" TO "{column}_old"'
    return _whole(kind, opened, table, [opened.table(table).source], statement)


@_kind
def _two_columns_under_each_others_name(kind: str, opened: Patient) -> Damage:
    table, one, other = opened.random.choice(
        (
            ("moment", "plain_at", "iso_at"),
            ("reading", "sensor", "value"),
            ("event", "kind", "note"),
            ("document", "title", "body"),
        )
    )
    statements = [
        f"ALTER TABLE {table} RENAME {one} TO swapped",
        f"ALTER TABLE {table} RENAME {other} TO {one}",
        f"ALTER TABLE {table} RENAME swapped TO {other}",
    ]
    return _whole(kind, opened, table, [opened.table(table).source], *statements)


@_kind
def _a_generated_column_made_a_plain_one(kind: str, opened: Patient) -> Damage:
    statement = "ALTER TABLE product ALTER label DROP EXPRESSION"
    return _done(kind, opened, "product", ["Product.label"], statement)


@_kind
def _a_generated_column_of_another_expression(kind: str, opened: Patient) -> Damage:
    statements = (
        "ALTER TABLE product DROP label",
        'ALTER TABLE product ADD label text COLLATE "C"'
        " GENERATED ALWAYS AS (title || ' [' || sku || ']') STORED",
    )
    return _whole(kind, opened, "product", ["Product.label"], *statements)


# Tables.


@_kind
def _a_dropped_table(kind: str, opened: Patient) -> Damage:
    table = opened.random.choice(_FREE_TABLES)
    return _whole(kind, opened, table, [table], f"DROP TABLE {table}")


@_kind
def _a_renamed_table(kind: str, opened: Patient) -> Damage:
    table = opened.random.choice(_FREE_TABLES)
    return _whole(kind, opened, table, [table], f"ALTER TABLE {table} RENAME TO {table}_old")


@_kind
def _an_emptied_table(kind: str, opened: Patient) -> Damage:
    table = opened.random.choice([each for each in _FREE_TABLES if each != "empty"])
    return _whole(kind, opened, table, [table], f"TRUNCATE {table}")


@_kind
def _a_table_that_a_crash_would_empty(kind: str, opened: Patient) -> Damage:
    table = opened.random.choice(_FREE_TABLES)
    return _whole(kind, opened, table, [table], f"ALTER TABLE {table} SET UNLOGGED")


# Constraints.


def _check(opened: Patient) -> tuple[str, str, list[str], str]:
    (table, name), (where, weaker) = opened.random.choice([*_CHECKS.items()])
    return table, name, [where, f"{opened.table(table).source}.{name}"], weaker


@_kind
def _a_dropped_check(kind: str, opened: Patient) -> Damage:
    table, name, where, _ = _check(opened)
    return _done(kind, opened, table, where[:1], f'ALTER TABLE "{table}" DROP CONSTRAINT {name}')


@_kind
def _a_weakened_check(kind: str, opened: Patient) -> Damage:
    table, name, where, weaker = _check(opened)
    return _done(
        kind,
        opened,
        table,
        where,
        f'ALTER TABLE "{table}" DROP CONSTRAINT {name}',
        f'ALTER TABLE "{table}" ADD CONSTRAINT {name} CHECK ({weaker})',
    )


@_kind
def _a_check_not_valid(kind: str, opened: Patient) -> Damage:
    table, name, where, _ = _check(opened)
    query = "SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conname = %s"
    definition = opened.one(query, name)
    return _done(
        kind,
        opened,
        table,
        where,
        f'ALTER TABLE "{table}" DROP CONSTRAINT {name}',
        f'ALTER TABLE "{table}" ADD CONSTRAINT {name} {definition} NOT VALID',
    )


def _foreign_key(
    kind: str, opened: Patient, change: Callable[[str], str] | None, *, containing: str = ""
) -> Damage:
    """Declare a foreign key otherwise, or not at all."""
    found = [each for each, says in _FOREIGN_KEYS.items() if containing in says]
    table, column = opened.random.choice(found)
    name = f"{table}_{column}_fkey"
    statements = [f'ALTER TABLE "{table}" DROP CONSTRAINT {name}']
    if change is not None:
        says = change(_FOREIGN_KEYS[table, column])
        statements.append(
            f'ALTER TABLE "{table}" ADD CONSTRAINT {name} FOREIGN KEY ({column}) REFERENCES {says}'
        )
    where = [_column(opened, table, column)]
    return _done(kind, opened, table, where, *statements)


@_kind
def _a_dropped_foreign_key(kind: str, opened: Patient) -> Damage:
    return _foreign_key(kind, opened, None)


@_kind
def _another_on_delete(kind: str, opened: Patient) -> Damage:
    def changed(says: str) -> str:
        head, _, tail = says.partition(" ON DELETE ")
        was = tail or "NO ACTION"
        actions = ("CASCADE", "SET NULL", "RESTRICT", "NO ACTION", "SET DEFAULT")
        action = opened.random.choice([each for each in actions if each != was])
        return f"{head} ON DELETE {action}"

    return _foreign_key(kind, opened, changed, containing=" ON DELETE ")


@_kind
def _another_on_update(kind: str, opened: Patient) -> Damage:
    def changed(says: str) -> str:
        return says.replace("ON UPDATE CASCADE", opened.random.choice(("", "ON UPDATE SET NULL")))

    return _foreign_key(kind, opened, changed, containing="ON UPDATE")


@_kind
def _a_foreign_key_not_valid(kind: str, opened: Patient) -> Damage:
    return _foreign_key(kind, opened, lambda says: f"{says} NOT VALID")


@_kind
def _a_foreign_key_checked_at_once(kind: str, opened: Patient) -> Damage:
    def changed(says: str) -> str:
        return says.replace("INITIALLY DEFERRED", "").replace(
            "DEFERRABLE", opened.random.choice(("", "DEFERRABLE"))
        )

    return _foreign_key(kind, opened, changed, containing="DEFERRED")


@_kind
def _a_foreign_key_whose_triggers_are_disabled(kind: str, opened: Patient) -> Damage:
    table, column = opened.random.choice([*_FOREIGN_KEYS])
    if table == "product":
        raise NoPlaceError  # both of its ends are there
    where = [_column(opened, table, column)]
    name = opened.one(
        "SELECT tgname FROM pg_trigger t JOIN pg_constraint c ON c.oid = tgconstraint"
        " WHERE conname = %s AND tgrelid = conrelid ORDER BY tgname LIMIT 1",
        f"{table}_{column}_fkey",
    )
    statement = f'ALTER TABLE "{table}" DISABLE TRIGGER "{name}"'
    return _done(kind, opened, table, where, statement)


@_kind
def _a_dropped_unique(kind: str, opened: Patient) -> Damage:
    name = opened.random.choice([*_UNIQUES])
    table, _, where = _UNIQUES[name]
    return _done(kind, opened, table, [where], f'ALTER TABLE "{table}" DROP CONSTRAINT {name}')


@_kind
def _a_unique_of_more_columns(kind: str, opened: Patient) -> Damage:
    name = opened.random.choice([*_UNIQUES])
    table, columns, where = _UNIQUES[name]
    return _done(
        kind,
        opened,
        table,
        [where],
        f'ALTER TABLE "{table}" DROP CONSTRAINT {name}',
        f'ALTER TABLE "{table}" ADD CONSTRAINT {name} UNIQUE ({columns}, id)',
    )


@_kind
def _a_unique_checked_late(kind: str, opened: Patient) -> Damage:
    name = opened.random.choice([*_UNIQUES])
    table, columns, where = _UNIQUES[name]
    return _done(
        kind,
        opened,
        table,
        [where, f"{opened.table(table).source}.{name}"],
        f'ALTER TABLE "{table}" DROP CONSTRAINT {name}',
        f'ALTER TABLE "{table}" ADD CONSTRAINT {name} UNIQUE ({columns}) DEFERRABLE',
    )


@_kind
def _a_dropped_primary_key(kind: str, opened: Patient) -> Damage:
    table = opened.random.choice(("line", "device", "moment", "document", "empty"))
    key = ",".join(opened.table(table).key)
    statement = f"ALTER TABLE {table} DROP CONSTRAINT {table}_pkey"
    return _done(kind, opened, table, [f"{table}.{key}"], statement)


@_kind
def _a_primary_key_in_another_order(kind: str, opened: Patient) -> Damage:
    table, columns = opened.random.choice(
        (("line", "number, order_id"), ("device", "seen_on, uid"))
    )
    key = ",".join(opened.table(table).key)
    return _done(
        kind,
        opened,
        table,
        [f"{table}.{key}"],
        f"ALTER TABLE {table} DROP CONSTRAINT {table}_pkey",
        f"ALTER TABLE {table} ADD PRIMARY KEY ({columns})",
    )


# Indexes.


def _index(kind: str, opened: Patient, old: str, new: str, *, unique: bool | None = None) -> Damage:
    """Make an index whose definition has some words once more, with others for them."""
    found = [each for each, (_, says) in _INDEXES.items() if old in says]
    name = opened.random.choice(found)
    table, says = _INDEXES[name]
    is_unique = name in _UNIQUE if unique is None else unique
    words = "UNIQUE INDEX" if is_unique else "INDEX"
    return _done(
        kind,
        opened,
        table,
        [name],
        f"DROP INDEX {name}",
        f"CREATE {words} {name} ON {says.replace(old, new)}",
    )


@_kind
def _a_dropped_index(kind: str, opened: Patient) -> Damage:
    name = opened.random.choice([*_INDEXES])
    return _done(kind, opened, _INDEXES[name][0], [name], f"DROP INDEX {name}")


@_kind
def _a_partial_index_made_full(kind: str, opened: Patient) -> Damage:
    name = opened.random.choice(("customer_vip", "product_price"))
    where = _INDEXES[name][1].partition(" WHERE ")[2]
    return _index(kind, opened, f" WHERE {where}", "")


@_kind
def _a_partial_index_of_other_rows(kind: str, opened: Patient) -> Damage:
    old, new = opened.random.choice(
        (("WHERE is_vip", "WHERE NOT is_vip"), ("weight IS NOT NULL", "weight IS NULL"))
    )
    return _index(kind, opened, old, new)


@_kind
def _a_full_index_made_partial(kind: str, opened: Patient) -> Damage:
    old, new = opened.random.choice(
        (
            ("(status, id)", "(status, id) WHERE id > 0"),
            ("(sku NULLS FIRST)", "(sku NULLS FIRST) WHERE sku IS NOT NULL"),
        )
    )
    return _index(kind, opened, old, new)


@_kind
def _an_index_over_another_column(kind: str, opened: Patient) -> Damage:
    old, new = opened.random.choice(
        (("city,", "street,"), ("(sku", "(price"), ("(kind", "(note"), ("actor", "happened_at"))
    )
    return _index(kind, opened, old, new)


@_kind
def _an_index_of_another_expression(kind: str, opened: Patient) -> Damage:
    return _index(kind, opened, "lower(email)", opened.random.choice(("upper(email)", "email")))


@_kind
def _an_index_in_another_direction(kind: str, opened: Patient) -> Damage:
    old, new = opened.random.choice(
        (("created_at DESC", "created_at"), ("(price DESC", "(price"), ("(city", "(city DESC"))
    )
    return _index(kind, opened, old, new)


@_kind
def _a_plain_index_for_a_unique_one(kind: str, opened: Patient) -> Damage:
    return _index(kind, opened, "WHERE is_vip", "WHERE is_vip", unique=False)


@_kind
def _a_unique_index_for_a_plain_one(kind: str, opened: Patient) -> Damage:
    return _index(kind, opened, "(status, id)", "(status, id)", unique=True)


@_kind
def _an_index_that_is_not_valid(kind: str, opened: Patient) -> Damage:
    name = opened.random.choice([*_INDEXES])
    return _done(
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
    return _done(kind, opened, table, [name], words.format(name=name, table=table))


@_kind
def _a_disabled_trigger(kind: str, opened: Patient) -> Damage:
    return _trigger(kind, opened, 'ALTER TABLE "{table}" DISABLE TRIGGER {name}')


@_kind
def _a_trigger_for_replicas_only(kind: str, opened: Patient) -> Damage:
    return _trigger(kind, opened, 'ALTER TABLE "{table}" ENABLE REPLICA TRIGGER {name}')


@_kind
def _a_dropped_trigger(kind: str, opened: Patient) -> Damage:
    return _trigger(kind, opened, 'DROP TRIGGER {name} ON "{table}"')


def _trigger_anew(kind: str, opened: Patient, *changes: tuple[str, str, str]) -> Damage:
    name, old, new = opened.random.choice(changes)
    query = "SELECT pg_get_triggerdef(oid) FROM pg_trigger WHERE tgname = %s"
    definition = str(opened.one(query, name))
    if old not in definition:
        raise LookupError(f"{old} is not in {definition}")
    table = _TRIGGERS[name]
    return _done(
        kind,
        opened,
        table,
        [name],
        f'DROP TRIGGER {name} ON "{table}"',
        definition.replace(old, new),
    )


@_kind
def _a_trigger_on_another_event(kind: str, opened: Patient) -> Damage:
    return _trigger_anew(
        kind,
        opened,
        ("line_added", "INSERT", "UPDATE"),
        ("line_added", "INSERT", "INSERT OR DELETE"),
        ("paid", "UPDATE OF status", "UPDATE OF total"),
        ("paid", "UPDATE OF status", "UPDATE"),
    )


@_kind
def _a_trigger_with_another_condition(kind: str, opened: Patient) -> Damage:
    return _trigger_anew(
        kind,
        opened,
        ("paid", "'paid'", "'sent'"),
        ("customer_kept", "WHEN (old.is_vip)", "WHEN (NOT old.is_vip)"),
    )


@_kind
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
    return _done(kind, opened, _TRIGGERS[name], [name], definition.replace(old, new))


# Views.


def _view(kind: str, opened: Patient, *changes: tuple[str, str, str]) -> Damage:
    name, old, new = opened.random.choice(changes)
    definition = str(opened.one("SELECT pg_get_viewdef(%s::regclass)", name))
    # PostgreSQL 15 writes the table before each column of the only one.
    definition = re.sub(r'("order"|customer|product)\.', "", definition)
    if old not in definition:
        raise LookupError(f"{old} is not in {definition}")
    statement = f"CREATE OR REPLACE VIEW {name} AS {definition.replace(old, new)}"
    return _done(kind, opened, name, [name], statement)


@_kind
def _a_dropped_view(kind: str, opened: Patient) -> Damage:
    name = opened.random.choice(VIEWS)
    return _done(kind, opened, name, [name], f"DROP VIEW {name}")


@_kind
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


@_kind
def _a_view_with_another_column(kind: str, opened: Patient) -> Damage:
    return _view(
        kind,
        opened,
        ("vip", "rating", "rating + 0 AS rating"),
        ("revenue", "count(*)", "count(o.paid_at)"),
        ("revenue", "sum(o.total)", "sum(o.total + 0.01)"),
        ("heavy", "title,", 'initcap(title) COLLATE "C" AS title,'),
    )


@_kind
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
    return _done(
        kind,
        opened,
        table,
        [f"{_SERIALS[table]}.id", name.partition(".")[2]],
        words.format(name=name, table=table),
    )


@_kind
def _a_sequence_behind(kind: str, opened: Patient) -> Damage:
    by = opened.random.choice((1, 2, 10))
    words = f"SELECT setval('{{name}}', (SELECT last_value - {by} FROM {{name}}))"
    return _sequence(kind, opened, words)


@_kind
def _a_sequence_at_its_start(kind: str, opened: Patient) -> Damage:
    return _sequence(kind, opened, "ALTER SEQUENCE {name} RESTART")


@_kind
def _a_sequence_with_another_step(kind: str, opened: Patient) -> Damage:
    return _sequence(kind, opened, "ALTER SEQUENCE {name} INCREMENT 10")


@_kind
def _a_sequence_that_ends_soon(kind: str, opened: Patient) -> Damage:
    return _sequence(kind, opened, "ALTER SEQUENCE {name} MAXVALUE 99999")


@_kind
def _a_sequence_that_nothing_uses(kind: str, opened: Patient) -> Damage:
    return _sequence(kind, opened, 'ALTER TABLE "{table}" ALTER id DROP DEFAULT')


@_kind
def _a_sequence_without_an_owner(kind: str, opened: Patient) -> Damage:
    return _sequence(kind, opened, "ALTER SEQUENCE {name} OWNED BY NONE")
