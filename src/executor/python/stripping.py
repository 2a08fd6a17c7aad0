"""A program without what says nothing to the interpreter, written out again from its syntax tree."""

from __future__ import annotations

import ast
from typing import NamedTuple

from entry import ENTRY

DOCUMENTED = ast.Module | ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef


class Stripped(NamedTuple):
    without_comments: str
    """Docstrings are comments; an empty body becomes `pass`."""
    without_globals: str
    """Without the module's assignments to plain variables as well, but for the one that makes the entry."""


def strip(program: str) -> Stripped:
    """Both are empty where the program is."""
    tree = ast.parse(program)
    remove_docstrings(tree)
    without_comments = ast.unparse(tree)
    tree.body = [statement for statement in tree.body if not is_global(statement)]
    return Stripped(without_comments, ast.unparse(tree))


def remove_docstrings(tree: ast.Module) -> None:
    for node in ast.walk(tree):
        if not isinstance(node, DOCUMENTED):
            continue
        first = next((i for i, statement in enumerate(node.body) if not is_text(statement)), len(node.body))
        node.body = node.body[first:]
        if not node.body and not isinstance(node, ast.Module):
            node.body = [ast.Pass()]


def is_text(statement: ast.stmt) -> bool:
    return (
        isinstance(statement, ast.Expr)
        and isinstance(statement.value, ast.Constant)
        and isinstance(statement.value.value, str)
    )


def is_global(statement: ast.stmt) -> bool:
    if not isinstance(statement, ast.Assign | ast.AnnAssign | ast.AugAssign):
        return False
    targets = statement.targets if isinstance(statement, ast.Assign) else [statement.target]
    bound = [node for target in targets for node in ast.walk(target)]
    names = {node.id for node in bound if isinstance(node, ast.Name)}
    return ENTRY not in names and not any(isinstance(node, ast.Attribute | ast.Subscript) for node in bound)
