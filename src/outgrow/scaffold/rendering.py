"""The templates, which lie as the tree that they make: ``templates/migration/README.md.jinja``."""

from __future__ import annotations

import re
import shlex

from jinja2 import Environment, PackageLoader, StrictUndefined

from outgrow.scaffold import markdown


def render(template: str, **facts: object) -> str:
    """Render one template, ``migration/README.md`` say; what it does not know is an error."""
    text = _environment().get_template(f"{template}.jinja").render(**facts)
    return re.sub(r"\n{3,}", "\n\n\n", text).rstrip("\n") + "\n"


def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("outgrow.scaffold"),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        autoescape=False,  # noqa: S701 - not HTML
    )
    environment.filters["shell"] = _shell
    environment.filters["python"] = _python
    environment.filters["code"] = markdown.code
    environment.filters["plain"] = markdown.plain
    environment.filters["number"] = lambda value: f"{value:,}"
    return environment


def _shell(path: object) -> str:
    """Write a path for a shell, and so that a command doesn't take it for an option."""
    text = str(path)
    return shlex.quote(f"./{text}" if text.startswith("-") else text)


def _python(value: object) -> str:
    """Write a text as Python does, in double quotes where they need no escape."""
    written = repr(str(value))
    return f'"{written[1:-1]}"' if written[0] == "'" and '"' not in written else written
