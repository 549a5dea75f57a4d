"""Kinds of damage to CHECKs, keys and foreign keys."""

from __future__ import annotations

from collections.abc import Callable

from torture.damage.injuring import Damage, Kind, NoPlaceError, Patient, listed
from torture.damage.objects import column_place, done

KEYS: dict[str, Kind] = {}
_damage = listed(KEYS)

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

_UNIQUES = {
    "customer_email_key": ("customer", "email", "Customer.email"),
    "order_customer_id_ordered_at_key": (
        "order",
        "customer_id, ordered_at",
        "Order.customer_id,ordered_at",
    ),
}


def _check(opened: Patient) -> tuple[str, str, list[str], str]:
    (table, name), (where, weaker) = opened.random.choice([*_CHECKS.items()])
    return table, name, [where, f"{opened.table(table).source}.{name}"], weaker


@_damage
def _a_dropped_check(kind: str, opened: Patient) -> Damage:
    table, name, where, _ = _check(opened)
    return done(kind, opened, table, where[:1], f'ALTER TABLE "{table}" DROP CONSTRAINT {name}')


@_damage
def _a_weakened_check(kind: str, opened: Patient) -> Damage:
    table, name, where, weaker = _check(opened)
    return done(
        kind,
        opened,
        table,
        where,
        f'ALTER TABLE "{table}" DROP CONSTRAINT {name}',
        f'ALTER TABLE "{table}" ADD CONSTRAINT {name} CHECK ({weaker})',
    )


@_damage
def _a_check_not_valid(kind: str, opened: Patient) -> Damage:
    table, name, where, _ = _check(opened)
    query = "SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conname = %s"
    definition = opened.one(query, name)
    return done(
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
    where = [column_place(opened, table, column)]
    return done(kind, opened, table, where, *statements)


@_damage
def _a_dropped_foreign_key(kind: str, opened: Patient) -> Damage:
    return _foreign_key(kind, opened, None)


@_damage
def _another_on_delete(kind: str, opened: Patient) -> Damage:
    def changed(says: str) -> str:
        head, _, tail = says.partition(" ON DELETE ")
        was = tail or "NO ACTION"
        actions = ("CASCADE", "SET NULL", "RESTRICT", "NO ACTION", "SET DEFAULT")
        action = opened.random.choice([each for each in actions if each != was])
        return f"{head} ON DELETE {action}"

    return _foreign_key(kind, opened, changed, containing=" ON DELETE ")


@_damage
def _another_on_update(kind: str, opened: Patient) -> Damage:
    def changed(says: str) -> str:
        return says.replace("ON UPDATE CASCADE", opened.random.choice(("", "ON UPDATE SET NULL")))

    return _foreign_key(kind, opened, changed, containing="ON UPDATE")


@_damage
def _a_foreign_key_not_valid(kind: str, opened: Patient) -> Damage:
    return _foreign_key(kind, opened, lambda says: f"{says} NOT VALID")


@_damage
def _a_foreign_key_checked_at_once(kind: str, opened: Patient) -> Damage:
    def changed(says: str) -> str:
        return says.replace("INITIALLY DEFERRED", "").replace(
            "DEFERRABLE", opened.random.choice(("", "DEFERRABLE"))
        )

    return _foreign_key(kind, opened, changed, containing="DEFERRED")


@_damage
def _a_foreign_key_whose_triggers_are_disabled(kind: str, opened: Patient) -> Damage:
    table, column = opened.random.choice([*_FOREIGN_KEYS])
    if table == "product":
        raise NoPlaceError  # both of its ends are there
    where = [column_place(opened, table, column)]
    name = opened.one(
        "SELECT tgname FROM pg_trigger t JOIN pg_constraint c ON c.oid = tgconstraint"
        " WHERE conname = %s AND tgrelid = conrelid ORDER BY tgname LIMIT 1",
        f"{table}_{column}_fkey",
    )
    statement = f'ALTER TABLE "{table}" DISABLE TRIGGER "{name}"'
    return done(kind, opened, table, where, statement)


@_damage
def _a_dropped_unique(kind: str, opened: Patient) -> Damage:
    name = opened.random.choice([*_UNIQUES])
    table, _, where = _UNIQUES[name]
    return done(kind, opened, table, [where], f'ALTER TABLE "{table}" DROP CONSTRAINT {name}')


@_damage
def _a_unique_of_more_columns(kind: str, opened: Patient) -> Damage:
    name = opened.random.choice([*_UNIQUES])
    table, columns, where = _UNIQUES[name]
    return done(
        kind,
        opened,
        table,
        [where],
        f'ALTER TABLE "{table}" DROP CONSTRAINT {name}',
        f'ALTER TABLE "{table}" ADD CONSTRAINT {name} UNIQUE ({columns}, id)',
    )


@_damage
def _a_unique_checked_late(kind: str, opened: Patient) -> Damage:
    name = opened.random.choice([*_UNIQUES])
    table, columns, where = _UNIQUES[name]
    return done(
        kind,
        opened,
        table,
        [where, f"{opened.table(table).source}.{name}"],
        f'ALTER TABLE "{table}" DROP CONSTRAINT {name}',
        f'ALTER TABLE "{table}" ADD CONSTRAINT {name} UNIQUE ({columns}) DEFERRABLE',
    )


@_damage
def _a_dropped_primary_key(kind: str, opened: Patient) -> Damage:
    table = opened.random.choice(("line", "device", "moment", "document", "empty"))
    key = ",".join(opened.table(table).key)
    statement = f"ALTER TABLE {table} DROP CONSTRAINT {table}_pkey"
    return done(kind, opened, table, [f"{table}.{key}"], statement)


@_damage
def _a_primary_key_in_another_order(kind: str, opened: Patient) -> Damage:
    table, columns = opened.random.choice(
        (("line", "number, order_id"), ("device", "seen_on, uid"))
    )
    key = ",".join(opened.table(table).key)
    return done(
        kind,
        opened,
        table,
        [f"{table}.{key}"],
        f"ALTER TABLE {table} DROP CONSTRAINT {table}_pkey",
        f"ALTER TABLE {table} ADD PRIMARY KEY ({columns})",
    )
