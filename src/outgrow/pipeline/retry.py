"""``outgrow quarantine retry``: what was set aside goes back to where it now fits.

Everything happens in one transaction, each entry in a savepoint of its own. A value is put back
only where the mark that the migration left (U+FFFD, or NULL) still stands, and only if PostgreSQL
then gives back exactly what SQLite held.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

import psycopg
from psycopg import errors

from outgrow.load.aside import REPLACEMENT, mend
from outgrow.load.returning import NAME, Column, Converter, DoesNotFit, stored_value
from outgrow.model.types import Kind
from outgrow.pipeline.quarantine import Shelf
from outgrow.pipeline.result import Json
from outgrow.pipeline.retry_tables import TargetTable, not_valid, target_table, triggers_off
from outgrow.postgres import identifiers
from outgrow.sqlite.document import Stored, read_document
from outgrow.verify.canonical import Reading, reading
from outgrow.verify.tables import UTF8, file_encoding

#: How long a lock may be waited for, so that an application is never stopped for longer.
LOCK_TIMEOUT = "10s"


def quote(name: str) -> str:
    """Write a name in a statement with parameters, where psycopg reads a % as their mark."""
    return identifiers.quote(name).replace("%", "%%")


#: A blob in a key.
_BLOB = re.compile("x'((?:[0-9A-F]{2})*)'")


class Fate(StrEnum):
    """What became of an entry."""

    RESTORED = "restored"
    WAITING = "waiting"
    CHANGED = "changed"
    GONE = "gone"
    UNCLEAR = "unclear"


@dataclass(frozen=True, slots=True)
class Told:
    """An entry and what became of it; ``why`` and ``fix`` are empty where it was put back."""

    id: int
    table: str
    column: str | None
    key: str
    fate: Fate
    why: str = ""
    fix: str = ""

    def as_json(self) -> Json:
        """Give it as JSON's types."""
        return {
            "id": self.id,
            "table": self.table,
            "column": self.column,
            "key": self.key,
            "outcome": self.fate.value,
            "reason": self.why,
            "fix": self.fix,
        }


@dataclass(frozen=True, slots=True)
class Retried:
    """What a retry came to. ``validate`` are statements that now may succeed."""

    told: tuple[Told, ...]
    validate: tuple[str, ...]

    @property
    def restored(self) -> int:
        """How many entries were put back."""
        return sum(each.fate is Fate.RESTORED for each in self.told)

    @property
    def rest(self) -> tuple[Told, ...]:
        """The entries that are still in quarantine."""
        return tuple(each for each in self.told if each.fate is not Fate.RESTORED)


class _NotNow(Exception):
    """An entry can't be put back, and the server had no say in it."""

    def __init__(self, fate: Fate, why: str, fix: str = "") -> None:
        super().__init__(why)
        self.fate = fate
        self.fix = fix


@dataclass(frozen=True, slots=True)
class _Waiting:
    """An entry that was not put back yet; ``digest`` stands for its original."""

    id: int
    table: str
    column: str | None
    key: str
    action: str
    storage: str
    encoding: str
    digest: str


def retry(shelf: Shelf) -> Retried:
    """Put back what fits; the caller holds the migration lock.

    Raises:
        psycopg.Error: a table can't be locked or altered, or the connection is lost; then nothing
            was put back.

    """
    connection = shelf.connection
    with connection.transaction():
        connection.execute(f"SET LOCAL lock_timeout = '{LOCK_TIMEOUT}'")
        waiting = _waiting(shelf)
        tables = {
            name: target_table(connection, shelf.schema, name)
            for name in sorted({each.table for each in waiting})
        }
        present = [table for table in tables.values() if table.columns]
        work = _Retry(shelf, tables, _alike(waiting))
        with triggers_off(connection, present):
            told = work.run(waiting)
        changed = {each.table for each in told if each.fate is Fate.RESTORED}
        touched = [table for table in present if table.name in changed]
        return Retried(told, tuple(not_valid(connection, touched)))


