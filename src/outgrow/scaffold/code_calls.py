"""How a Python module gets at its database: what it imports, opens, hands on and calls."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import PurePosixPath

from outgrow.scaffold.code_sql import Parents, SqlText, sql_texts

#: What opens a SQLite file, by the name it has where it is made.
OPENERS = frozenset(
    """
    sqlite3.connect sqlite3.Connection sqlite3.dbapi2.connect sqlite3.dbapi2.Connection
    pysqlite3.connect pysqlite3.dbapi2.connect aiosqlite.connect apsw.Connection
    """.split()
)
_MODULES = frozenset(opener.rpartition(".")[0] for opener in OPENERS)
_ENGINES = frozenset({"create_engine", "create_async_engine"})

_Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True, slots=True)
class Call:
    """A call of something that has a name.

    Args:
        line: where it stands.
        name: dotted, imports resolved: ``core.connection.get_connection``; begins with ``?.`` where
            it is called on the value of an expression.
        function: the function that it stands in, ``Class.method``; '' at the top.
        bare: what it gives is used at once or put into a variable, and not in a ``with``.

    """

    line: int
    name: str
    function: str
    bare: bool


@dataclass(frozen=True, slots=True)
class Function:
    """A function, and the dotted names of the calls whose results it gives to its callers."""

    name: str
    line: int
    gives: frozenset[str]


@dataclass(frozen=True, slots=True)
class Module:
    """What counts about one module; ``openings`` open a SQLite file themselves."""

    path: PurePosixPath
    openings: tuple[Call, ...]
    calls: tuple[Call, ...]
    functions: tuple[Function, ...]
    sql: tuple[SqlText, ...]


def read_module(path: PurePosixPath, tree: ast.Module) -> Module:
    """Read a module whose path is relative to the project's root."""
    parents: Parents = {
        child: node for node in ast.walk(tree) for child in ast.iter_child_nodes(node)
    }
    reader = _Reader(tree, parents)
    return Module(
        path,
        tuple(_sorted(reader.openings())),
        tuple(_sorted(reader.calls())),
        tuple(reader.functions()),
        tuple(sorted(sql_texts(tree, parents), key=lambda each: each.line)),
    )


def _sorted(calls: Iterator[Call]) -> list[Call]:
    return sorted(calls, key=lambda each: (each.line, each.name))


