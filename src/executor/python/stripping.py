"""A program without what says nothing to the interpreter, written out again from its syntax tree."""

from __future__ import annotations

import ast
from typing import NamedTuple

from entry import ENTRY
from nameless import nameless
from tree import walk

DOCUMENTED = ast.Module | ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef


class Stripped(NamedTuple):
    without_comments: str
    """Docstrings are comments; an empty body becomes `pass`."""
    without_globals: str
    """Without the module's assignments to plain variables as well, but for the one that makes the entry."""
    without_names: str
    """As `nameless` has it, of the program without comments."""


def strip(program: str, text: str | None = None) -> Stripped:
    """All are empty where the program is. `text` is what its tree is written out as, where that is known."""
    tree = ast.parse(program)
    nodes = walk(tree)
    if remove_docstrings(nodes):
        nodes, text = walk(tree), None
    without_comments = ast.unparse(tree) if text is None else text
    kept = [statement for statement in tree.body if not is_global(statement)]
    is_whole = len(kept) == len(tree.body)
    without_globals = without_comments if is_whole else ast.unparse(ast.Module(kept, []))
    return Stripped(without_comments, without_globals, nameless(tree, nodes))


def remove_docstrings(nodes: list[ast.AST]) -> bool:
    """Whether there were any."""
    removed = False
    for node in nodes:
        if not isinstance(node, DOCUMENTED) or not node.body or not is_text(node.body[0]):
            continue
        removed = True
        first = next((i for i, statement in enumerate(node.body) if not is_text(statement)), len(node.body))
        node.body = node.body[first:]
        if not node.body and not isinstance(node, ast.Module):
            node.body = [ast.Pass()]
    return removed


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
    bound = [node for target in targets for node in walk(target)]
    names = {node.id for node in bound if isinstance(node, ast.Name)}
    return ENTRY not in names and not any(isinstance(node, ast.Attribute | ast.Subscript) for node in bound)