def _waiting(shelf: Shelf) -> list[_Waiting]:
    rows = shelf.connection.execute(
        "SELECT id, table_name, column_name, key, action, storage_class, encoding, md5(original) "
        f"FROM outgrow.quarantine AS q {shelf.where} AND restored IS NULL "
        "ORDER BY id FOR UPDATE OF q",
        shelf.parameters,
    )
    return [_Waiting(*row) for row in rows]


def _alike(waiting: Iterable[_Waiting]) -> Counter[tuple[str, ...]]:
    """Count the entries that nothing tells apart, for tables without a key."""
    return Counter(map(_likeness, waiting))


def _likeness(each: _Waiting) -> tuple[str, ...]:
    return each.table, each.column or "", each.action, each.storage, each.encoding, each.digest


@dataclass(slots=True)
class _Retry:
    shelf: Shelf
    tables: Mapping[str, TargetTable]
    alike: Counter[tuple[str, ...]]
    converters: dict[str, Converter] = field(default_factory=dict)

    def run(self, waiting: list[_Waiting]) -> tuple[Told, ...]:
        """Try each entry; what misses a parent again, for as long as parents arrive."""
        told: dict[int, Told] = {}
        # The other entries of a row name it by the key that it still has.
        again = sorted(waiting, key=self._is_of_key)
        while again:
            orphans = []
            before = sum(each.fate is Fate.RESTORED for each in told.values())
            for each in again:
                try:
                    told[each.id] = self._try(each)
                except errors.ForeignKeyViolation as error:
                    told[each.id] = _refused(each, error)
                    orphans.append(each)
            progress = sum(each.fate is Fate.RESTORED for each in told.values()) > before
            again = orphans if progress else []
        for converter in self.converters.values():
            converter.close()
        return tuple(told[each.id] for each in waiting)

    def _is_of_key(self, each: _Waiting) -> bool:
        columns = self.tables[each.table].columns
        names = {columns[name].name for name in _key_of(each) if name in columns}
        return each.column in names

    def _try(self, each: _Waiting) -> Told:
        place = (each.id, each.table, each.column, each.key)
        try:
            with self.shelf.connection.transaction():
                self._put_back(each)
        except _NotNow as reason:
            return Told(*place, reason.fate, str(reason), reason.fix)
        except DoesNotFit as reason:
            return Told(*place, Fate.WAITING, str(reason), reason.fix)
        except errors.ForeignKeyViolation:
            raise
        except (
            psycopg.DataError,
            errors.IntegrityError,
            errors.ProgrammingError,
            errors.ProgramLimitExceeded,
            errors.RaiseException,
        ) as error:
            return _refused(each, error)
        return Told(*place, Fate.RESTORED)

    def _put_back(self, each: _Waiting) -> None:
        table = self.tables[each.table]
        if not table.columns:
            raise _NotNow(Fate.GONE, "the table is gone", "make it again, or export the entry")
        original = self._original(each)
        if each.column is None:
            self._insert(table, each, original)
        else:
            self._update(table, each, original)
        self.shelf.connection.execute(
            "UPDATE outgrow.quarantine SET restored = clock_timestamp() WHERE id = %s", (each.id,)
        )

    def _original(self, each: _Waiting) -> bytes:
        row = self.shelf.connection.execute(
            "SELECT original FROM outgrow.quarantine WHERE id = %s", (each.id,), binary=True
        ).fetchone()
        return bytes(row[0]) if row and row[0] is not None else b""

    def _converter(self, encoding: str) -> Converter:
        if encoding not in self.converters:
            made = self.converters[encoding] = Converter(encoding)
            file_encoding(made.connection)
        return self.converters[encoding]

    def _insert(self, table: TargetTable, each: _Waiting, original: bytes) -> None:
        try:
            row = read_document(original, each.encoding)
        except (ValueError, TypeError) as error:
            why = f"the kept row can't be read: {error}"
            raise _NotNow(Fate.WAITING, why, "mend its original in outgrow.quarantine") from None
        for source, kept in row.items():
            if source not in table.columns and kept.value is not None:
                why = f"the column of {source} is gone"
                raise _NotNow(Fate.WAITING, why, "add the column again, or make the value null")
        columns = [
            (column, kept)
            for source, kept in row.items()
            if (column := table.columns.get(source)) and not column.generated
        ]
        sent = [self._sent(column, kept, each.encoding) for column, kept in columns]
        names = ", ".join(quote(column.name) for column, _ in columns)
        marks = ", ".join(mark for mark, _, _ in sent)
        statement = (
            f"INSERT INTO {_place_of(table)} ({names}) OVERRIDING SYSTEM VALUE VALUES ({marks})"
        )
        self._run(statement, [value for _, value, _ in sent], columns, [s for _, _, s in sent])

    def _update(self, table: TargetTable, each: _Waiting, original: bytes) -> None:
        column = next((c for c in table.columns.values() if c.name == each.column), None)
        if column is None:
            raise _NotNow(Fate.GONE, "the column is gone", "add it again, or export the entry")
        kept = stored_value(original, each.storage, each.encoding)
        mark, value, ours = self._sent(column, kept, each.encoding)
        place = self._place(table, column, each, original)
        statement = (
            f"UPDATE {_place_of(table)} SET {quote(column.name)} = {mark} WHERE ctid = %s::tid"
        )
        self._run(statement, [value, place], [(column, kept)], [ours])

    def _sent(
        self, column: Column, kept: Stored, encoding: str
    ) -> tuple[str, str | bytes | None, tuple[object, ...]]:
        """Give placeholder, parameter, and what the column has to give back."""
        converter = self._converter(encoding)
        value = converter.parameter(kept, column)
        read = _reading(column, encoding)
        ours = tuple(converter.ask(sql) for sql in read.source) if read else ()
        return ("%b" if isinstance(value, bytes) else "%s"), value, ours

    def _run(
        self,
        statement: str,
        parameters: list[str | bytes | None],
        columns: list[tuple[Column, Stored]],
        expected: list[tuple[object, ...]],
    ) -> None:
        """Run a statement and read back what it wrote; raises DoesNotFit where that differs."""
        encodings = [_reading(column, "UTF-8") for column, _ in columns]
        wanted = [sql.replace("%", "%%") for read in encodings if read for sql in read.target]
        returning = f" RETURNING {', '.join(wanted)}" if wanted else ""
        cursor = self.shelf.connection.execute(statement + returning, parameters)
        row = cursor.fetchone() if wanted else ()
        assert row is not None
        start = 0
        for (column, _), read, ours in zip(columns, encodings, expected, strict=True):
            if read is None:
                continue
            theirs = row[start : start + len(read.target)]
            start += len(read.target)
            if not read.equal(ours, theirs):
                why = f"{column.name} is {column.spelled}, and would hold another value"
                raise DoesNotFit(why, "alter the column to a type that holds it exactly")

    def _place(self, table: TargetTable, column: Column, each: _Waiting, original: bytes) -> str:
        """Find the one row that still bears the mark of the migration; gives its ctid."""
        key, parameters = self._key(table, each)
        marked, mark = _mark(column, each, original, keyed=bool(key))
        terms = " AND ".join([*key, marked])
        alike = 1 if key else self.alike[_likeness(each)]
        found = self._find(table, terms, [*parameters, *mark], alike + 1)
        if 1 <= len(found) <= alike:
            self.alike[_likeness(each)] -= 1
            return found[0]
        if found:
            why = (
                "several rows have this key"
                if key
                else "the table has no key, and several rows could be the one"
            )
            raise _NotNow(Fate.UNCLEAR, why, "export the entry and mend the row by hand")
        if key and self._find(table, " AND ".join(key), parameters, 1):
            why = "the value was changed since the migration, and is left alone"
            raise _NotNow(Fate.CHANGED, why)
        raise _NotNow(Fate.GONE, "the row is gone, or has another key")

    def _find(self, table: TargetTable, terms: str, parameters: list[Any], limit: int) -> list[str]:
        rows = self.shelf.connection.execute(
            f"SELECT ctid::text FROM {_place_of(table)} WHERE {terms} LIMIT {limit} FOR UPDATE",
            parameters,
        )
        return [ctid for (ctid,) in rows]

    def _key(self, table: TargetTable, each: _Waiting) -> tuple[list[str], list[Any]]:
        """Write the condition for the row's key; none where it is SQLite's row id."""
        key = _key_of(each)
        if any(name not in table.columns for name in key):
            return [], []
        terms: list[str] = []
        parameters: list[Any] = []
        for name, text in key.items():
            column = table.columns[name]
            if text is None:
                terms.append(f"{quote(column.name)} IS NULL")
                continue
            if column.type and column.type.kind is Kind.BYTEA:
                # A key that was repaired as a text may be bytes since.
                terms.append(f"{quote(column.name)} IN (%b, %b)")
                parameters += [_key_bytes(text), _key_bytes(_mended(text))]
            else:
                terms.append(f"{quote(column.name)} = %s::{column.spelled.replace('%', '%%')}")
                parameters.append(self._key_value(column, text, each.encoding))
        return terms, parameters

    def _key_value(self, column: Column, text: str, encoding: str) -> str | bytes | None:
        """Give a key's text for comparison: epochs as the times they became."""
        if column.type and column.type.shape and column.type.shape.is_epoch:
            return self._converter(encoding).parameter(Stored("integer", int(text)), column)
        return _mended(text)


