"""Halstead's measures of a program ("Elements of Software Science", 1977).

What operators and operands are follows radon: the operators of arithmetic, logic and comparison, and what they are
applied to; names in different functions are different operands.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from math import log2
from typing import NamedTuple

from cognitive import Function
from tree import children


class Halstead(NamedTuple):
    volume: float
    """N log2 n, with N operators and operands in all, n of them distinct."""
    effort: float
    """The volume times the difficulty (n1 / 2) (N2 / n2)."""


def halstead(tree: ast.Module) -> Halstead:
    operators: list[str] = []
    operands: list[tuple[str, object]] = []
    for node, function in walk(tree):
        applied, to = application(node)
        operators += (type(operator).__name__ for operator in applied)
        operands += ((function, identity(operand)) for operand in to)
    n1, n2 = len(set(operators)), len(set(operands))
    if n2 == 0:
        return Halstead(0.0, 0.0)
    volume = (len(operators) + len(operands)) * log2(n1 + n2)
    return Halstead(volume, volume * (n1 / 2) * (len(operands) / n2))


def walk(tree: ast.Module) -> Iterator[tuple[ast.AST, str]]:
    """Every node with the name of its function; of a function the body alone."""
    waiting: list[tuple[ast.AST, str]] = [(tree, "")]
    while waiting:
        node, function = waiting.pop()
        if isinstance(node, Function):
            waiting += ((statement, node.name) for statement in node.body)
        else:
            yield node, function
            waiting += ((child, function) for child in children(node))


def application(node: ast.AST) -> tuple[list[ast.AST], list[ast.expr]]:
    """The operators of a node and their operands."""
    match node:
        case ast.BinOp():
            return [node.op], [node.left, node.right]
        case ast.UnaryOp():
            return [node.op], [node.operand]
        case ast.BoolOp():
            return [node.op], node.values
        case ast.AugAssign():
            return [node.op], [node.target, node.value]
        case ast.Compare():
            return [*node.ops], [node.left, *node.comparators]
    return [], []


def identity(operand: ast.expr) -> object:
    """Equal for operands that are the same; a compound expression is like no other."""
    match operand:
        case ast.Name():
            return operand.id
        case ast.Attribute():
            return operand.attr
        case ast.Constant():
            return operand.value
    return operand
