"""Targets as people write them; libpq itself says what each must mean."""

from __future__ import annotations

from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st
from psycopg.conninfo import conninfo_to_dict

from outgrow.errors import UsageError
from outgrow.postgres.target import parse_target

SECRET = "sw0rdf1sh"


@pytest.mark.parametrize(
    ("text", "display"),
    [
        ("postgresql://me@db.example:5433/shop", "postgresql://me@db.example:5433/shop"),
        ("postgres://me:sw0rdf1sh@db.example/shop", "postgresql://me@db.example/shop"),
        ("postgresql://", "postgresql://"),
        ("postgresql:///shop", "postgresql:///shop"),
        ("postgresql://me@[::1]:5433/shop", "postgresql://me@[::1]:5433/shop"),
        ("postgresql://a:1,b:2/shop?target_session_attrs=any", "postgresql://a:1,b:2/shop"),
        ("postgresql://%2Frun%2Fpg/shop", "postgresql:///shop?host=/run/pg"),
        ("postgresql:///shop?host=/run/pg&port=6", "postgresql:///shop?host=/run/pg&port=6"),
        ("host=a,b port=1 user='x y' dbname=shop", "postgresql://x%20y@a:1,b:1/shop"),
        ("postgresql://me:x?sw0rdf1sh=1@h/shop", "postgresql://me@h/shop"),
        ("postgresql://me:[sw0rdf1sh#@h/shop", "postgresql://me@h/shop"),
        (
            "postgresql:///shop?host=/run/%40pg&user=me%40x",
            "postgresql://me%40x@/shop?host=/run/%40pg",
        ),
        ("service=prod", "postgresql:///?service=prod"),
        ("  dbname=shop\n", "postgresql:///shop"),
        ("postgresql://me@h/shop?sslpassword=sw0rdf1sh&sslmode=require", "postgresql://me@h/shop"),
    ],
)
def test_libpq_takes_it_as_it_was_written(text: str, display: str) -> None:
    target = parse_target(text)
    assert conninfo_to_dict(target.conninfo) == conninfo_to_dict(text.strip())
    assert target.display == display
    assert SECRET not in repr(target)


@pytest.mark.parametrize("scheme", ["postgresql+psycopg", "postgresql+psycopg2", "postgres"])
def test_sqlalchemy_url(scheme: str) -> None:
    target = parse_target(f"{scheme}://me:p%40ss@db.example:5433/shop?sslmode=disable")
    assert conninfo_to_dict(target.conninfo) == {
        "user": "me",
        "password": "p@ss",
        "host": "db.example",
        "port": "5433",
        "dbname": "shop",
        "sslmode": "disable",
    }


def test_sqlalchemy_names_several_hosts_in_the_query() -> None:
    target = parse_target("postgresql+psycopg://me@/shop?host=a:1&host=b&host=c:3")
    wanted = {"user": "me", "dbname": "shop", "host": "a,b,c", "port": "1,,3"}
    assert conninfo_to_dict(target.conninfo) == wanted


@given(
    st.fixed_dictionaries(
        {},
        optional={
            key: st.text(
                st.characters(exclude_characters="\0", exclude_categories=["Cs"]), min_size=1
            )
            for key in ("user", "password", "dbname", "application_name")
        },
    )
)
def test_nothing_is_lost_whatever_the_characters(parameters: dict[str, str]) -> None:
    query = "&".join(f"{key}={quote(value, safe='')}" for key, value in parameters.items())
    target = parse_target(f"postgresql://h/?{query}")
    assert conninfo_to_dict(target.conninfo) == {"host": "h", **parameters}


@pytest.mark.parametrize(
    "text",
    [
        "",
        "shop.db",
        "localhost",
        "mysql://me:sw0rdf1sh@h/shop",
        "mysql://me:sw0rdf1sh@h/shop?charset=utf8",
        "jdbc:postgresql://h/shop?user=me&password=sw0rdf1sh",
        "postgresql://me:%sw0rdf1sh@h/shop",
        "postgresql://me:sw0rdf1sh@h/shop?sslmod=disable",
        "postgresql://me:x@sw0rdf1sh@h/shop",
        "postgresql://me:sw0rdf1sh/x@h/shop",
        "postgresql://me:1/sw0rdf1sh@h/shop",
        "postgresql://h:sw0rdf1sh/shop",
        "host=h password=my sw0rdf1sh",
        "host=h password=my sw0rdf1sh=1",
        "host=h password='sw0rdf1sh",
        "=sw0rdf1sh",
        "postgresql://me:50%f0sw0rdf1sh@h/shop",
    ],
)
def test_wrong_text_is_refused_without_repeating_it(text: str) -> None:
    with pytest.raises(UsageError) as refused:
        parse_target(text)
    assert refused.value.exit_status == 2
    assert refused.value.fix
    assert SECRET not in str(refused.value)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("postgresql://me:my sw0rdf1sh@h/shop", "holds a space"),
        ("postgresql://me:sw0rdf1sh%@h/shop", "% that encodes nothing"),
        ("postgresql://me:sw0rdf1sh%00@h/shop", "% that encodes nothing"),
    ],
)
def test_a_character_that_libpq_does_not_take_is_named(text: str, says: str) -> None:
    with pytest.raises(UsageError, match=says) as refused:
        parse_target(text)
    assert SECRET not in str(refused.value)


def test_an_unknown_option_is_named_where_it_hides_no_password() -> None:
    with pytest.raises(UsageError, match='"sslmod"'):
        parse_target("postgresql://me@h/shop?sslmod=disable")
    with pytest.raises(UsageError, match='"hots"'):
        parse_target("hots=h dbname=shop")
