"""Whether a program could make text of an address that is the same wherever its module is loaded in a process.

`repr` writes an address for what has no better text. What a program has made itself lies elsewhere in each module, so
that two loads show it; what it only borrows does not: a method of a constant, a function of the library.
"""

from __future__ import annotations

import ast

from harmless import ATTRIBUTES, WRITTEN_IN_PYTHON, words

DATA = frozenset(
    {"__name__", "args", "default_factory", "denominator", "imag", "maxlen", "numerator", "real", "value"}
)
"""Attributes that are no methods."""

CALLERS = words(
    """accumulate cmp_to_key dropwhile filter groupby lru_cache map max min reduce sorted starmap takewhile"""
)
"""Functions that only call what they are given, and make no text of it."""


def sees_addresses(nodes: list[ast.AST]) -> bool:
    """Of a program that leaves nothing behind (confinement.py); of others False says nothing. `nodes` are all of it."""
    borrowed = set(names_of_functions(nodes))
    called = {id(one) for node in nodes for one in only_called(node)}
    return any(id(node) not in called and is_borrowed(node, borrowed) for node in nodes)


def names_of_functions(nodes: list[ast.AST]) -> list[str]:
    return [
        alias.asname or alias.name
        for node in nodes
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
        if (node.module, alias.name) in WRITTEN_IN_PYTHON
    ]


def only_called(node: ast.AST) -> list[ast.expr]:
    match node:
        case ast.Call(func=function):
            is_caller = isinstance(function, ast.Name) and function.id in CALLERS
            named = [argument.value for argument in node.keywords if argument.arg == "key"]
            return [function, *named, *(node.args if is_caller else [])]
        case ast.FunctionDef(decorator_list=decorators):
            return decorators
        case ast.Attribute(value=base):
            return [base] if isinstance(base, ast.Name) else []
    return []


def is_borrowed(node: ast.AST, borrowed: set[str]) -> bool:
    match node:
        case ast.Attribute(attr=name, ctx=ast.Load()):
            return name in ATTRIBUTES and name not in DATA
        case ast.Name(id=name, ctx=ast.Load()):
            return name in borrowed
    return False
