"""Kinds of damage to columns and to tables as a whole."""

from __future__ import annotations

from torture.damage.injuring import Damage, Kind, Patient, listed
from torture.damage.objects import column_place, done, whole

COLUMNS: dict[str, Kind] = {}
_damage = listed(COLUMNS)

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
#: Tables that no other table, index, view or trigger stands on.
_FREE_TABLES = ("reading", "moment", "device", "empty", "document")


# Columns.


@_damage
def _a_dropped_not_null(kind: str, opened: Patient) -> Damage:
    found = opened.run(
        "SELECT relname, attname FROM pg_attribute a JOIN pg_class c ON c.oid = attrelid"
        " WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' AND attnum > 0"
        " AND attnotnull AND NOT EXISTS (SELECT FROM pg_constraint WHERE conrelid = c.oid"
        " AND contype = 'p' AND attnum = ANY (conkey)) ORDER BY 1, 2"
    )
    table, column = opened.random.choice(found)
    statement = f'ALTER TABLE "{table}" ALTER "{column}" DROP NOT NULL'
    return done(kind, opened, table, [column_place(opened, table, column)], statement)


@_damage
def _a_not_null_more(kind: str, opened: Patient) -> Damage:
    table, column = opened.random.choice(_NEVER_NULL)
    statement = f'ALTER TABLE "{table}" ALTER "{column}" SET NOT NULL'
    return done(kind, opened, table, [column_place(opened, table, column)], statement)


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


@_damage
def _a_dropped_default(kind: str, opened: Patient) -> Damage:
    table, column, _ = _default(opened)
    statement = f'ALTER TABLE "{table}" ALTER "{column}" DROP DEFAULT'
    return done(kind, opened, table, [column_place(opened, table, column)], statement)


@_damage
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
    return done(kind, opened, table, [column_place(opened, table, column)], statement)


@_damage
def _another_type(kind: str, opened: Patient) -> Damage:
    table, column = opened.random.choice([*_RETYPED])
    type_ = _RETYPED[table, column]
    statements = [f'ALTER TABLE "{table}" ALTER "{column}" TYPE {type_}']
    if _has_default(opened, table, column):
        statements.insert(0, f'ALTER TABLE "{table}" ALTER "{column}" DROP DEFAULT')
    source = opened.table(table).source
    where = [source, column_place(opened, table, column)]
    return whole(kind, opened, table, where, *statements)


def _has_default(opened: Patient, table: str, column: str) -> bool:
    query = "SELECT atthasdef FROM pg_attribute WHERE attrelid = %s::regclass AND attname = %s"
    return bool(opened.one(query, f'"{table}"', column))


@_damage
def _another_collation(kind: str, opened: Patient) -> Damage:
    table, column = opened.random.choice(_PLAIN_TEXTS)
    collation = opened.random.choice(("ucs_basic", "default"))
    statement = f'ALTER TABLE "{table}" ALTER "{column}" TYPE text COLLATE "{collation}"'
    where = [opened.table(table).source, column_place(opened, table, column)]
    return whole(kind, opened, table, where, statement)


@_damage
def _a_dropped_column(kind: str, opened: Patient) -> Damage:
    table, column = opened.random.choice([*_RETYPED])
    statement = f'ALTER TABLE "{table}" DROP "{column}"'
    return whole(kind, opened, table, [opened.table(table).source], statement)


@_damage
def _a_renamed_column(kind: str, opened: Patient) -> Damage:
    table, column = opened.random.choice([*_RETYPED])
    statement = f'ALTER TABLE "{table}" RENAME "{column}" TO "{column}_old"'
    return whole(kind, opened, table, [opened.table(table).source], statement)


@_damage
def _two_columns_under_each_others_name(kind: str, opened: Patient) -> Damage:
    table, one, other = opened.random.choice(
        (
            ("moment", "plain_at", "iso_at"),
            ("reading", "sensor", "value"),
            ("document", "title", "body"),
        )
    )
    statements = [
        f"ALTER TABLE {table} RENAME {one} TO swapped",
        f"ALTER TABLE {table} RENAME {other} TO {one}",
        f"ALTER TABLE {table} RENAME swapped TO {other}",
    ]
    return whole(kind, opened, table, [opened.table(table).source], *statements)


@_damage
def _a_generated_column_made_a_plain_one(kind: str, opened: Patient) -> Damage:
    statement = "ALTER TABLE product ALTER label DROP EXPRESSION"
    return done(kind, opened, "product", ["Product.label"], statement)


@_damage
def _a_generated_column_of_another_expression(kind: str, opened: Patient) -> Damage:
    statements = (
        "ALTER TABLE product DROP label",
        'ALTER TABLE product ADD label text COLLATE "C"'
        " GENERATED ALWAYS AS (title || ' [' || sku || ']') STORED",
    )
    return whole(kind, opened, "product", ["Product.label"], *statements)


# Tables.


@_damage
def _a_dropped_table(kind: str, opened: Patient) -> Damage:
    table = opened.random.choice(_FREE_TABLES)
    return whole(kind, opened, table, [table], f"DROP TABLE {table}")


@_damage
def _a_renamed_table(kind: str, opened: Patient) -> Damage:
    table = opened.random.choice(_FREE_TABLES)
    return whole(kind, opened, table, [table], f"ALTER TABLE {table} RENAME TO {table}_old")


@_damage
def _an_emptied_table(kind: str, opened: Patient) -> Damage:
    table = opened.random.choice([each for each in _FREE_TABLES if each != "empty"])
    return whole(kind, opened, table, [table], f"TRUNCATE {table}")


@_damage
def _a_table_that_a_crash_would_empty(kind: str, opened: Patient) -> Damage:
    table = opened.random.choice(_FREE_TABLES)
    return whole(kind, opened, table, [table], f"ALTER TABLE {table} SET UNLOGGED")
