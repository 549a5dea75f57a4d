"""Write a plan file anew without losing what a person wrote in it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import takewhile

import tomlkit
from tomlkit.exceptions import ParseError
from tomlkit.items import Comment, Item, Key, Null, Table, Trivia, Whitespace

from outgrow.errors import PlanError
from outgrow.model.names import fold
from outgrow.plan import toml
from outgrow.plan.document import NOT_TOML
from outgrow.plan.wording import cut


def renewed(
    existing: str,
    files: Sequence[str],
    census: str,
    sections: Sequence[toml.Section],
    head_of_all: str = "",
) -> str:
    """Renew outgrow's comments and the digest, and add the tables and columns that are missing.

    ``existing`` must be valid TOML. A table or column that a person laid out otherwise than
    outgrow does (as dotted keys, say) is left alone. ``head_of_all`` speaks of several files.

    Raises:
        PlanError: it is laid out so that it can't be written anew.

    """
    document = _parsed(existing)
    head = document.setdefault("source", tomlkit.table())
    head.pop("files" if len(files) == 1 else "file", None)
    head["file" if len(files) == 1 else "files"] = files[0] if len(files) == 1 else [*files]
    head["census"] = census
    tables = document.get("tables", {})
    spelled = {fold(name): name for name in tables}
    added = [head_of_all] if head_of_all and "unite" not in document else []
    for section in sections:
        if fold(section.key) not in spelled:
            added.append(section.text())
        else:
            key = spelled[fold(section.key)]
            _renew_own_comments(tables[key], section)
            _renew(tables[key], section)
    text = tomlkit.dumps(document)
    return "\n".join([text.rstrip("\n"), "", *added]) if added else text


def _parsed(existing: str) -> tomlkit.TOMLDocument:
    try:
        return tomlkit.parse(existing)
    except (ParseError, RecursionError) as error:
        what = cut(f"it can't be written anew: {error}")
        fix = "Write the plan to another file, and move your choices there"
        raise PlanError(NOT_TOML, what, where="plan file", fix=fix) from None


def _renew(table: object, section: toml.Section) -> None:
    if not isinstance(table, Table):
        return
    columns = table.get("columns")
    if columns is None and section.columns:
        table.append("columns", _columns([], section))
    elif isinstance(columns, Table) and _is_laid_out_as_ours(columns):
        table["columns"] = _columns(columns.value.body, section)


def _renew_own_comments(table: Item, section: toml.Section) -> None:
    """Renew what stands right under a table's header.

    New lines go to the end of the header's own: inserting items would move all that follow, and
    tomlkit sets blank lines before tables that are appended.
    """
    if not isinstance(table, Table) or table.is_super_table():
        return
    body = table.value.body
    for number, (name, item) in enumerate(body):
        if name is None and _is_ours(item):
            body[number] = (None, Null())
    lines = (f"{toml.comment(line)}\n" for line in section.own_comments)
    table.trivia.trail = "\n" + "".join(lines)


def _is_laid_out_as_ours(columns: Table) -> bool:
    """Whether the columns stand under their own header, one line each."""
    children = (item for _, item in columns.value.body)
    return not columns.is_super_table() and not any(isinstance(item, Table) for item in children)


def _columns(body: Iterable[tuple[Key | None, Item]], section: toml.Section) -> Table:
    missing = {fold(entry.key): entry for entry in section.columns}
    table = tomlkit.table()
    _comment(table, section.comments)
    waiting: list[Item] = []
    for name, item in body:
        if name is None:
            if not _is_ours(item):
                waiting.append(item)
            continue
        entry = missing.pop(fold(name.key), None)
        # A person's comment stays right above what it speaks of.
        above = _trailing(Comment, waiting)
        _add(table, waiting[: len(waiting) - above])
        _comment(table, entry.comments if entry else ())
        _add(table, waiting[len(waiting) - above :])
        table.append(name, item)
        waiting = []
    end = len(waiting) - _trailing(Whitespace, waiting)
    _add(table, waiting[:end])
    for entry in missing.values():
        _comment(table, entry.comments)
        table.append(entry.key, tomlkit.parse(f"value = {entry.inline()}\n")["value"])
    _add(table, waiting[end:])
    return table


def _trailing(kind: type[Item], items: Sequence[Item]) -> int:
    """Count the items of a kind at the end."""
    return sum(1 for _ in takewhile(lambda item: isinstance(item, kind), reversed(items)))


def _add(table: Table, items: Iterable[Item]) -> None:
    for item in items:
        table.append(None, item)


def _is_ours(item: Item) -> bool:
    return isinstance(item, Comment) and item.as_string().lstrip().startswith(toml.MARK)


def _comment(table: Table, lines: Iterable[str]) -> None:
    for line in lines:
        table.add(Comment(Trivia(comment=toml.comment(line))))
