"""Whether a program's value can depend on its input at all."""

from __future__ import annotations

import ast

from entry import ENTRY, identifiers, is_plain_use
from reflection import sees_names
from scopes import parameters


def ignores_input(tree: ast.Module, nodes: list[ast.AST]) -> bool:
    """True if `f` is one plain function, with parameters, and nothing in it mentions any of them. One that mentions a
    parameter and makes nothing of it (`x * 0`) is not found, nor one that could look into its frames.

    `nodes` are all that are in the tree.
    """
    functions = [one for one in tree.body if isinstance(one, ast.FunctionDef) and one.name == ENTRY]
    if len(functions) != 1 or functions[0].decorator_list or mentions_parameters(functions[0], nodes):
        return False
    others = [node for node in nodes if node is not functions[0] and not is_plain_use(node)]
    return not any(ENTRY in identifiers(node) for node in others) and not sees_names(nodes)


def mentions_parameters(function: ast.FunctionDef, nodes: list[ast.AST]) -> bool:
    """Also true if there are none."""
    names = {parameter.arg for parameter in parameters(function.args)}
    lines = range(function.lineno, (function.end_lineno or 0) + 1)
    return not names or any(isinstance(n, ast.Name) and n.id in names and n.lineno in lines for n in nodes)
