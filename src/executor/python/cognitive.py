"""Cognitive complexity: what breaks a program's linear flow, each break weighing how deep it is nested.

The rules are SonarSource's (G. A. Campbell, "Cognitive Complexity", 2018). Where they do not speak of Python, this
counts as complexipy does: a `for` of a comprehension is a loop, a loop's `else` is free. Unlike complexipy it looks at
every expression, wherever it stands, and at recursion in nested functions. A recursion over several functions is not
found.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable, Iterator
from typing import Any, NamedTuple

from tree import children

Function = ast.FunctionDef | ast.AsyncFunctionDef


class Place(NamedTuple):
    nesting: int
    functions: tuple[Function, ...]
    """The functions around, the innermost last."""

    def deeper(self) -> Place:
        return self._replace(nesting=self.nesting + 1)


def cognitive_complexity(tree: ast.Module) -> int:
    return Counter().count(tree)


class Counter:
    """Walks with a list of its own: hostile programs are deeper than the interpreter's stack."""

    def __init__(self) -> None:
        self.score = 0
        self.waiting: list[tuple[ast.AST, Place]] = []
        self.recursive: set[Function] = set()

    def count(self, tree: ast.Module) -> int:
        self.waiting.append((tree, Place(0, ())))
        while self.waiting:
            node, place = self.waiting.pop()
            visit = VISITS.get(type(node))
            if visit is None:
                self.look(children(node), place)
            else:
                visit(self, node, place)
        return self.score + len(self.recursive)

    def look(self, nodes: Iterable[ast.AST], place: Place) -> None:
        self.waiting += ((node, place) for node in nodes)

    def visit_if(self, node: ast.If, place: Place) -> None:
        """An `elif` or `else` costs 1 wherever it stands."""
        self.score += 1 + place.nesting
        self.branch(node, place)
        while (following := elif_of(node)) is not None:
            self.score += 1
            self.branch(following, place)
            node = following
        self.score += bool(node.orelse)
        self.look(node.orelse, place.deeper())

    def branch(self, node: ast.If, place: Place) -> None:
        self.look([node.test], place)
        self.look(node.body, place.deeper())

    def visit_loop(self, node: ast.For | ast.AsyncFor | ast.While, place: Place) -> None:
        self.score += 1 + place.nesting
        self.look([node.test] if isinstance(node, ast.While) else [node.target, node.iter], place)
        self.look(node.body, place.deeper())
        self.look(node.orelse, place)

    def visit_breaking(self, node: ast.AST, place: Place) -> None:
        self.score += 1 + place.nesting
        self.look(children(node), place.deeper())

    def visit_comprehension(self, node: Any, place: Place) -> None:
        """Each `for` is a loop; each `if` costs 1."""
        self.score += sum(1 + place.nesting + len(one.ifs) for one in node.generators)
        self.look(children(node), place.deeper())

    def visit_bool_op(self, node: ast.BoolOp, place: Place) -> None:
        """A sequence of like operators costs 1, however long it is."""
        self.score += 1
        self.look(operands(node), place)

    def visit_lambda(self, node: ast.Lambda, place: Place) -> None:
        self.look([node.args], place)
        self.look([node.body], place.deeper())

    def visit_function(self, node: Function, place: Place) -> None:
        """A function in a function is nested, but in one that does nothing else than return it."""
        body = set(map(id, node.body))
        self.look((child for child in children(node) if id(child) not in body), place)
        nesting = place.nesting + (not is_wrapper(place.functions[-1])) if place.functions else 0
        self.look(node.body, Place(nesting, (*place.functions, node)))

    def visit_class(self, node: ast.ClassDef, place: Place) -> None:
        body = set(map(id, node.body))
        self.look((child for child in children(node) if id(child) not in body), place)
        self.look(node.body, Place(0, ()))

    def visit_call(self, node: ast.Call, place: Place) -> None:
        if isinstance(node.func, ast.Name):
            self.recursive |= {one for one in place.functions if one.name == node.func.id}
        self.look(children(node), place)


def elif_of(node: ast.If) -> ast.If | None:
    """An `if` within an `else` stands further to the right than the `else`."""
    following = node.orelse[0] if len(node.orelse) == 1 else None
    return following if isinstance(following, ast.If) and following.col_offset == node.col_offset else None


def operands(node: ast.BoolOp) -> Iterator[ast.expr]:
    waiting = [node]
    while waiting:
        for value in waiting.pop().values:
            if isinstance(value, ast.BoolOp) and type(value.op) is type(node.op):
                waiting.append(value)
            else:
                yield value


def is_wrapper(function: Function) -> bool:
    first, *others = function.body
    is_documented = isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant)
    kinds = [type(statement) for statement in (others if is_documented else function.body)]
    return kinds in ([ast.FunctionDef, ast.Return], [ast.AsyncFunctionDef, ast.Return])


VISITS: dict[type, Callable[[Counter, Any, Place], None]] = {
    ast.If: Counter.visit_if,
    ast.For: Counter.visit_loop,
    ast.AsyncFor: Counter.visit_loop,
    ast.While: Counter.visit_loop,
    ast.ExceptHandler: Counter.visit_breaking,
    ast.Match: Counter.visit_breaking,
    ast.IfExp: Counter.visit_breaking,
    ast.ListComp: Counter.visit_comprehension,
    ast.SetComp: Counter.visit_comprehension,
    ast.DictComp: Counter.visit_comprehension,
    ast.GeneratorExp: Counter.visit_comprehension,
    ast.BoolOp: Counter.visit_bool_op,
    ast.Lambda: Counter.visit_lambda,
    ast.FunctionDef: Counter.visit_function,
    ast.AsyncFunctionDef: Counter.visit_function,
    ast.ClassDef: Counter.visit_class,
    ast.Call: Counter.visit_call,
}
