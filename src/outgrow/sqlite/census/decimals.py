"""REAL and INTEGER values as decimals: how many digits hold every one of them exactly."""

from __future__ import annotations

from collections.abc import Sequence

from outgrow.model.census import ColumnFacts, DecimalFacts, Example
from outgrow.sqlite.census.examples import most_frequent
from outgrow.sqlite.census.scan import Scan

#: Decimals that are tried; a value that needs more is no decimal number that anyone wrote.
MAX_SCALE = 20

_SAMPLE_ROWS = 300
_NONE = MAX_SCALE + 1


def sample_scale(scan: Scan, column: str) -> int | None:
    """Give the decimals that some of the REAL values need; ``None`` if no scale is enough."""
    name = scan.column(column)
    sample = f"SELECT {name} AS v FROM {scan.origin} WHERE typeof({name}) = 'real'"
    ladder = f"max({_ladder('v', 0)})"
    (found,) = next(scan.rows(f"SELECT {ladder} FROM ({sample} LIMIT {_SAMPLE_ROWS})"))
    return None if found == _NONE else int(found or 0)


def count_decimals(scan: Scan, columns: Sequence[ColumnFacts]) -> dict[str, DecimalFacts]:
    """Find the smallest scale at which every value comes back as an equal number."""
    guesses = {facts.column: sample_scale(scan, facts.column) for facts in columns}
    fits = scan.count(
        {
            column: f"count(*) FILTER (WHERE {_is_real(scan, column)} "
            f"AND {_fits(scan.column(column), guess)})"
            for column, guess in guesses.items()
            if guess is not None
        }
    )
    scales = {
        facts.column: guesses[facts.column]
        for facts in columns
        if fits.get(facts.column) == facts.reals
    }
    open_columns = [
        facts
        for facts in columns
        if facts.column not in scales and guesses[facts.column] is not None
    ]
    raised = scan.count(
        {
            facts.column: f"max({_ladder(scan.column(facts.column), guesses[facts.column] or 0)}) "
            f"FILTER (WHERE {_is_real(scan, facts.column)})"
            for facts in open_columns
        }
    )
    scales |= {column: None if found == _NONE else found for column, found in raised.items()}
    return {facts.column: _facts(scan, facts, scales.get(facts.column)) for facts in columns}


def _facts(scan: Scan, facts: ColumnFacts, scale: int | None) -> DecimalFacts:
    examples: tuple[Example, ...] = ()
    if scale is None:
        name = scan.column(facts.column)
        misfits = f"{_is_real(scan, facts.column)} AND NOT {_fits(name, MAX_SCALE)}"
        examples = most_frequent(scan, facts.column, misfits, text=False)
    return DecimalFacts(_integer_digits(scan, facts), scale, examples)


def _integer_digits(scan: Scan, facts: ColumnFacts) -> int:
    """Give the digits before the point of the largest number that is not an infinity."""
    extremes = [facts.min_integer, facts.max_integer, facts.min_real, facts.max_real]
    if facts.infinities:
        name = scan.column(facts.column)
        finite = f"{_is_real(scan, facts.column)} AND abs({name}) < 9e999"
        answers = scan.count({"min": f"min({name})", "max": f"max({name})"}, where=finite)
        extremes[2:] = answers.values()
    return max((len(str(abs(int(value)))) for value in extremes if value is not None), default=1)


def _is_real(scan: Scan, column: str) -> str:
    return f"typeof({scan.column(column)}) = 'real'"


def _fits(value: str, scale: int) -> str:
    """Write the proof that a scale is enough.

    The ``!`` gives more than 16 digits (https://www.sqlite.org/printf.html).
    """
    return f"CAST(printf('%!.{scale}f', {value}) AS REAL) = {value}"


def _ladder(value: str, first: int) -> str:
    """Write the smallest scale that fits. A scale that fits makes every larger one fit."""
    steps = " ".join(f"WHEN {_fits(value, scale)} THEN {scale}" for scale in range(first, _NONE))
    return f"CASE {steps} ELSE {_NONE} END"
