"""Small parts of verification: keys of quarantine, ORDER BY of views, the checks that are found."""

from __future__ import annotations

import pytest

from outgrow.model.source import SourceView
from outgrow.model.steps import ObjectKind
from outgrow.verify.differences import TableComparison
from outgrow.verify.objects import all_checks
from outgrow.verify.quarantine import parse_key
from outgrow.verify.view_order import ViewOrder, view_order
from outgrow.verify.view_sources import is_random, may_differ


def test_every_kind_of_object_has_one_check() -> None:
    kinds = [check.KIND for check in all_checks()]
    assert sorted(kinds) == sorted(ObjectKind)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ('{"Id": "5"}', '{"Id":"5"}'),
        ('{"Id": "5"}', '{"Id": 5}'),
        ('{"a": "1", "b": null}', '{"b":null,"a":"1"}'),
        ('{"a": "\\u00e9"}', '{"a": "\N{LATIN SMALL LETTER E WITH ACUTE}"}'),
    ],
)
def test_keys_are_equal_however_they_are_written(one: str, other: str) -> None:
    assert parse_key(one) == parse_key(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ('{"Id": "5"}', '{"Id": "05"}'),
        ('{"Id": "5"}', '{"id": "5"}'),
        ('{"a": null}', '{"a": ""}'),
        ('{"a": null}', "{}"),
        ("no JSON", "not JSON"),
        ("[1]", "[2]"),
    ],
)
def test_other_keys_are_not_equal(one: str, other: str) -> None:
    assert parse_key(one) != parse_key(other)


@pytest.mark.parametrize(
    ("select", "names", "expected"),
    [
        ("SELECT a, b FROM t", "a b", ViewOrder()),
        ("SELECT a, b FROM t ORDER BY b, a", "a b", ViewOrder(True, (1, 0))),
        ("SELECT a, b FROM t ORDER BY 2 DESC", "a b", ViewOrder(True, (1,))),
        ("SELECT a, b FROM t ORDER BY 3", "a b", ViewOrder(True)),
        ('SELECT a, b AS "B c" FROM t ORDER BY "b C" ASC', "a|B c", ViewOrder(True, (1,))),
        ("SELECT t.a, t.b FROM t ORDER BY t.b DESC, t.x", "a b", ViewOrder(True, (1,))),
        (
            "SELECT a, count(*) AS n FROM t GROUP BY a ORDER BY COUNT(*) DESC",
            "a n",
            ViewOrder(True, (1,)),
        ),
        ("SELECT * FROM t ORDER BY t.b", "a b", ViewOrder(True)),
        ("SELECT x.a AS b, x.b AS c FROM x ORDER BY x.b", "b c", ViewOrder(True, (1,))),
        ("SELECT a FROM (SELECT a FROM t ORDER BY a)", "a", ViewOrder()),
        ("SELECT a, a FROM t ORDER BY a", "a a", ViewOrder(True, (0,))),
        ("SELECT a FROM t UNION SELECT b FROM u ORDER BY a", "a", ViewOrder(True, (0,))),
        ("SELECT a FROM t ORDER BY a -- , b\n LIMIT 3, 4", "a", ViewOrder(True, (0,))),
        ("SELECT a FROM t ORDER BY lower(a), a", "a", ViewOrder(True)),
        ("SELECT row_number() OVER (ORDER BY b) AS n FROM t", "n", ViewOrder()),
    ],
)
def test_order_of_views(select: str, names: str, expected: ViewOrder) -> None:
    split = names.split("|") if "|" in names else names.split()
    assert view_order(f"CREATE VIEW v AS {select}", tuple(split)) == expected


@pytest.mark.parametrize(
    ("select", "expected"),
    [
        ("SELECT Id FROM notes", False),
        ("SELECT Body FROM Notes", True),
        ("SELECT n.* FROM Notes n", True),
        ("SELECT DISTINCT * FROM Notes", True),
        ("SELECT count(*), 2 * Id FROM Notes", False),
        ("SELECT length([body]) FROM Notes", True),
        ("SELECT Body FROM Other", False),
        ("SELECT Id -- Body\n FROM Notes", False),
        ("SELECT x FROM inner_view", True),
        ("SELECT Id FROM Refused", True),
    ],
)
def test_a_view_may_differ_where_it_reads_what_was_changed(select: str, expected: bool) -> None:
    inner = SourceView("inner_view", "CREATE VIEW inner_view AS SELECT Body AS x FROM Notes")
    view = SourceView("v", f"CREATE VIEW v AS {select}")
    tables = [
        TableComparison("Notes", 5, 5, repaired=1, changed=("Body",)),
        TableComparison("Refused", 5, 4, refused=1),
        TableComparison("Other", 5, 5),
    ]
    assert may_differ(view, [view, inner], tables) == expected


@pytest.mark.parametrize(
    ("select", "expected"),
    [("SELECT random()", True), ("SELECT hex(RandomBlob(4))", True), ("SELECT 'random'", False)],
)
def test_a_view_that_never_gives_the_same_rows(select: str, expected: bool) -> None:
    assert is_random(SourceView("v", f"CREATE VIEW v AS {select}")) == expected
