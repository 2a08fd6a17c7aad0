"""A program with numbers for its names, so that programs which differ in names alone are the same text."""

from __future__ import annotations

import ast
import builtins
from collections.abc import Iterator

from entry import ENTRY
from reflection import sees_names
from scopes import Binding, Occurrence, occurrences_of
from tree import walk

BUILTINS = frozenset(vars(builtins))

VISIBLE_WITHIN = (
    ast.FunctionDef,
    ast.AsyncFunctionDef,
    ast.ClassDef,
    ast.Lambda,
    ast.GeneratorExp,
    ast.Yield,
    ast.YieldFrom,
    ast.Await,
)
"""What has a name or a text that begins with the name of the function that it stands in."""


def nameless(tree: ast.Module, nodes: list[ast.AST]) -> str:
    """The tree's text with a number for each variable, parameter and function, in order of first use; empty where the
    program may see what they are called. Equal texts are programs that do the same. The tree is changed by it; `nodes`
    are all that are in it.

    These keep their names: the entry; attributes, classes, and what a class binds; what is passed by name anywhere;
    functions that are more than called; variables of the module that hide a builtin.
    """
    if sees_names(nodes) or any(map(has_other_scope, nodes)):
        return ""
    occurrences = occurrences_of(tree)
    kept_texts = set(texts_kept(nodes, occurrences))
    kept = set(bindings_kept(nodes, occurrences))
    numbers: dict[Binding, str] = {}
    for it in occurrences:
        if it.name not in kept_texts and it.binding not in kept:
            # No program can have a name with a dollar sign.
            it.rename(numbers.setdefault(it.binding, f"${len(numbers)}"))
    return ast.unparse(tree)


def has_other_scope(node: ast.AST) -> bool:
    """Type parameters have scopes of their own; `(x): int` does not bind x, though it looks as if it did."""
    if type(node) is ast.AnnAssign:
        return node.simple == 0 and isinstance(node.target, ast.Name)
    return getattr(node, "type_params", None) not in (None, []) or type(node).__name__ == "TypeAlias"


def texts_kept(nodes: list[ast.AST], occurrences: list[Occurrence]) -> Iterator[str]:
    """Names that are kept wherever they stand: one text may mean an attribute here and a variable there."""
    yield from (node.arg for node in nodes if isinstance(node, ast.keyword) and node.arg is not None)
    for it in occurrences:
        if isinstance(it.scope.node, ast.ClassDef) or it.name.startswith("__"):
            yield it.name


def bindings_kept(nodes: list[ast.AST], occurrences: list[Occurrence]) -> Iterator[Binding]:
    calls = {id(node.func) for node in nodes if isinstance(node, ast.Call)}
    functions = {
        it.binding for it in occurrences if isinstance(it.node, ast.FunctionDef | ast.AsyncFunctionDef)
    }
    for it in occurrences:
        is_global = isinstance(it.scope.node, ast.Module)
        is_needed = isinstance(it.node, ast.ClassDef) or (
            is_global and (it.name == ENTRY or it.name in BUILTINS)
        )
        is_shown = it.binding in functions and not is_hidden(it.node) and id(it.node) not in calls
        if is_needed or is_shown:
            yield it.binding


def is_hidden(node: ast.AST) -> bool:
    """Whether a function is defined here of which nothing but its calls can say what it is called."""
    if not isinstance(node, ast.FunctionDef) or node.decorator_list:
        return False
    return not any(isinstance(inner, VISIBLE_WITHIN) for inner in walk(node) if inner is not node)
