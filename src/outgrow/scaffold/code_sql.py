"""The SQL in a Python module: what its strings hold once they are put together."""

from __future__ import annotations

import ast
import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise

from outgrow.sqlite.grammar import parse
from outgrow.sqlite.percents import spelled

Parents = dict[ast.AST, ast.AST]

#: Stands for what is filled in when the program runs.
_HOLE = "_"

_EXECUTES = frozenset({"execute", "executemany", "executescript", "read_sql", "read_sql_query"})
_COLLECTS = frozenset({"append", "extend", "insert", "add", "appendleft"})
_KEEPS_TEXT = frozenset(
    "join format replace strip lstrip rstrip upper lower dedent text cast str".split()
)

#: https://www.sqlite.org/lang_datefunc.html
_DATE_FUNCTIONS = frozenset("datetime date time strftime julianday unixepoch timediff".split())
_PRESENT = frozenset({"CURRENT_TIMESTAMP", "CURRENT_DATE", "CURRENT_TIME"})
#: https://www.sqlite.org/schematab.html
_CATALOGS = frozenset(
    "sqlite_master sqlite_schema sqlite_temp_master sqlite_temp_schema sqlite_sequence".split()
)

_STATEMENT = re.compile(
    r"""\s*(?:--[^\n]*\s*)*(?P<word>SELECT\s|VALUES\s*\(|PRAGMA\s+\w|DELETE\s+FROM\s
      |WITH\s+(?:RECURSIVE\s+)?\w+\s*(?:\([^)]*\)\s*)?AS\s
      |(?:INSERT(?:\s+OR\s+\w+)?|REPLACE)\s+INTO\s
      |UPDATE\s+(?:OR\s+\w+\s+)?\S+\s+SET\s
      |CREATE\s+(?:(?:TEMP|TEMPORARY|UNIQUE|VIRTUAL)\s+)?(?:TABLE|INDEX|VIEW|TRIGGER)\s
      |ALTER\s+TABLE\s|DROP\s+(?:TABLE|INDEX|VIEW|TRIGGER)\s)""",
    re.VERBOSE | re.IGNORECASE,
)
#: A piece of a statement that can't be anything else.
_PIECE = re.compile(
    r"""(?:[\w"\])]\s*(?:=|<>|!=|<=|>=|<|>|\|\|)\s*
          |\b(?:LIKE|GLOB|LIMIT|OFFSET|BETWEEN|IN\s*\(|VALUES\s*\()\s*)\?(?=[\s,);\d]|$)
      |\b(?:datetime|date|time|strftime|julianday|unixepoch)\s*\(\s*'
      |\bCURRENT_(?:TIMESTAMP|DATE|TIME)\b""",
    re.VERBOSE,
)
_NO_PIECE = re.compile(r"\\|://")
#: What a text has that is more of a statement than a name or a value.
_SPEAKS = re.compile(
    r"\?|\s[=<>]+\s|\b(?:SELECT|INSERT|UPDATE|DELETE|REPLACE|FROM|WHERE|AND|OR|SET|VALUES|BY|LIMIT"
    r"|OFFSET|JOIN|ON|IN|IS|LIKE|BETWEEN|PRAGMA|CREATE|ALTER|DROP|ASC|DESC)\b"
)
_MARKS_ONLY = re.compile(r"[\s,()?]*\?[\s,()?]*")
#: Python's own placeholders: printf-style, and those of str.format.
_PERCENT = re.compile(r"%(?:\(\w+\))?[-#0 +]*[\d*]*(?:\.[\d*]+)?[a-zA-Z]")
_BRACES = re.compile(r"\{[^{}]*\}")


@dataclass(frozen=True, slots=True)
class SqlText:
    """A string that is SQL, or a piece of it.

    Args:
        line: where it begins.
        parameters: what stands for bound values, as written: ``?``, ``:name``, ``%s``.
        dates: date functions, as ``datetime(``, and CURRENT_TIMESTAMP and its kin.
        catalogs: ``PRAGMA name`` and ``sqlite_master`` and its kin.
        built: how it is put together when the program runs: ``f-string``, ``%``, ``format``,
            ``+``; '' where it is whole.

    """

    line: int
    parameters: tuple[str, ...]
    dates: tuple[str, ...]
    catalogs: tuple[str, ...]
    built: str = ""


