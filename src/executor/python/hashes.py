"""Whether a program could tell one hash seed from another."""

from __future__ import annotations

import ast

NAMES = frozenset({"set", "frozenset", "hash", "id"})
VIEWS = frozenset({"keys", "items"})
SET_OPERATORS = (ast.BitAnd, ast.BitOr, ast.BitXor, ast.Sub)


def sees_hashes(nodes: list[ast.AST]) -> bool:
    """True if it makes a set, of views of dicts too, or asks for a hash or an identity. What gets at one otherwise is
    not found: what `repr` shows of an object, what a library does. `nodes` are all of the program.
    """
    names = {node.id for node in nodes if isinstance(node, ast.Name)}
    attributes = {node.attr for node in nodes if isinstance(node, ast.Attribute)}
    if (
        names & NAMES
        or "__hash__" in attributes
        or any(isinstance(node, ast.Set | ast.SetComp) for node in nodes)
    ):
        return True
    operations = [node.op for node in nodes if isinstance(node, ast.BinOp | ast.AugAssign)]
    return attributes & VIEWS != set() and any(isinstance(operator, SET_OPERATORS) for operator in operations)
