"""JSON texts that are equal, and those that only look so."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from outgrow.verify.json_values import hashable, json_equal

EQUAL = [
    ('{"a": 1, "b": [1, 2]}', '{"b":[1,2],"a":1}'),
    ("1.0", "1"),
    ("1e2", "100"),
    ("-0", "0"),
    ("0.1000", "0.1"),
    ('"\\u00e9"', '"\N{LATIN SMALL LETTER E WITH ACUTE}"'),
    (" [ ] ", "[]"),
    ("1" + "0" * 5000, "1e5000"),
]

DIFFERENT = [
    ("true", "1"),
    ("false", "0"),
    ("null", '"null"'),
    ("1", '"1"'),
    ("[1]", "1"),
    ("[1, 2]", "[2, 1]"),
    ("0.1", "0.1000000000000000055511151231257827"),
    ("9007199254740993", "9007199254740992"),
    ('{"a": 1}', '{"a": 1, "b": null}'),
    ('{"a": 1, "a": 2}', '{"a": 2}'),
    ("NaN", "NaN"),
    ("Infinity", "Infinity"),
    ("{'a': 1}", "{'a': 1}"),
    ("", ""),
    ("1 2", "1 2"),
    ("1", None),
    (b"1", "1"),
    ("1", 1),
]


@pytest.mark.parametrize(("one", "other"), EQUAL)
def test_equal_json(one: str, other: str) -> None:
    assert json_equal(one, other)
    assert hashable(one) == hashable(other)
    assert hash(hashable(one)) == hash(hashable(other))


@pytest.mark.parametrize(("one", "other"), DIFFERENT)
def test_different_json(one: object, other: object) -> None:
    assert not json_equal(one, other)


@pytest.mark.parametrize("depth", [400, 5000])
def test_depth_is_no_crash(depth: int) -> None:
    text = "[" * depth + "]" * depth
    json_equal(text, f" {text}")
    hashable(text)


documents = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=3),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(max_size=3), inner),
    max_leaves=8,
)


@given(one=documents, other=documents)
def test_hashes_tell_what_comparing_tells(one: object, other: object) -> None:
    a, b = json.dumps(one), json.dumps(other, indent=1)
    assert json_equal(a, b) == (hashable(a) == hashable(b))
    assert json_equal(a, b) == (
        json.dumps(one, sort_keys=True) == json.dumps(other, sort_keys=True)
    )