def sql_texts(tree: ast.Module, parents: Parents) -> Iterator[SqlText]:
    """Find the SQL of a module, in no particular order.

    That is what goes into ``execute`` and its kin, by way of variables too; what is a statement by
    its first words; and pieces that can't be anything else, such as ``"name = ?"``.
    """
    run = _Flow(parents).of(tree)
    for node in ast.walk(tree):
        if not isinstance(node, ast.expr) or not _is_text(node) or _is_part(node, parents):
            continue
        text = _flat(node)
        if "\0" in text or not (node in run or _is_sql(text, node, parents)):
            continue
        found = _read(text, node.lineno, _built(node) if _SPEAKS.search(text) else "")
        if found.parameters or found.dates or found.catalogs or found.built:
            yield found


def _is_sql(text: str, node: ast.expr, parents: Parents) -> bool:
    if isinstance(parents.get(node), ast.Compare):
        return False
    statement = _STATEMENT.match(text)
    if statement:
        # "Select one of these" is no SQL, and "select name from song" is.
        return statement["word"].isupper() or _parses(text)
    if _MARKS_ONLY.fullmatch(text):
        return _is_repeated(node, parents)
    return bool(_PIECE.search(text)) and not _NO_PIECE.search(text) and not _in_re(node, parents)


def _parses(text: str) -> bool:
    """Whether SQLite takes it; half a surrogate pair is in Python's texts only."""
    return parse(text.encode("utf-8", "replace").decode()) is not None


def _is_repeated(node: ast.AST, parents: Parents) -> bool:
    """Whether a text of question marks is multiplied: ``"?" * 3``, ``["?"] * 3``."""
    above = parents.get(node)
    if isinstance(above, ast.List):
        above = parents.get(above)
    return isinstance(above, ast.BinOp) and isinstance(above.op, ast.Mult)


def _in_re(node: ast.AST, parents: Parents) -> bool:
    above = parents.get(node)
    function = above.func if isinstance(above, ast.Call) else None
    module = function.value if isinstance(function, ast.Attribute) else None
    return isinstance(module, ast.Name) and module.id in ("re", "regex")


def _read(text: str, line: int, built: str) -> SqlText:
    parameters, dates, catalogs = [], [], []
    tokens = [each for each in spelled(text) if each[0] != "blank"]
    before = ""
    for (kind, token), (_, after) in pairwise([*tokens, ("blank", "")]):
        if kind == "parameter" and before != ":":  # "::text" is PostgreSQL's cast
            parameters.append(token)
        elif kind == "word" and token.lower() in _DATE_FUNCTIONS and after == "(":
            dates.append(f"{token.lower()}(")
        elif kind == "word" and token.upper() in _PRESENT:
            dates.append(token.upper())
        elif kind == "word" and token.upper() == "PRAGMA":
            catalogs.append(f"PRAGMA {after.lower()}" if after != _HOLE else "PRAGMA")
        elif kind in ("word", "operand") and token.strip('"`[]').lower() in _CATALOGS:
            catalogs.append(token.strip('"`[]').lower())
        before = token
    return SqlText(line, tuple(parameters), tuple(dates), tuple(catalogs), built)


def _is_text(node: ast.AST | None) -> bool:
    """Whether an expression is a string by its looks."""
    match node:
        case ast.Constant(value=str()) | ast.JoinedStr():
            return True
        case ast.BinOp(left=left, op=ast.Add(), right=right):
            return _is_text(left) or _is_text(right)
        case ast.BinOp(left=left, op=ast.Mod()):
            return _is_text(left)
        case ast.Call(func=ast.Attribute(value=value, attr="format")):
            return _is_text(value)
    return False


def _is_part(node: ast.AST, parents: Parents) -> bool:
    """Whether a string belongs to a larger one, or is no value at all: a docstring."""
    above = parents.get(node)
    match above:
        case ast.Expr() | ast.JoinedStr():
            return True
        case ast.FormattedValue(format_spec=spec):
            return node is spec
        case ast.BinOp(op=ast.Add()):
            return _is_text(above)
        case ast.BinOp(left=left, op=ast.Mod()):
            return node is left
        case ast.Attribute(attr="format"):
            return isinstance(parents.get(above), ast.Call)
    return False


def _flat(node: ast.AST) -> str:
    """Write a string as far as it is known, holes for the rest."""
    match node:
        case ast.Constant(value=str() as value):
            return value
        case ast.JoinedStr(values=values):
            return "".join(_flat(each) for each in values)
        case ast.BinOp(left=left, op=ast.Add(), right=right):
            return _flat(left) + _flat(right)
        case ast.BinOp(left=left, op=ast.Mod()) if _is_text(left):
            return _PERCENT.sub(_HOLE, _flat(left)).replace("%%", "%")
        case ast.Call(func=ast.Attribute(value=value, attr="format")) if _is_text(value):
            return _BRACES.sub(_HOLE, _flat(value))
    return _HOLE


