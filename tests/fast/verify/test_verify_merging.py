"""Two streams walked together: whatever the blocks, the same rows are told."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

import apsw
from hypothesis import assume, given
from hypothesis import strategies as st

from outgrow.model.types import Kind, TargetType
from outgrow.verify.canonical import Reading, Row, identical
from outgrow.verify.merging import Alike, Consumed, sort_key, walk

NUMBER = Reading("n", TargetType(Kind.BIGINT), ("n",), ("n",))
DOUBLE = Reading("d", TargetType(Kind.DOUBLE), ("d",), ("d",))


def blocks(rows: list[Row], size: int) -> Iterator[list[Row]]:
    return (rows[start : start + size] for start in range(0, len(rows), size))


def told(ours: list[Row], theirs: list[Row], size: int) -> tuple[Counter[Row], Counter[Row]]:
    """Walk two sorted streams, and count the rows that only one side has."""
    missing: Counter[Row] = Counter()
    extra: Counter[Row] = Counter()

    def step(mine: Row | None, other: Row | None) -> Consumed:
        if other is None or (mine is not None and sort_key(mine, [0]) < sort_key(other, [0])):
            assert mine is not None
            missing[mine] += 1
            return Consumed.OURS
        extra[other] += 1
        return Consumed.THEIRS

    counted = walk(blocks(ours, size), iter(theirs), Alike([NUMBER]), step)
    assert counted == (len(ours), len(theirs))
    return missing, extra


rows = st.lists(st.integers(0, 8).map(lambda number: (number,)), max_size=40).map(sorted)


@given(ours=rows, theirs=rows, size=st.integers(1, 9))
def test_what_only_one_side_has_is_told(ours: list[Row], theirs: list[Row], size: int) -> None:
    missing, extra = told(ours, theirs, size)
    assert missing == Counter(ours) - Counter(theirs)
    assert extra == Counter(theirs) - Counter(ours)


values = (
    st.none()
    | st.booleans()
    | st.integers(-2, 2)
    | st.floats(width=16)
    | st.sampled_from([0.0, -0.0, 1.0])
    | st.text(max_size=1)
    | st.binary(max_size=1)
)


@given(one=values, other=values)
def test_alike_is_identical_in_every_bit_and_type(one: object, other: object) -> None:
    alike = Alike([DOUBLE])
    assert alike([(one,)], [(other,)]) == identical(one, other)
    assert identical(one, one) or one != one  # noqa: PLR0124 - NaN is like nothing


@given(left=values, right=values)
def test_rows_sort_as_sqlite_sorts_them(left: object, right: object) -> None:
    assume(all(not isinstance(each, bool) and each == each for each in (left, right)))  # noqa: PLR0124
    query = "SELECT a FROM (SELECT 0 AS a, ?1 AS b UNION ALL SELECT 1, ?2) ORDER BY b, a"
    first = apsw.Connection(":memory:").execute(query, (left, right)).fetchall()[0][0]
    ordered = sorted([((left,), 0), ((right,), 1)], key=lambda pair: sort_key(pair[0], [0]))
    assert ordered[0][1] == first
