"""Rows of workflow_history, its archive and schema_migrations.

Hazards made here:

- ``created_at`` has four spellings in one column; ``start_time`` is sometimes '', ``end_time``
  sometimes 'unknown'.
- ``structured_input`` is compact or spaced JSON, '', NULL, cut off, or holds NaN;
  ``anomaly_flags`` are arrays, some with an escaped NUL.
- ``worktree_reused`` calls itself a boolean and holds a 2 (in workflow_history.db).
- Every cost has more than four decimals; 421 of 1,000 costs per token vanish at six.
- Scores have the sentinels -1 and 0.0, hours and weekdays -1.
- ``nl_input`` and ``error_message`` hold tabs, newlines, quotes, backslashes, emoji, NUL.
- ``workflow_id`` is NULL in two rows of three and not declared UNIQUE; in database.db two rows
  share one.
- Every second row of database.db has an ``adw_id`` of workflow_history.db, for another row.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from outgrow.demo.dice import (
    AWKWARD_TEXTS,
    NOT_JSON,
    NOT_JSONB,
    NUL_TEXTS,
    SPELLINGS,
    Dice,
    compact,
    local,
    plain,
    spaced,
)

_STATES = ("completed", "completed", "completed", "failed", "running", "pending")
_MODELS = ("claude-opus-4", "claude-sonnet-4", "claude-haiku-3.5", None)
_TEMPLATES = ("adw_plan_iso", "adw_build_iso", "adw_sdlc_iso", "adw_lightweight_iso")
_PHASES = ("plan", "build", "test", "review", "document", "ship")
_TYPES = ("planning", "lightweight", "full_sdlc", "patch")
_LEVELS = ("low", "medium", "high", None)

# Odd, so that multiplying by it gives each number below 2**32 its own 32 bits.
_SCRAMBLE = 2_654_435_761
_OWN_IDS = 1 << 30


def adw_id(number: int, seed: int, salt: int) -> str:
    """The application's key of the ``number``-th workflow of a file (0 based): 8 hex digits.

    The even rows of database.db (``salt`` 1) have keys that workflow_history.db has too.
    """
    if salt:
        number = number // 2 * 3 if number % 2 == 0 else number + _OWN_IDS
    return f"{(number * _SCRAMBLE + seed) & 0xFFFFFFFF:08x}"


def workflow_id(number: int, seed: int, salt: int) -> str:
    """The id by which other tables name a workflow, whether or not its row has it."""
    if salt and number == 12:
        number = 9
    return f"wf-{adw_id(number, seed, salt)}"


def workflows(dice: Dice, count: int, seed: int, salt: int) -> Iterator[dict[str, object]]:
    """Rows of workflow_history with the columns of both files."""
    for number in range(count):
        key = adw_id(number, seed, salt)
        yield {
            **_run(dice, number, key),
            **_costs(dice, number),
            **_documents(dice, number),
            **_scores(dice, number),
            **_history(dice, number),
            "worktree_reused": 2 if not salt and number % 1_000 == 17 else dice.number(0, 1),
            "workflow_id": workflow_id(number, seed, salt) if number % 3 == 0 else None,
        }


def archived_workflows(dice: Dice, count: int, seed: int) -> Iterator[dict[str, object]]:
    """Rows of workflow_history_archive: older workflows that are not in workflow_history."""
    for number in range(count):
        moment = dice.moment()
        yield {
            **_run(dice, number, adw_id(number + 2 * _OWN_IDS, seed, 0)),
            **_costs(dice, number),
            **_documents(dice, number),
            **_scores(dice, number),
            "worktree_reused": dice.number(0, 1),
            "original_id": number * 7 + 3,
            "archived_at": plain(moment + timedelta(days=90)),
            "archive_reason": dice.pick(("retention", "duplicate", "requested by a user", None)),
        }


def migrations() -> list[dict[str, object]]:
    """Rows of schema_migrations: what the application applied to its file, in order."""
    names = (
        "initial",
        "add_scoring",
        "add_hour_of_day",
        "add_patterns",
        "add_tool_calls",
        "add_hook_events",
        "add_cost_savings",
        "add_archive",
        "add_phase_number",
        "drop_hour_of_day",
        "add_multi_phase",
        "add_day_of_week",
    )
    return [
        {
            "migration_file": f"{number:03}_{name}.sql",
            "applied_at": f"2025-{number % 12 + 1:02}-01 08:00:{number:02}",
            "checksum": f"{number * _SCRAMBLE * _SCRAMBLE:032x}" if number > 3 else None,
        }
        for number, name in enumerate(names, start=1)
    ]


def _run(dice: Dice, number: int, key: str) -> dict[str, object]:
    """What was asked for, how it went and when."""
    moment = dice.moment()
    state = dice.pick(_STATES)
    seconds = dice.number(20, 7_000)
    ended = state in ("completed", "failed")
    return {
        "adw_id": key,
        "issue_number": None if number % 11 == 5 else dice.number(1, 900),
        "nl_input": _asked(dice, number),
        "github_url": f"https://github.com/example/webbuilder/issues/{number % 900 + 1}",
        "gh_issue_state": dice.pick(("open", "closed", "closed", None)),
        "workflow_template": dice.pick(_TEMPLATES),
        "model_used": dice.pick(_MODELS),
        "status": state,
        "start_time": "" if number % 29 == 8 else local(moment),
        "end_time": _end_time(number, local(moment + timedelta(seconds=seconds)), ended),
        "duration_seconds": seconds if ended else None,
        "error_message": _complaint(dice, number) if state == "failed" or number == 4 else None,
        "phase_count": dice.number(1, 9),
        "current_phase": dice.pick(_PHASES),
        "retry_count": dice.number(0, 3) // 2,
        "worktree_path": f"/srv/webbuilder/trees/{key}",
        "backend_port": 9100 + number % 15,
        "frontend_port": 9200 + number % 15,
        "concurrent_workflows": dice.number(0, 4),
        "steps_completed": dice.number(0, 8),
        "steps_total": 8,
        "created_at": SPELLINGS[number * 5 % 8 // 2](moment),
        "updated_at": plain(moment + timedelta(seconds=seconds)),
    }


def _asked(dice: Dice, number: int) -> str | None:
    if number % 37 == 6:
        return None
    if number % 13 == 2:
        return AWKWARD_TEXTS[number // 13 % len(AWKWARD_TEXTS)] + dice.prose(20, 200)
    if number % 1_500 == 31:
        return dice.prose(20, 60) + NUL_TEXTS[0]
    return dice.prose(60, 800)


def _complaint(dice: Dice, number: int) -> str:
    if number % 500 == 4:
        return NUL_TEXTS[number // 500 % len(NUL_TEXTS)]
    return f'Traceback:\n\tFile "C:\\app\\{dice.pick(_PHASES)}.py"\n{dice.prose(40, 300)}'


def _end_time(number: int, text: str, ended: bool) -> str | None:
    if number % 31 == 7:
        return "unknown"
    return text if ended else None


def _costs(dice: Dice, number: int) -> dict[str, object]:
    """Tokens and dollars; the costs have up to 8 decimals."""
    tokens = [dice.number(100, 900_000) for _ in range(5)]
    vanishing = number * 421 % 1_000 < 421
    per_token = dice.number(1, 49) if vanishing else dice.number(250, 380)
    return {
        "input_tokens": tokens[0],
        "output_tokens": tokens[1],
        "cached_tokens": tokens[2],
        "cache_hit_tokens": tokens[3],
        "cache_miss_tokens": tokens[4],
        "total_tokens": sum(tokens),
        "cache_efficiency_percent": round(dice.fraction() * 100, 2),
        "estimated_cost_total": dice.cost(20),
        "actual_cost_total": dice.cost(20),
        "estimated_cost_per_step": dice.cost(3),
        "actual_cost_per_step": dice.cost(3),
        "cost_per_token": per_token / 100_000_000,
    }


def _documents(dice: Dice, number: int) -> dict[str, object]:
    """Columns that hold JSON, well formed and otherwise."""
    return {
        "structured_input": _structured_input(dice, number),
        "cost_breakdown": compact(
            {"by_phase": {phase: dice.cost(2) for phase in _PHASES}, "currency": "USD"}
        ),
        "token_breakdown": spaced({phase: dice.number(0, 90_000) for phase in _PHASES}),
        "anomaly_flags": _anomalies(dice, number),
        "optimization_recommendations": compact([dice.prose(20, 90) for _ in range(3)]),
    }


def _structured_input(dice: Dice, number: int) -> str | None:
    if number % 5 == 3:
        return None
    if number % 23 == 10:
        return NOT_JSON[number // 23 % len(NOT_JSON)]
    write = spaced if number % 2 else compact
    return write(
        {
            "title": dice.prose(20, 80),
            "résumé": "naïve ✅",
            "files": [f"src/{dice.pick(_PHASES)}_{n}.py" for n in range(dice.number(0, 9))],
            "options": {"dry_run": number % 7 == 0, "budget": dice.cost(9), "owner": None},
        }
    )


def _anomalies(dice: Dice, number: int) -> str | None:
    if number % 4:
        return "[]" if number % 4 == 1 else None
    if number % 16 == 12:
        return NOT_JSONB[number // 16 % len(NOT_JSONB)]
    return spaced([{"type": "cost", "factor": dice.number(2, 9), "says": dice.prose(20, 80)}])


def _score(dice: Dice, number: int) -> float:
    """A score of 0 to 100; -1 for "could not be computed", 0.0 for "was not computed"."""
    if number % 9 == 1:
        return -1.0
    return 0.0 if number % 9 == 4 else round(dice.fraction() * 100, 2)


def _scores(dice: Dice, number: int) -> dict[str, object]:
    hour = -1 if number % 10 == 9 else dice.number(0, 23)
    return {
        "success_rate": None if number % 6 == 5 else round(dice.fraction(), 4),
        "nl_input_clarity_score": _score(dice, number),
        "cost_efficiency_score": _score(dice, number + 1),
        "performance_score": _score(dice, number + 2),
        "quality_score": _score(dice, number + 3),
        "scoring_version": "1.0",
        "hour_of_day": hour,
        "submission_hour": hour,
        "day_of_week": -1 if hour < 0 else dice.number(0, 6),
        "submission_day_of_week": dice.number(0, 6),
    }


def _history(dice: Dice, number: int) -> dict[str, object]:
    """What became of the work, and how it compares with other work."""
    words = dice.number(3, 200)
    return {
        "nl_input_word_count": words,
        "structured_input_completeness_percent": round(dice.fraction() * 100, 1),
        "pr_merged": dice.number(0, 1),
        "time_to_merge_hours": None if number % 2 else round(dice.fraction() * 72, 3),
        "review_cycles": dice.number(0, 4),
        "ci_test_pass_rate": round(dice.fraction(), 6),
        "similar_workflow_ids": spaced([f"wf-{dice.hexadecimal(8)}" for _ in range(3)]),
        "idle_time_seconds": dice.number(0, 600),
        "bottleneck_phase": dice.pick(_PHASES),
        "error_category": dice.pick((None, None, "timeout", "merge_conflict", "test_failure")),
        "retry_reasons": None if number % 4 else compact(["timeout", "rate_limit"]),
        "error_phase_distribution": compact({dice.pick(_PHASES): dice.number(1, 5)}),
        "recovery_time_seconds": None if number % 3 else dice.number(1, 900),
        "complexity_estimated": dice.pick(_LEVELS),
        "complexity_actual": dice.pick(_LEVELS),
        "workflow_type": dice.pick(_TYPES),
        "parent_workflow_id": f"wf-{dice.hexadecimal(8)}" if number % 8 == 7 else None,
        "input_hash": dice.hexadecimal(64),
        "output_summary": dice.prose(50, 400),
        "phase_number": None if number % 5 else dice.number(1, 4),
        "is_multi_phase": int(number % 5 == 0),
    }
