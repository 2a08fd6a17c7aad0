"""Cyclomatic complexity (T. J. McCabe, 1976): one more than the decisions of a function.

What a decision is follows radon: `if`, a conditional expression, a loop and its `else`, an `except` and the `else` of
a `try`, an `assert`, each `and` and `or`, each `for` and `if` of a comprehension, each case but the one that matches
all. A lambda belongs to the function around it; defaults and decorators are not looked at. Unlike radon this looks into
assertions, takes a nested function for one of its own, and a class for its methods, not for their mean.
"""

from __future__ import annotations

import ast

from cognitive import Function
from tree import children


def cyclomatic_complexity(tree: ast.Module) -> int:
    """Of the most complex function; 1 where there is none."""
    decisions: dict[Function, int] = {}
    waiting: list[tuple[ast.AST, Function | None]] = [(tree, None)]
    while waiting:
        node, function = waiting.pop()
        if isinstance(node, Function):
            decisions[node] = 0
            waiting += ((statement, node) for statement in node.body)
            continue
        if function is not None:
            decisions[function] += decisions_at(node)
        inner = None if isinstance(node, ast.ClassDef) else function
        waiting += ((child, inner) for child in children(node))
    return 1 + max(decisions.values(), default=0)


def decisions_at(node: ast.AST) -> int:
    match node:
        case ast.If() | ast.IfExp() | ast.Assert() | ast.ExceptHandler():
            return 1
        case ast.For() | ast.AsyncFor() | ast.While():
            return 1 + bool(node.orelse)
        case ast.Try() | ast.TryStar():
            return int(bool(node.orelse))
        case ast.BoolOp():
            return len(node.values) - 1
        case ast.comprehension():
            return 1 + len(node.ifs)
        case ast.Match():
            return len(node.cases) - any(matches_all(case.pattern) for case in node.cases)
    return 0


def matches_all(pattern: ast.pattern) -> bool:
    return isinstance(pattern, ast.MatchAs) and pattern.pattern is None