def _built(node: ast.AST) -> str:
    """Say how a string is put together at run time, '' if it isn't."""
    match node:
        case ast.JoinedStr(values=values):
            holes = any(isinstance(each, ast.FormattedValue) for each in values)
            return "f-string" if holes else ""
        case ast.BinOp(left=left, op=ast.Add(), right=right):
            if not (_is_text(left) and _is_text(right)):
                return "+"
            return _built(left) or _built(right)
        case ast.BinOp(op=ast.Mod()):
            return "%"
        case ast.Call():
            return "format"
    return ""


@dataclass(slots=True)
class _Flow:
    """Follows strings through the variables of a module to where they are run."""

    parents: Parents
    bound: dict[tuple[ast.AST, str], list[ast.AST]] = field(
        default_factory=lambda: defaultdict(list)
    )

    def of(self, tree: ast.Module) -> set[ast.AST]:
        """Give the nodes whose text becomes part of a statement that is run."""
        pending: list[ast.AST] = []
        for node in ast.walk(tree):
            self._bind(node)
            if isinstance(node, ast.Call) and _called(node) in _EXECUTES and node.args:
                pending.append(node.args[0])
        reached: set[ast.AST] = set()
        while pending:
            node = pending.pop()
            if node not in reached:
                reached.add(node)
                pending.extend(self._sources(node))
        return reached

    def _bind(self, node: ast.AST) -> None:
        match node:
            case ast.Assign(targets=targets, value=value):
                for target in targets:
                    self._assign(target, value)
            case ast.AnnAssign(target=target, value=ast.expr() as value):
                self._assign(target, value)
            case ast.AugAssign(target=target, value=value):
                self._assign(target, value)
            case ast.NamedExpr(target=target, value=value):
                self._assign(target, value)
            case ast.For(target=target, iter=value) | ast.comprehension(target=target, iter=value):
                self._assign(target, value)
            case ast.Call(func=ast.Attribute(value=ast.Name() as name, attr=attr), args=args):
                if attr in _COLLECTS:
                    for each in args:
                        self._assign(name, each)

    def _assign(self, target: ast.AST, value: ast.AST) -> None:
        match target, value:
            case ast.Name(id=name), _:
                self.bound[self._scope(target), name].append(value)
            case ast.Tuple(elts=names), ast.Tuple(elts=values) if len(names) == len(values):
                for each, its in zip(names, values, strict=True):
                    self._assign(each, its)
            case ast.Tuple(elts=names), _:
                for each in names:
                    self._assign(each, value)

    def _scope(self, node: ast.AST) -> ast.AST:
        above = self.parents[node]
        while not isinstance(above, ast.FunctionDef | ast.AsyncFunctionDef | ast.Module):
            above = self.parents[above]
        return above

    def _sources(self, node: ast.AST) -> Iterator[ast.AST]:
        """Give what the text of an expression is made of."""
        match node:
            case ast.Name(id=name):
                yield from self._values(node, name)
            case ast.IfExp(body=body, orelse=otherwise):
                yield from (body, otherwise)
            case ast.Subscript(value=value) | ast.Starred(value=value):
                yield value
            case ast.Dict(values=values):
                yield from values
            case ast.ListComp(elt=elt) | ast.GeneratorExp(elt=elt) | ast.SetComp(elt=elt):
                yield elt
            case ast.Call() if _called(node) in _KEEPS_TEXT:
                yield from node.args
                if isinstance(node.func, ast.Attribute):
                    yield node.func.value
            case (
                ast.BinOp()
                | ast.JoinedStr()
                | ast.FormattedValue()
                | ast.BoolOp()
                | ast.List()
                | ast.Tuple()
                | ast.Set()
                | ast.NamedExpr()
                | ast.Await()
            ):
                yield from ast.iter_child_nodes(node)

    def _values(self, node: ast.AST, name: str) -> list[ast.AST]:
        scope = self._scope(node)
        while (scope, name) not in self.bound and not isinstance(scope, ast.Module):
            scope = self._scope(scope)
        return self.bound.get((scope, name), [])


def _called(call: ast.Call) -> str:
    match call.func:
        case ast.Attribute(attr=name) | ast.Name(id=name):
            return name
    return ""
