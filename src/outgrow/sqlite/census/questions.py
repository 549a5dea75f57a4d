"""Which columns are worth asking about dates, JSON, decimals, UUIDs and booleans.

Only a question that is asked costs time; a question too many never changes an answer.
"""

from __future__ import annotations

import re
from enum import Enum, auto

from outgrow.model.census import ColumnFacts
from outgrow.model.source import SourceColumn, SourceTable
from outgrow.sqlite.census.decimals import sample_scale
from outgrow.sqlite.census.samples import sample_texts
from outgrow.sqlite.census.scan import Scan

#: Doubles that came from a measurement need about as many decimals as a double has digits.
_DECIMAL_LOOK = 12
#: A few stray values don't hide that a column holds nothing but 0 and 1.
_BOOLEAN_SHARE = 0.9


class Question(Enum):
    """What a column can be asked."""

    TIME = auto()
    JSON = auto()
    DECIMAL = auto()
    UUID = auto()
    BOOLEAN = auto()


_WORDS = {
    Question.TIME: re.compile(r"date|time|(^|_)(at|on|day|created|updated|modified)($|_)|8601"),
    Question.JSON: re.compile(r"json"),
    Question.DECIMAL: re.compile(
        r"dec|numeric|money|currency|price|cost|amount|total|fee|balance|salary|rate|usd|eur"
    ),
    Question.UUID: re.compile(r"uuid|guid|uniqueidentifier"),
    Question.BOOLEAN: re.compile(r"bool|(^|_)(is|has|can|flag|enabled|active|deleted)($|_)"),
}
_LOOKS = {
    Question.TIME: re.compile(r"\d{4}-\d\d-\d\d"),
    Question.JSON: re.compile(r"\s*[\[{]"),
    Question.UUID: re.compile(r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}"),
}
_FOR_TEXT = (Question.TIME, Question.JSON, Question.UUID)


def questions_about(scan: Scan, columns: list[ColumnFacts]) -> dict[str, set[Question]]:
    """Say for each column what to ask."""
    return {facts.column: _asked(scan, facts) for facts in columns}


def _asked(scan: Scan, facts: ColumnFacts) -> set[Question]:
    words = _words(scan.table, scan.table.column(facts.column))
    hinted = {question for question, pattern in _WORDS.items() if pattern.search(words)}
    asked: set[Question] = set()
    if facts.texts:
        sample = sample_texts(scan, facts.column)
        asked |= hinted & set(_FOR_TEXT)
        asked |= {question for question in _FOR_TEXT if _is_suggested(question, sample)}
    if facts.reals or (facts.integers and Question.DECIMAL in hinted):
        scale = sample_scale(scan, facts.column)
        if Question.DECIMAL in hinted or (scale is not None and scale <= _DECIMAL_LOOK):
            asked.add(Question.DECIMAL)
    mostly = facts.integers and facts.zero_or_one >= _BOOLEAN_SHARE * facts.integers
    if facts.integers and (Question.BOOLEAN in hinted or mostly):
        asked.add(Question.BOOLEAN)
    return asked


def _is_suggested(question: Question, sample: list[str]) -> bool:
    """Whether enough of a sample looks like it; one is enough where the looks are telling."""
    seen = sum(bool(_LOOKS[question].match(text)) for text in sample)
    return seen > (len(sample) // 10 if question is Question.JSON else 0)


def _words(table: SourceTable, column: SourceColumn) -> str:
    """All that people wrote about a column, in lower case; camelCase counts as words."""
    parts = [re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", column.name), column.declared, column.comment]
    if column.default is not None:
        parts.append(column.default.sql)
    parts += [check.expression.sql for check in table.checks if check.column == column.name]
    return "\n".join(parts).lower()
