"""Standard output and error that a command can go on writing to when nobody takes it any more.

What a command does must not depend on whether its words arrive: a migration that is published is
not undone by a full disk under its report.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any, TextIO

from outgrow.errors import OutgrowError, define

LOST = define("OG-703", "What a command prints could not be written")


class Stream:
    """A stream whose first failure to write is remembered; from then on it writes to nobody.

    Attributes:
        error: that failure.

    """

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self.error: OSError | None = None

    def write(self, text: str) -> int:
        """Write a text."""
        try:
            return self._stream.write(text)
        except OSError as error:
            self._lose(error)
            return len(text)

    def flush(self) -> None:
        """Write what is still held back."""
        try:
            self._stream.flush()
        except OSError as error:
            self._lose(error)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)

    def _lose(self, error: OSError) -> None:
        self.error = self.error or error
        # What Python holds back would fail again when it ends; a stream of a test has no number.
        with suppress(OSError, ValueError), open(os.devnull, "wb") as nobody:  # noqa: PTH123
            os.dup2(nobody.fileno(), self._stream.fileno())


@contextmanager
def watched() -> Iterator[Stream]:
    """Watch both streams while the context lasts; gives standard output.

    One that is closed is None in Python (https://docs.python.org/3/library/sys.html#sys.__stdout__).
    """
    before = sys.stdout, sys.stderr
    with open(os.devnull, "w", encoding="utf-8") as nobody:  # noqa: PTH123
        output, errors = (Stream(stream or nobody) for stream in before)
        sys.stdout, sys.stderr = output, errors
        try:
            yield output
        finally:
            output.flush()
            errors.flush()
            sys.stdout, sys.stderr = before


def lost(output: Stream) -> OutgrowError | None:
    """Tell that output was lost; a reader that has gone (``| head``) needs nothing more."""
    output.flush()
    if output.error is None or isinstance(output.error, BrokenPipeError):
        return None
    return OutgrowError(
        LOST,
        f"what the command prints can't be written: {output.error.strerror}",
        where="standard output",
        fix="Send it elsewhere and run it again; what the command did stands",
    )
