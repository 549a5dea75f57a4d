"""LIKE and GLOB called as functions: the pattern comes first.

``like('a%', x)`` is ``x LIKE 'a%'``, ``like(p, x, '!')`` is ``x LIKE p ESCAPE '!'``.
"""

from __future__ import annotations

from collections.abc import Sequence

from outgrow.translate.expressions.matching import glob, like
from outgrow.translate.expressions.values import Value
from outgrow.translate.registry import Function
from outgrow.translate.translator import Translator


def like_(translator: Translator, values: Sequence[Value]) -> Value:
    """``like(pattern, x)``, ``like(pattern, x, escape)``."""
    wanted, operand, *escape = values
    return like(translator.ctx, operand, wanted, escape[0] if escape else None)


def glob_(translator: Translator, values: Sequence[Value]) -> Value:
    """``glob(pattern, x)``."""
    return glob(translator.ctx, values[1], values[0])


FUNCTIONS = {"like": Function(like_, 2, 3), "glob": Function(glob_, 2, 2)}