def _key_of(each: _Waiting) -> dict[str, Any]:
    """Give the texts of a row's key by SQLite's names of its columns; none if it is no object."""
    try:
        key = json.loads(each.key)
    except ValueError:
        return {}
    return key if isinstance(key, dict) else {}


def _mended(text: str) -> str:
    """Give a key as it stands where PostgreSQL could not hold it."""
    return text.replace("\0", REPLACEMENT)


def _key_bytes(text: str) -> bytes:
    blob = _BLOB.fullmatch(text)
    return bytes.fromhex(blob[1]) if blob else text.encode(errors="surrogatepass")


def _place_of(table: TargetTable) -> str:
    return f"{quote(table.schema)}.{quote(table.name)}"


def _mark(column: Column, each: _Waiting, original: bytes, *, keyed: bool) -> tuple[str, list[str]]:
    """Write the condition that the mark is still there, and its parameters.

    With a key any U+FFFD will do, because a person may have mended the original.
    """
    name = quote(column.name)
    if each.action != "repaired":
        return f"{name} IS NULL", []
    is_bytes = column.type is not None and column.type.kind is Kind.BYTEA
    sent = "convert_to(%s, 'UTF8')" if is_bytes else "%s"
    value = name if is_bytes else f"{name}::text"
    if keyed:
        return f"position({sent} IN {value}) > 0", [REPLACEMENT]
    return f"{value} = {sent}", [mend(original, each.encoding)]


def _reading(column: Column, encoding: str) -> Reading | None:
    """How verification reads the column; ``None`` for a type that outgrow never gives."""
    if column.type is None:
        return None
    utf8 = "" if encoding.upper() == "UTF-8" else UTF8
    name = identifiers.quote(column.name)
    return reading(column.source, column.type, NAME, name, utf8=utf8)


def _refused(each: _Waiting, error: psycopg.Error) -> Told:
    said = " ".join((error.diag.message_primary or str(error)).split())
    detail = " ".join((error.diag.message_detail or "").split())
    fix = ""
    if isinstance(error, errors.ForeignKeyViolation):
        fix = "put the parent row back first"
    elif isinstance(error, errors.UniqueViolation):
        fix = "remove or renumber the row that is in its place, or keep that one"
    elif isinstance(error, errors.CheckViolation | errors.NotNullViolation):
        fix = "mend the kept row, or the constraint"
    why = f"{said} ({detail})" if detail else said
    return Told(each.id, each.table, each.column, each.key, Fate.WAITING, why, fix)
