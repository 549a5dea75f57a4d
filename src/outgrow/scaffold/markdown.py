"""Names and texts of a project as Markdown shows them, whatever characters they hold.

https://github.github.com/gfm/
"""

from __future__ import annotations

import re

_SPECIAL = re.compile(r"[\\`*<>\[\]|]|(?<!\w)_|_(?!\w)")
_TICKS = re.compile(r"`+")


def code(text: object) -> str:
    """Write a name as code, on one line; it may stand in a table."""
    shown = _one_line(str(text)).replace("|", "\\|")
    longest = max((len(ticks) for ticks in _TICKS.findall(shown)), default=0)
    fence = "`" * (longest + 1)
    apart = " " if shown.startswith("`") or shown.endswith("`") or shown != shown.strip() else ""
    return f"{fence}{apart}{shown or ' '}{apart}{fence}"


def plain(text: object) -> str:
    """Write a text that is no Markdown, on one line; it may stand in a table."""
    return _SPECIAL.sub(r"\\\g<0>", " ".join(_one_line(str(text)).split()))


def _one_line(text: str) -> str:
    return "".join(each if each.isprintable() else " " for each in text)
