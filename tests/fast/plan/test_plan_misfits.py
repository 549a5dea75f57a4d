"""The values that the plan counts as misfits are those that the loader would set aside.

``fits`` decides at loading, value by value; the plan counts by the census alone. Both must agree,
for any values and any type that a person can choose.
"""

from __future__ import annotations

from collections.abc import Callable

import apsw
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from outgrow.errors import PlanError
from outgrow.model.census import Census
from outgrow.model.source import SourceDatabase
from outgrow.model.types import Policy
from outgrow.plan.planfile import read_plan
from outgrow.plan.weighing import make_plan
from outgrow.sqlite.fitting import fits, register

Made = Callable[..., tuple[SourceDatabase, Census]]

VALUES = st.lists(
    st.one_of(
        st.integers(-3, 3),
        st.sampled_from([2**53, 2**53 + 1, -(2**63), 2**63 - 1, 1_700_000_000]),
        st.floats(allow_nan=False),
        st.sampled_from([1.5, 0.25, float("inf")]),
        st.text("ab\0é", max_size=3),
        st.sampled_from(["2024-01-31", "2024-01-31 10:00:00", "2024-01-31 10:00:00.5", "", "{}"]),
        st.sampled_from(['{"a": 1, "a": 2}', "[NaN]", "2024-02-30", "12"]),
        st.binary(max_size=2),
        st.none(),
    ),
    min_size=1,
    max_size=8,
)
TYPES = [
    'type = "bigint"',
    'type = "boolean"',
    'type = "double precision"',
    'type = "numeric"',
    'type = "numeric(10,2)"',
    'type = "text"',
    'type = "bytea"',
    'type = "date"',
    'type = "timestamp"',
    'type = "timestamp", shape = "YYYY-MM-DD HH:MM:SS[.f]"',
    'type = "timestamp", shape = "epoch s"',
    'type = "json"',
    'type = "jsonb"',
]


@pytest.mark.parametrize("chosen", TYPES)
@example(values=["2024-01-31", "2024-01-31 10:00:00", "2024-01-31 10:00:00.5"])
@example(values=["2024-01-31 10:00:00", "2024-01-31 10:00:00.0", "2024-01-31 10:00:00.5"])
@given(values=VALUES)
@settings(
    max_examples=30,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_misfits(made: Made, chosen: str, values: list[object]) -> None:
    source, census = made(
        "CREATE TABLE t (a BLOB, b TEXT -- json, date, decimal, flag\n)",
        {"t": [(value, None) for value in values]},
    )
    text = f'[tables.t.columns]\na = {{ {chosen}, on_misfit = "null" }}\n'
    try:
        plan = make_plan(source, census, policy=Policy.NATIVE, overrides=read_plan(text, source))
    except PlanError:
        return
    column = plan.tables[0].columns[0]
    misfits = 0
    if column.quarantined:
        with apsw.Connection(source.path) as connection:
            register(connection)
            [(misfits,)] = connection.execute(
                f"SELECT count(*) FROM t WHERE a IS NOT NULL "
                f"AND NOT ({fits('a', column.type, source.encoding)})"
            )
    assert column.quarantined == misfits
