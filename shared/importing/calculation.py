"""A small exact calculation over columns: `Quantity * UnitPrice`, `{Net amount} - {Discount}`.

Only + - * and brackets, on decimals: nothing is rounded on the way.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from shared.errors import Invalid

_BRACED = re.compile(r"\{([^{}]+)\}")

Evaluate = Callable[[Sequence[str]], Decimal]
"""From the cells of a line to the result; raises ValueError when a cell is no number."""


class InvalidCalculation(Invalid):
    """The formula is not one that is understood."""

    code = "invalid-calculation"
    title_zh = "计算式无效"
    title_en = "Invalid calculation"


@dataclass(frozen=True, slots=True)
class Calculation:
    """A formula, and the columns that it needs."""

    formula: str
    columns: tuple[str, ...]
    _tree: ast.expr
    _names: dict[str, str]

    def compile(self, position: Callable[[str], int]) -> Evaluate:
        """The function that computes it; `position` tells where a column stands in the cells."""
        return _compile(self._tree, lambda name: position(self._names[name]))


def calculation(formula: str) -> Calculation:
    """Read a formula. A column whose name is no plain word stands in {braces}."""
    names: dict[str, str] = {}

    def name(match: re.Match[str]) -> str:
        placeholder = f"_column_{len(names)}"
        names[placeholder] = match[1]
        return placeholder

    try:
        tree = ast.parse(_BRACED.sub(name, formula), mode="eval").body
        plain = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
        names |= {each: each for each in plain if each not in names}
        _compile(tree, lambda _: 0)
    except (SyntaxError, ValueError) as error:
        raise InvalidCalculation(
            f"计算式 {formula} 只能含列名、数字、+ - * 与括号",
            f"the calculation {formula} may hold columns, numbers, + - * and brackets only",
        ) from error
    return Calculation(formula, tuple(sorted(names.values())), tree, names)


def exact_number(text: str) -> Decimal:
    """The number that a cell says, without thousands separators. Raises ValueError."""
    try:
        number = Decimal(text)
    except InvalidOperation:
        number = None
    if number is None or not number.is_finite():
        raise ValueError(f"{text!r} 不是数字 / {text!r} is no number")
    return number


def _compile(node: ast.expr, position: Callable[[str], int]) -> Evaluate:
    match node:
        case ast.Name(id=name):
            index = position(name)
            return lambda cells: exact_number(cells[index])
        case ast.Constant(value=int() | float() as value) if not isinstance(value, bool):
            constant = Decimal(str(value))
            return lambda cells: constant
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            inner = _compile(operand, position)
            return lambda cells: -inner(cells)
        case ast.BinOp(left=left, op=ast.Add() | ast.Sub() | ast.Mult() as operator, right=right):
            first, second = _compile(left, position), _compile(right, position)
            if isinstance(operator, ast.Add):
                return lambda cells: first(cells) + second(cells)
            if isinstance(operator, ast.Sub):
                return lambda cells: first(cells) - second(cells)
            return lambda cells: first(cells) * second(cells)
    raise ValueError("not understood")
