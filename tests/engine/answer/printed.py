"""A formula as it is printed, evaluated with its inputs as they are printed: every printed figure stands for all the
values that are rounded to it, so the result is an interval."""

from __future__ import annotations

import ast
import math
import re
from collections.abc import Callable, Mapping
from typing import NamedTuple

NAME = re.compile(r"[A-Za-z](?:\w|[-' ](?=\w))*")
FIGURE = re.compile(r"-?[\d,]*\.?\d+")
DIGITS = 5


class Interval(NamedTuple):
    low: float
    high: float

    def holds(self, value: float, slack: float) -> bool:
        return self.low - slack <= value <= self.high + slack


def exactly(value: float) -> Interval:
    return Interval(value, value)


def printed(text: str) -> Interval:
    """ "1,234.5 ms (words)" is anything that rounds to 1,234.5; a whole number below 100,000 is rounded to the
    digits that are not shown too."""
    found = FIGURE.match(text)
    assert found, text
    value = float(found.group().replace(",", ""))
    share = 0.01 if text[found.end() :].startswith(" %") else 1.0
    last = math.floor(math.log10(abs(value))) - DIGITS + 1 if value else -12
    half = 0.5 * 10.0 ** min(last, 0)
    return Interval((value - half) * share, (value + half) * share)


def _spread(values: list[float]) -> Interval:
    return Interval(min(values), max(values))


def _power(a: float, b: float) -> float:
    return 0.0 if a <= 0 < b else math.inf if a <= 0 else a**b


def _divide(a: float, b: float) -> float:
    return math.copysign(math.inf, a) if b == 0 else a / b


BINARY = {
    ast.Add: lambda a, b: a + b,
    ast.Sub: lambda a, b: a - b,
    ast.Mult: lambda a, b: 0.0 if 0 in {a, b} else a * b,
    ast.Div: _divide,
    ast.Pow: _power,
}
RISING: dict[str, Callable[..., float]] = {
    "max": max,
    "min": min,
    "ceil": lambda x: math.ceil(x - 1e-9 * abs(x)),
    "ln": lambda x: math.log(x) if x > 0 else -math.inf,
}


def _value(node: ast.AST, inputs: Mapping[str, Interval]) -> Interval:
    match node:
        case ast.Expression(body=body):
            return _value(body, inputs)
        case ast.Constant(value=int() | float() as number):
            return exactly(float(number))
        case ast.Name(id=name):
            return inputs[name]
        case ast.BinOp(left=left, op=op, right=right):
            a, b = _value(left, inputs), _value(right, inputs)
            return _spread([BINARY[type(op)](x, y) for x in a for y in b])
        case ast.Call(func=ast.Name(id=name), args=args, keywords=[]):
            given = [_value(arg, inputs) for arg in args]
            call = RISING[name]
            return Interval(call(*(g.low for g in given)), call(*(g.high for g in given)))
        case _:
            raise AssertionError(ast.dump(node))


def evaluate(formula: str, inputs: Mapping[str, str]) -> Interval:
    """What a printed formula gives.    Raises: KeyError for a name that is not among the printed inputs."""
    names: dict[str, str] = {}

    def plain(found: re.Match[str]) -> str:
        word = found.group()
        if word in RISING:
            return word
        return names.setdefault(word, f"v{len(names)}")

    text = NAME.sub(plain, formula).replace("\u00d7", "*").replace("^", "**")
    values = {short: printed(inputs[word]) for word, short in names.items()}
    return _value(ast.parse(text, mode="eval"), values)
