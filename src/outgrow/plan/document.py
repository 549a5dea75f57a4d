"""The text of a plan file, asked: every mistake is told with its line and what may be meant."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

from outgrow.errors import Code, PlanError, define
from outgrow.model.names import fold
from outgrow.plan import toml
from outgrow.plan.wording import cut

NOT_TOML = define("OG-200", "The plan file is not valid TOML")
UNKNOWN = define("OG-201", "The plan file names something that does not exist")
NOT_A_VALUE = define("OG-202", "A value in the plan file is not one of those that can stand there")

_COMMENT = re.compile(r"^[ \t]*#.*$", re.MULTILINE)

#: A key of many parts, for which tomllib takes memory by the square of their number.
_ENDLESS_KEY = re.compile(r"""(?<![\w"'-])(?:["'\w-]+[ \t]*\.[ \t]*){100}""")

#: Where a value stands: the keys that lead to it.
Path = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Checked:
    """A plan file whose keys and values are checked as they are taken from it."""

    document: str

    def parsed(self) -> Mapping[str, Any]:
        """Read the TOML; raises PlanError."""
        try:
            if not _ENDLESS_KEY.search(self.document):
                return tomllib.loads(self.document)
            what = "it has a key of more than a hundred parts"
        except RecursionError:
            what = "its values are nested too deeply"
        except ValueError as error:  # also of a number with too many digits
            what = cut(f"not valid TOML: {error}")
        raise PlanError(NOT_TOML, what, where="plan file")

    def keys(self, value: Mapping[str, Any], known: Iterable[str], path: Path) -> None:
        """Make sure that only known keys stand somewhere."""
        for name in value:
            if name not in known:
                raise self.unknown(f"no key {name!r} can stand here", name, known, (*path, name))

    def mapping(self, value: object, path: Path) -> Mapping[str, Any]:
        """Make sure that a value is a table."""
        if not isinstance(value, dict):
            raise self.wrong(f"{path[-1]} must be a table of values", path)
        return value

    def text(self, value: object, path: Path) -> str:
        """Make sure that a value is a text."""
        if not isinstance(value, str):
            raise self.wrong(f"{path[-1]} must be a text in quotes", path)
        return value

    def one_of(self, value: object, known: list[str], path: Path) -> str:
        """Make sure that a value is one of a few texts."""
        text = self.text(value, path)
        if text not in known:
            raise self._error(NOT_A_VALUE, f"{text!r} is no {path[-1]}", _meant(text, known), path)
        return text

    def wrong(self, what: str, path: Path) -> PlanError:
        """Say that a value is not what can stand there."""
        return self._error(NOT_A_VALUE, what, "", path)

    def unknown(self, what: str, name: str, known: Iterable[str], path: Path) -> PlanError:
        """Say that a name is not known, and which may have been meant."""
        return self._error(UNKNOWN, what, _meant(name, known), path)

    def _error(self, code: Code, what: str, fix: str, path: Path) -> PlanError:
        return PlanError(code, cut(what), where=f"plan file, line {self._line(path)}", fix=fix)

    def _line(self, path: Path) -> int:
        """Find the line of a key: each step is looked for behind the step before."""
        text = _COMMENT.sub(lambda comment: " " * len(comment[0]), self.document)
        at = 0
        for step in path:
            places = [
                match.start()
                for spelled in (toml.key(step), toml.string(step), f"'{step}'")
                if (match := _as_key(spelled).search(text, at))
            ]
            at = min(places, default=at)
        return self.document.count("\n", 0, at) + 1


def _as_key(spelled: str) -> re.Pattern[str]:
    return re.compile(rf"(?<![\w-]){re.escape(spelled)}(?=\s*[\].=])")


def _meant(name: str, known: Iterable[str]) -> str:
    names = [*known]
    folded = {fold(each): each for each in names}
    close = get_close_matches(fold(name), [*folded], n=1)
    if close:
        return f"Did you mean {folded[close[0]]!r}?"
    shown = ", ".join(names[:12]) + (", …" if len(names) > 12 else "")
    return f"There is {shown}" if names else ""
