"""Line breaks in the queries of a schema file change nothing that means something."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from outgrow.pipeline.sql_lines import one_line, with_line_breaks

_LONG = ", ".join(f"a_long_column_name_{number}" for number in range(8))


def test_clauses_and_long_lists_begin_lines() -> None:
    query = (
        f"SELECT {_LONG} FROM t LEFT OUTER JOIN u ON t.a IS DISTINCT FROM u.a "
        "WHERE a IN (SELECT b FROM v WHERE c) GROUP BY a ORDER BY a"
    )
    assert with_line_breaks(query).splitlines() == [
        "SELECT a_long_column_name_0,",
        *(f"    a_long_column_name_{number}," for number in range(1, 7)),
        "    a_long_column_name_7",
        "FROM t",
        "LEFT OUTER JOIN u ON t.a IS DISTINCT FROM u.a",
        "WHERE a IN (SELECT b FROM v WHERE c)",
        "GROUP BY a",
        "ORDER BY a",
    ]


@pytest.mark.parametrize(
    "text", ["'x FROM  y'", '"x FROM  y"', "E'\\' FROM  '", "'it''s FROM  '", "$$ FROM  $$"]
)
def test_what_stands_in_quotes_stays(text: str) -> None:
    query = f"SELECT {text}, {_LONG} FROM t"
    assert text in with_line_breaks(query)


_PIECES = st.sampled_from(
    ["a", "é FROM", '"FROM ,"', "' WHERE ,'", "f(a, b)", "(SELECT x FROM y)", "1.5e3", "t.c", _LONG]
)


@given(st.lists(_PIECES, min_size=1, max_size=5))
def test_only_space_changes(pieces: list[str]) -> None:
    query = f"SELECT {', '.join(pieces)} FROM t WHERE a"
    assert spaced_once(with_line_breaks(query)) == query


def spaced_once(sql: str) -> str:
    """Make one space of all space that stands in no quotes."""
    pieces, quoted = [], ""
    for character in sql:
        if quoted:
            quoted = "" if character == quoted else quoted
        elif character in "'\"":
            quoted = character
        elif character.isspace():
            pieces += [] if pieces[-1] == " " else [" "]
            continue
        pieces.append(character)
    return "".join(pieces)


def test_a_comment_is_one_line_for_psql_and_postgresql() -> None:
    assert one_line("a\n\\q\r\v\f\x85\u2028b") == "a \\q b"
