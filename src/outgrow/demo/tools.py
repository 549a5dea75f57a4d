r"""Rows of the six tables about tools, patterns and events that stand in both files.

Hazards made here:

- tool_calls, hook_events, pattern_occurrences and cost_savings_log name workflows of which two in
  three are not to be found.
- ``result_data`` is sometimes cut off, '' or holds NaN; ``pre_tool_snapshot`` sometimes holds an
  escaped NUL or a key twice; ``payload`` is NOT NULL and sometimes not JSON.
- ``processed_at`` is sometimes 'unknown', ``reviewed_at`` sometimes ''.
- ``tool_name`` and ``pattern_signature`` stand in both files, for different rows.
- pattern_occurrences of database.db is empty: its sequence starts at 1.
- Notes and messages hold tabs, newlines, quotes, backslashes, emoji, NUL.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
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
    zulu,
)
from outgrow.demo.workflows import workflow_id

Row = Mapping[str, object]

_TOOL_NAMES = (
    "run_test_suite",
    "build_frontend",
    "lint_changed_files",
    "summarise_diff",
    "apply_migration",
    "start_preview",
    "collect_coverage",
    "post_review",
    "sync_issue",
    "measure_bundle",
    "find_dead_code",
    "update_lockfile",
)
_BUILT_IN_TOOLS = ("Bash", "Read", "Edit", "Grep", "Write")
_CALLED = _TOOL_NAMES + _BUILT_IN_TOOLS
_TOOL_STATES = ("active", "active", "active", "experimental", "deprecated")
_PATTERN_TYPES = ("test", "build", "format", "git", "deps", "docs")
_PATTERN_STATES = ("detected", "candidate", "approved", "implemented", "active", "deprecated")
_EVENT_TYPES = (
    "PreToolUse",
    "PostToolUse",
    "PreToolUse",
    "PostToolUse",
    "UserPromptSubmit",
    "Stop",
    "SubagentStop",
    "PreCompact",
    "SessionStart",
    "SessionEnd",
    "Notification",
)
_SOURCES = ("main_adw", "test_adw", "build_adw", "review_adw", None)
_SAVINGS = ("tool_call", "input_split", "pattern_offload", "inverted_flow")


def tool_tables(
    dice: Dice, workflows: int, seed: int, salt: int
) -> dict[str, tuple[Iterable[Row], int]]:
    """Rows and their number for each table, in proportion to the number of workflows."""
    calls = workflows * 5 // 2
    events = workflows * 7 // 8
    patterns = max(20, workflows // 20)
    occurrences = 0 if salt else workflows // 4
    savings = max(20, workflows // 8)

    def anyone() -> str:
        return workflow_id(dice.number(0, workflows - 1), seed, salt)

    return {
        "adw_tools": (_tools(dice, salt), len(_TOOL_NAMES)),
        "tool_calls": ((_call(dice, n, salt, anyone()) for n in range(calls)), calls),
        "operation_patterns": ((_pattern(dice, n, salt) for n in range(patterns)), patterns),
        "pattern_occurrences": (
            (_occurrence(dice, n % patterns + 1, anyone()) for n in range(occurrences)),
            occurrences,
        ),
        "hook_events": ((_event(dice, n, anyone()) for n in range(events)), events),
        "cost_savings_log": (
            (_saving(dice, n, salt, patterns, anyone()) for n in range(savings)),
            savings,
        ),
    }


def _call_id(number: int, salt: int) -> str:
    return f"toolu_{salt}{number:09}"


def _tools(dice: Dice, salt: int) -> Iterator[Row]:
    for number, name in enumerate(_TOOL_NAMES):
        moment = dice.moment()
        yield {
            "tool_name": name,
            "description": AWKWARD_TEXTS[number % len(AWKWARD_TEXTS)] + dice.prose(20, 90),
            "tool_schema": compact({"type": "object", "properties": {"path": {"type": "string"}}}),
            "script_path": f"adws/tools/{name}.py",
            "input_patterns": spaced([name.replace("_", " "), f"{name}*"]),
            "output_format": None if number % 3 else spaced({"type": "string"}),
            "avg_duration_seconds": round(dice.fraction() * 40, 3),
            "avg_tokens_consumed": dice.number(0, 4_000),
            "avg_cost_usd": dice.cost(0.5),
            "last_invoked": None if number % 5 == 4 else plain(moment + timedelta(days=9)),
            "status": _TOOL_STATES[(number + salt) % len(_TOOL_STATES)],
            "created_at": SPELLINGS[number % 4](moment),
            "updated_at": plain(moment + timedelta(days=9)),
        }


def _call(dice: Dice, number: int, salt: int, workflow: str) -> Row:
    moment = dice.moment()
    seconds = round(dice.fraction() * 90, 6)
    success = None if number % 50 == 49 else int(number % 7 != 3)
    return {
        "tool_call_id": _call_id(number, salt),
        "workflow_id": workflow,
        "tool_name": dice.pick(_CALLED),
        "tool_params": compact({"path": f"src/part_{number % 97}.py", "limit": number % 400}),
        "called_at": plain(moment),
        "completed_at": None if number % 40 == 39 else local(moment + timedelta(seconds=seconds)),
        "duration_seconds": seconds,
        "success": success,
        "result_data": _result(dice, number),
        "error_message": None if success else _trouble(dice, number),
        "tokens_saved": dice.number(0, 5_000),
        "cost_saved_usd": dice.cost(0.2),
        "pre_tool_snapshot": _snapshot(dice, number),
        "post_tool_snapshot": None if number % 3 else compact({"ok": bool(success), "n": number}),
        "created_at": SPELLINGS[number * 3 % 4](moment),
    }


def _result(dice: Dice, number: int) -> str | None:
    if number % 4 == 2:
        return None
    if number % 41 == 20:
        return NOT_JSON[number // 41 % len(NOT_JSON)]
    return compact({"output": dice.prose(40, 400), "lines": dice.number(1, 400), "sure": 0.5})


def _snapshot(dice: Dice, number: int) -> str | None:
    if number % 3:
        return None
    if number % 45 == 12:
        return NOT_JSONB[number // 45 % len(NOT_JSONB)]
    return spaced({"cwd": "/srv/webbuilder", "env": {"CI": "1"}, "note": dice.prose(30, 200)})


def _trouble(dice: Dice, number: int) -> str:
    if number % 700 == 3:
        return NUL_TEXTS[number // 700 % len(NUL_TEXTS)]
    return AWKWARD_TEXTS[number % len(AWKWARD_TEXTS)] + dice.prose(10, 90)


def _pattern(dice: Dice, number: int, salt: int) -> Row:
    moment = dice.moment()
    kind = _PATTERN_TYPES[number % len(_PATTERN_TYPES)]
    # Every second pattern of database.db was found in the other file too.
    own = salt and number % 2
    return {
        "pattern_signature": f"{kind}:{'own' if own else 'all'}:{number:05}",
        "pattern_type": kind,
        "first_detected": plain(moment),
        "last_seen": plain(moment + timedelta(days=20)),
        "occurrence_count": dice.number(1, 60),
        "typical_input_pattern": dice.prose(20, 120),
        "typical_operations": spaced([dice.pick(_CALLED) for _ in range(3)]),
        "typical_files_accessed": compact([f"src/**/*.{kind}", "tests/*.py"]),
        "avg_tokens_with_llm": dice.number(500, 60_000),
        "avg_cost_with_llm": dice.cost(2),
        "avg_tokens_with_tool": dice.number(0, 3_000),
        "avg_cost_with_tool": dice.cost(0.1),
        "potential_monthly_savings": dice.cost(4),
        "automation_status": _PATTERN_STATES[number % 8 % len(_PATTERN_STATES)],
        "confidence_score": round(dice.fraction() * 100, 1),
        "tool_name": dice.pick(_TOOL_NAMES) if number % 3 else None,
        "tool_script_path": None,
        "reviewed_by": None if number % 4 else 'Ångström, "Zoë"',
        "reviewed_at": ("" if number % 8 else plain(moment)) if number % 4 == 0 else None,
        "review_notes": AWKWARD_TEXTS[number % len(AWKWARD_TEXTS)] if number % 4 == 0 else None,
        "created_at": SPELLINGS[number % 4](moment),
        "updated_at": plain(moment + timedelta(days=20)),
    }


def _occurrence(dice: Dice, pattern: int, workflow: str) -> Row:
    return {
        "pattern_id": pattern,
        "workflow_id": workflow,
        "similarity_score": round(dice.fraction() * 100, 4),
        "matched_characteristics": spaced(["type", "template", dice.pick(_PATTERN_TYPES)]),
        "detected_at": plain(dice.moment()),
    }


def _event(dice: Dice, number: int, workflow: str) -> Row:
    moment = dice.moment()
    processed = int(number % 3 != 0)
    return {
        "event_id": dice.hexadecimal(32),
        "event_type": dice.pick(_EVENT_TYPES),
        "source_app": dice.pick(_SOURCES),
        "session_id": f"session-{number // 12:06}",
        "workflow_id": None if number % 4 == 1 else workflow,
        "timestamp": zulu(moment),
        "payload": _payload(dice, number),
        "tool_name": dice.pick(_CALLED) if number % 2 else None,
        "chat_history": _chat(dice) if number % 5 == 0 else None,
        "processed": processed,
        "processed_at": _processed_at(number, plain(moment + timedelta(minutes=5)), processed),
        "created_at": SPELLINGS[number % 4](moment),
    }


def _payload(dice: Dice, number: int) -> str:
    if number % 27 == 13:
        return NOT_JSON[number // 27 % len(NOT_JSON)]
    return compact(
        {
            "tool_input": {"command": "make test\n", "description": dice.prose(50, 400)},
            "cwd": "C:\\work\\app",
            "answer": dice.prose(100, 1_250),
            "🚀": number,
        }
    )


def _chat(dice: Dice) -> str:
    return spaced(
        [{"role": role, "content": dice.prose(100, 600)} for role in ("user", "assistant") * 2]
    )


def _processed_at(number: int, text: str, processed: int) -> str | None:
    if number % 19 == 10:
        return "unknown"
    return text if processed else None


def _saving(dice: Dice, number: int, salt: int, patterns: int, workflow: str) -> Row:
    baseline = dice.number(1_000, 90_000)
    actual = dice.number(0, 999)
    return {
        "optimization_type": _SAVINGS[number % len(_SAVINGS)],
        "workflow_id": workflow,
        "tool_call_id": _call_id(number * 2, salt) if number % 2 else None,
        "pattern_id": number % patterns + 1 if number % 3 else None,
        "baseline_tokens": baseline,
        "actual_tokens": actual,
        "tokens_saved": baseline - actual,
        "cost_saved_usd": dice.cost(1),
        "saved_at": plain(dice.moment()),
        "notes": AWKWARD_TEXTS[number % len(AWKWARD_TEXTS)] if number % 5 == 0 else None,
    }
