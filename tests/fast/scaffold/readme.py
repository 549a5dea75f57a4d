"""A project that init has outfitted, and what the README of its migration shows."""

from __future__ import annotations

import re
import shlex
from dataclasses import dataclass
from pathlib import Path

from fast.scaffold.projects import Sample
from outgrow.cli.console import Drawn
from outgrow.scaffold.outfit import outfit
from outgrow.scaffold.project import project_at
from outgrow.scaffold.writing import write


@dataclass(frozen=True)
class Made:
    """A project with all its files, and what its README shows."""

    root: Path
    text: str

    @property
    def blocks(self) -> list[tuple[str, str]]:
        """Fenced blocks: language and lines."""
        return re.findall(r"^```(\w+)\n(.*?)^```$", self.text, re.MULTILINE | re.DOTALL)

    @property
    def spans(self) -> list[str]:
        """Texts between backticks, outside of blocks."""
        prose = re.sub(r"^```.*?^```$", "", self.text, flags=re.MULTILINE | re.DOTALL)
        found = re.findall(r"(?<!`)(`+)(?!`)(.+?)(?<!`)\1(?!`)", prose)
        return [text.strip() for _, text in found]

    @property
    def commands(self) -> list[str]:
        """Every line of shell, in blocks and in the text."""
        lines = [line for kind, block in self.blocks if kind == "sh" for line in block.splitlines()]
        spans = [text for text in self.spans if re.match(f"{_STARTS} ", text)]
        return [line for line in [*lines, *spans] if not line.startswith("#")]


_STARTS = r"(?:[A-Z_]+=\S+ )?(?:outgrow|docker|python|psql|git|grep|cat|export)"


def outfitted(sample: Sample, folder: Path) -> Made:
    root = sample.make(folder)
    options = dict(zip(sample.arguments[::2], sample.arguments[1::2], strict=True))
    project = project_at(root, [], package=options.get("--package"), name=options.get("--name"))
    with Drawn() as progress:
        write(outfit(project, progress).files)
    return Made(root, (root / "migration" / "README.md").read_text(encoding="utf-8"))


def parts(line: str) -> list[list[str]]:
    """Split a line of shell into its simple commands, without assignments and redirections."""
    lexer = shlex.shlex(line, posix=True, punctuation_chars="|>")
    lexer.whitespace_split = True
    commands: list[list[str]] = [[]]
    for word in lexer:
        if word == "|":
            commands.append([])
        else:
            commands[-1].append(word)
    for command in commands:
        while re.match(r"[A-Z_]+=", command[0]):
            command.pop(0)
        if ">" in command:
            del command[command.index(">") :]
    return commands
