"""The command line: arguments, one call, and text or JSON."""

from __future__ import annotations

import argparse
import json
import logging
import os
import signal
import sys
import traceback
from pathlib import Path
from types import FrameType, TracebackType

from outgrow.cli.output import lost, watched
from outgrow.cli.parser import build_parser
from outgrow.errors import DecisionNeeded, OutgrowError, UsageError, VerificationFailed, define

INTERNAL = define("OG-700", "A mistake in outgrow itself")
INTERRUPTED = define("OG-701", "The command was interrupted")
NO_DIRECTORY = define("OG-704", "The current directory is not there any more")


def main(argv: list[str] | None = None) -> int:
    """Run one command and give its exit status; every failure is one line, never a traceback."""
    with watched() as output:
        try:
            status = _run(argv)
        except SystemExit as end:  # --help, --version, or a wrong call
            if lost(output) is None:
                raise
            status = int(end.code or 0)
        loss = lost(output)
        if loss is None:
            return status
        failed = _fail(None, loss)
        return status or failed


def _run(argv: list[str] | None) -> int:
    try:
        parser = build_parser(sys.argv[1:] if argv is None else argv)
        arguments = parser.parse_args(argv)
    except KeyboardInterrupt:  # while a command is imported
        return _fail(None, Interrupted())
    if not hasattr(arguments, "run"):
        parser.print_help()
        return 0
    for ending in (signal.SIGTERM, signal.SIGHUP):
        if signal.getsignal(ending) is signal.SIG_DFL:  # nohup has it ignored
            signal.signal(ending, _as_interrupt)
    # What the driver logs of a connection that breaks is told by us, once and in one line.
    logging.getLogger("psycopg").setLevel(logging.CRITICAL)
    logging.getLogger("outgrow").addHandler(_NOTES)
    try:
        _require_directory()
        return int(arguments.run(arguments))
    except OutgrowError as error:
        return _fail(arguments, error)
    except KeyboardInterrupt:
        return _fail(arguments, Interrupted())
    except Exception as error:  # noqa: BLE001  the last resort: one line instead of a traceback
        return _fail(arguments, _internal(error, arguments))


def _require_directory() -> None:
    """See that the current directory is there: paths and the embedded server stand on it."""
    try:
        Path.cwd()
    except OSError as error:
        raise UsageError(
            NO_DIRECTORY,
            f"the current directory can't be used: {error.strerror}",
            fix="It was removed or moved: change to another one and run the command again",
        ) from error


class _Notes(logging.Handler):
    """Tells what the program logs as a note on the way, one line each."""

    def emit(self, record: logging.LogRecord) -> None:
        """Tell it."""
        from outgrow.cli import console  # noqa: PLC0415  what seldom happens is not imported before

        console.note(record.getMessage())


_NOTES = _Notes()


def _as_interrupt(signal_number: int, frame: FrameType | None) -> None:
    del signal_number, frame
    raise KeyboardInterrupt


def _fail(arguments: object, error: OutgrowError) -> int:
    # What only a failure needs is not imported before.
    from outgrow.cli import console  # noqa: PLC0415
    from outgrow.cli.tables import print_findings  # noqa: PLC0415
    from outgrow.postgres.failures import without_secrets  # noqa: PLC0415

    # What a person typed in a wrong place is told back to them, but for a password in it.
    error.what, error.where = without_secrets(error.what), without_secrets(error.where)
    if getattr(arguments, "json", False):
        _print_error_json(error)
    console.error(str(error))
    if error.findings:
        print_findings(console.stderr(), error.findings)
    return error.exit_status


def _print_error_json(error: OutgrowError) -> None:
    from outgrow.model.findings import Finding, Severity  # noqa: PLC0415
    from outgrow.pipeline.result import Status  # noqa: PLC0415

    statuses = {
        DecisionNeeded.exit_status: Status.DECISION,
        VerificationFailed.exit_status: Status.MISMATCH,
    }
    told = Finding(error.code, Severity.ERROR, error.where, error.what, error.fix)
    report: dict[str, object] = {
        "status": statuses.get(error.exit_status, Status.FAILED).value,
        "tables": [],
        "objects": {},
        "findings": [each.as_json() for each in (told, *error.findings)],
    }
    print(json.dumps(report, ensure_ascii=False, indent=2))


class Interrupted(OutgrowError):
    """Somebody pressed Ctrl-C, or asked the process to end."""

    exit_status = 130

    def __init__(self) -> None:
        super().__init__(
            INTERRUPTED,
            "interrupted, the application's objects are untouched",
            fix="Run the same command again to continue",
        )


def _internal(error: Exception, arguments: argparse.Namespace) -> OutgrowError:
    # What only a failure needs is not imported before.
    from outgrow.postgres.failures import without_secrets  # noqa: PLC0415
    from outgrow.postgres.target import password_in  # noqa: PLC0415

    said = without_secrets(str(error), password_in(getattr(arguments, "to", None) or ""))
    return OutgrowError(
        INTERNAL,
        f"{type(error).__name__}: {said}",
        where=_place(error.__traceback__),
        fix="This is a mistake in outgrow: please report this line",
    )


def _place(trace: TracebackType | None) -> str:
    """Name the innermost place in outgrow's own code."""
    package = f"{os.sep}outgrow{os.sep}"
    ours = [frame for frame in traceback.extract_tb(trace) if package in frame.filename]
    if not ours:
        return ""
    return f"{ours[-1].filename.rpartition(package)[2]}:{ours[-1].lineno}"
