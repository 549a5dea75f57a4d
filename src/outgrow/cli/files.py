"""Reading and writing the files that a person names."""

from __future__ import annotations

from pathlib import Path

from outgrow.errors import UsageError, define

NOT_WRITTEN = define("OG-710", "A file could not be written")


def write_text(path: Path, text: str) -> None:
    """Write a file; raises UsageError with the system's reason."""
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise UsageError(
            NOT_WRITTEN, f"the file can't be written: {error.strerror}", where=str(path)
        ) from None
