"""Words for people: counts, values and lists of counter-examples."""

from __future__ import annotations

from collections.abc import Iterable

from outgrow.model.census import Example

_LONGEST = 60
_LONGEST_SENTENCE = 300
_MOST = 3


def quoted(text: str) -> str:
    """Quote a text for a sentence: on one line, cut when long."""
    line = " ".join(text.split())
    return f"'{line}'" if len(line) <= _LONGEST else f"'{line[: _LONGEST - 1]}…'"


def cut(sentence: str) -> str:
    """Cut a sentence that a text of somebody's made longer than anybody reads."""
    if len(sentence) <= _LONGEST_SENTENCE:
        return sentence
    return f"{sentence[:200]} … {sentence[-80:]}"


def values(count: int) -> str:
    """Write "1 value", "8,000 values"."""
    return "1 value" if count == 1 else f"{count:,} values"


def all_are(count: int, what: str) -> str:
    """Write "all 8,000 values are …", "the only value is …"."""
    return f"the only value is {what}" if count == 1 else f"all {count:,} values are {what}"


def are(count: int) -> str:
    """Write the verb that goes with a count."""
    return "is" if count == 1 else "are"


def counted(what: str, count: int) -> str:
    """Write how often something occurs, with a multiplication sign before the count."""
    return f"{what} \N{MULTIPLICATION SIGN}{count:,}"


def listed(examples: Iterable[Example]) -> str:
    """Write the first counter-examples and how often each occurs."""
    return ", ".join(counted(each.value, each.count) for each in [*examples][:_MOST])


def sentence(text: str) -> str:
    """Begin with a capital, without a final full stop."""
    return text[:1].upper() + text[1:]
