"""Texts that PostgreSQL can't hold, and texts as JSON: looked at in blocks, in C."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import islice

from outgrow.model.census import ColumnFacts, Example
from outgrow.sqlite.census.documents import Documents
from outgrow.sqlite.census.examples import LIMIT, cut, shown
from outgrow.sqlite.census.scan import Scan

#: Half of SQLite's limit on result columns, as JSON takes two.
_COLUMNS_AT_ONCE = 1_000
_BLOCK_ROWS = 2_000
_BLOCK_BYTES = 8 << 20


def audit_texts(
    scan: Scan, columns: list[ColumnFacts], json_columns: set[str]
) -> list[ColumnFacts]:
    """Count NUL characters and invalid UTF-8, and classify the JSON of the named columns.

    SQLite stores any bytes as a text; PostgreSQL takes valid UTF-8 without NUL only. Texts that
    are all of one ASCII spelling are not looked at again.
    """
    looked_at = [f for f in columns if f.column in json_columns or not _is_ascii(f)]
    watched = iter([facts for facts in looked_at if facts.texts])
    documents = {facts.column: Documents() for facts in columns if facts.column in json_columns}
    suspects: set[str] = set()
    while group := list(islice(watched, _COLUMNS_AT_ONCE)):
        suspects |= _suspects(scan, group, documents)
    audited = []
    for facts in columns:
        checked = _located(scan, facts) if facts.column in suspects else facts
        if facts.column in documents:
            checked = replace(checked, json=documents[facts.column].facts(facts.texts))
        audited.append(checked)
    return audited


def _is_ascii(facts: ColumnFacts) -> bool:
    """Whether every text is proved to be a date, a time or a UUID."""
    is_time = facts.times is not None and not facts.times.misfits
    return is_time or facts.uuids == facts.values


def _suspects(scan: Scan, columns: list[ColumnFacts], documents: dict[str, Documents]) -> set[str]:
    """Name the columns with a bad text; the JSON is read on the same way."""
    suspects: set[str] = set()
    select = ", ".join(_outputs(scan, columns, documents))
    largest = sum(facts.max_bytes for facts in columns)
    block_rows = max(1, min(_BLOCK_ROWS, _BLOCK_BYTES // max(1, largest)))
    statement = f"SELECT {select} FROM {scan.origin}"
    for block in scan.blocks(statement, block_rows=block_rows):
        outputs = iter(zip(*block, strict=True))
        for facts in columns:
            texts = next(outputs)
            if facts.column not in suspects and not _are_good(texts, scan.codec):
                suspects.add(facts.column)
            if facts.column in documents:
                documents[facts.column].read(texts, next(outputs), scan.codec)
    return suspects


def _outputs(
    scan: Scan, columns: list[ColumnFacts], documents: dict[str, Documents]
) -> Iterator[str]:
    for facts in columns:
        name = scan.column(facts.column)
        raw = f"CAST({name} AS BLOB)"
        only_texts = facts.texts == facts.values
        yield raw if only_texts else f"CASE WHEN typeof({name}) = 'text' THEN {raw} END"
        if facts.column in documents:
            yield f"typeof({name}) = 'text' AND json_valid({name})"


def _are_good(texts: tuple[bytes | None, ...], codec: str) -> bool:
    """Decode a block at once: a line end between two texts leaves each as valid as it was."""
    joined = "\n".encode(codec).join(filter(None, texts))
    try:
        return "\0" not in joined.decode(codec)
    except UnicodeDecodeError:
        return False


@dataclass(slots=True)
class _Bad:
    nul: int = 0
    invalid: int = 0


def _located(scan: Scan, facts: ColumnFacts) -> ColumnFacts:
    """Count the bad texts of a column that has some, one by one, and keep a few with their keys."""
    name = scan.column(facts.column)
    bad = _Bad()
    examples: list[Example] = []
    select = f"SELECT CAST({name} AS BLOB), {scan.key()} FROM {scan.origin}"
    for raw, key in scan.rows(f"{select} WHERE typeof({name}) = 'text'", block_rows=100):
        has_nul, is_invalid = "\0" in scan.decode(raw), _is_invalid(raw, scan.codec)
        bad.nul += has_nul
        bad.invalid += is_invalid
        if (has_nul or is_invalid) and len(examples) < LIMIT:
            examples.append(Example(shown(_readable(raw, scan.codec)), 1, cut(scan.decode(key))))
    return replace(
        facts, texts_with_nul=bad.nul, invalid_utf8=bad.invalid, bad_texts=tuple(examples)
    )


def _is_invalid(raw: bytes, codec: str) -> bool:
    try:
        raw.decode(codec)
    except UnicodeDecodeError:
        return True
    return False


def _readable(raw: bytes, codec: str) -> str:
    return raw.decode(codec, errors="backslashreplace")
