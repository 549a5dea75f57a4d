"""What the account says once PostgreSQL has refused something."""

from __future__ import annotations

from outgrow.model.steps import (
    UNBUILT_MARK,
    Built,
    Construction,
    Missing,
    ObjectKind,
    Phase,
    Step,
)
from outgrow.pipeline.settled import settled

KIND = ObjectKind.FOREIGN_KEYS


def test_of_several_foreign_keys_over_the_same_columns_only_the_refused_is_missing() -> None:
    steps = tuple(
        Step(f"{KIND}:t:a#{number}", Phase.AFTER_DATA, KIND, "t", "a", "") for number in (1, 2)
    )
    construction = Construction(
        steps=steps,
        built=(Built(KIND, "t", "a", "a"), Built(KIND, "t", "a", "a")),
        missing=(Missing(KIND, "t", "a", "no parent table"),),
    )
    found = settled(construction, {steps[1].id: {UNBUILT_MARK: "refused"}}, str.__add__)
    assert [each.reason for each in found.missing] == ["no parent table", "refused"]
    assert found.built == construction.built[:1]