@dataclass(slots=True)
class _Reader:
    tree: ast.Module
    parents: Parents
    names: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for node in ast.walk(self.tree):
            self._name(node)

    def _name(self, node: ast.AST) -> None:
        """Note what a name stands for: an import, or an opener by another name."""
        match node:
            case ast.Import(names=names):
                for each in names:
                    dotted = each.name if each.asname else each.name.partition(".")[0]
                    self.names[each.asname or dotted] = dotted
            case ast.ImportFrom(module=module, names=names):
                for each in names:
                    if each.name == "*" and module in _MODULES:
                        self.names["connect"] = f"{module}.connect"
                    else:
                        self.names[each.asname or each.name] = f"{module or ''}.{each.name}"
            case ast.Assign(targets=[ast.Name(id=name)], value=ast.Name() | ast.Attribute() as its):
                if self.dotted(its) in OPENERS | _MODULES:
                    self.names[name] = self.dotted(its)

    def dotted(self, node: ast.AST) -> str:
        """Write the name of an expression with imports resolved."""
        match node:
            case ast.Name(id=name):
                return self.names.get(name, name)
            case ast.Attribute(value=value, attr=name):
                return f"{self.dotted(value)}.{name}"
        return "?"

    def openings(self) -> Iterator[Call]:
        for node in ast.walk(self.tree):
            match node:
                case ast.Call() if self._opens(node):
                    yield self._call(node, node.func)
                case ast.Name() | ast.Attribute() if self._hands_on(node):
                    yield self._call(node, node)

    def calls(self) -> Iterator[Call]:
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Call) and not self._opens(node):
                yield self._call(node, node.func)

    def _opens(self, call: ast.Call) -> bool:
        name = self.dotted(call.func)
        if name.rpartition(".")[2] in _ENGINES:
            texts = [each for given in call.args[:1] for each in ast.walk(given)]
            return any(
                isinstance(each, ast.Constant) and str(each.value).startswith("sqlite")
                for each in texts
            )
        return name in OPENERS and not _in_memory(call)

    def _hands_on(self, node: ast.expr) -> bool:
        """Whether ``sqlite3.connect`` itself is given away: ``partial(sqlite3.connect, …)``."""
        above = self.parents.get(node)
        if isinstance(above, ast.keyword):
            above = self.parents[above]
        is_given = isinstance(above, ast.Call) and node is not above.func
        name = self.dotted(node)
        return is_given and name in OPENERS and name.endswith(".connect")

    def _call(self, node: ast.expr, function: ast.expr) -> Call:
        return Call(node.lineno, self.dotted(function), self._function(node), self._is_bare(node))

    def _is_bare(self, node: ast.AST) -> bool:
        match self.parents.get(node):
            case ast.Assign() | ast.AnnAssign() | ast.NamedExpr() | ast.Attribute():
                return True
        return False

    def _function(self, node: ast.AST) -> str:
        """Name the function that a node stands in, with its class."""
        names: list[str] = []
        above = self.parents.get(node)
        while above is not None:
            if isinstance(above, _Function) and not names:
                names = [above.name]
            elif isinstance(above, ast.ClassDef) and names:
                return f"{above.name}.{names[0]}"
            above = self.parents.get(above)
        return "".join(names)

    def functions(self) -> Iterator[Function]:
        for node in ast.walk(self.tree):
            if isinstance(node, _Function):
                name = self._named(node)
                gives = self._given(node)
                if gives:
                    yield Function(name, node.lineno, frozenset(gives))

    def _named(self, node: _Function) -> str:
        above = self.parents[node]
        return f"{above.name}.{node.name}" if isinstance(above, ast.ClassDef) else node.name

    def _given(self, function: _Function) -> set[str]:
        """Give the names of the calls whose results a function returns, yields or keeps."""
        bound: dict[str, set[str]] = {}
        given: set[str] = set()
        results: list[ast.AST] = []
        for node in self._own(function):
            match node:
                case ast.Assign(targets=targets, value=value):
                    for target in targets:
                        bound.setdefault(self.dotted(target), set()).update(self._results(value))
                case ast.withitem(context_expr=value, optional_vars=ast.expr() as target):
                    bound.setdefault(self.dotted(target), set()).update(self._results(value))
                case ast.Return(value=ast.expr() as value) | ast.Yield(value=ast.expr() as value):
                    results.append(value)
        if function.name in ("__init__", "__enter__", "__aenter__"):
            # What an object keeps belongs to those who made it.
            return {each for name, its in bound.items() if name.startswith("self.") for each in its}
        for result in results:
            given |= self._results(result)
            for name in self._values(result):
                given |= bound.get(name, set())
        return given

    def _own(self, function: _Function) -> Iterator[ast.AST]:
        """Walk a function without the functions in it."""
        pending: list[ast.AST] = list(function.body)
        while pending:
            node = pending.pop()
            yield node
            if not isinstance(node, _Function | ast.Lambda | ast.ClassDef):
                pending.extend(ast.iter_child_nodes(node))

    def _results(self, value: ast.AST) -> set[str]:
        """Give the names of the calls that an expression hands on: ``closing(connect(…))``."""
        return {self.dotted(node.func) for node in self._parts(value) if isinstance(node, ast.Call)}

    def _values(self, value: ast.AST) -> set[str]:
        return {
            self.dotted(node)
            for node in self._parts(value)
            if isinstance(node, ast.Name | ast.Attribute)
        }

    def _parts(self, value: ast.AST) -> Iterator[ast.AST]:
        """Walk an expression, but not into what a method is called on."""
        pending: list[ast.AST] = [value]
        while pending:
            node = pending.pop()
            yield node
            if isinstance(node, ast.Call):
                pending.extend([*node.args, *(each.value for each in node.keywords)])
            elif not isinstance(node, ast.Attribute | ast.Subscript | ast.Compare | ast.Lambda):
                pending.extend(ast.iter_child_nodes(node))


def _in_memory(call: ast.Call) -> bool:
    """Whether a database is opened that is no file (https://www.sqlite.org/inmemorydb.html)."""
    return any(
        isinstance(each, ast.Constant) and each.value in ("", ":memory:") for each in call.args[:1]
    )
