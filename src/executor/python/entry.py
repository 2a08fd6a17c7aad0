"""Finds a program's entry function `f`, or renames the only function to it."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from tree import IDENTIFIERS, walk

ENTRY = "f"
DEFINITION = re.compile(rb"(?:async[ \t]+)?def[ \t]+")
BLOCKS = ("body", "orelse", "finalbody", "handlers", "cases")


def entry_program(source: str, tree: ast.Module) -> str:
    """The source if it binds `f` at module level; renamed if it has a single function; else empty."""
    if ENTRY in bound_at_module_level(tree):
        return source
    functions = [node for node in module_level(tree) if isinstance(node, ast.FunctionDef)]
    if len(functions) != 1 or not can_rename(tree, functions[0]):
        return ""
    return renamed(source, tree, functions[0])


def module_level(tree: ast.Module) -> Iterator[ast.AST]:
    """Statements of the module, those within `if`, `try`, loops and the like included; in order."""
    waiting: list[ast.AST] = list(reversed(tree.body))
    while waiting:
        node = waiting.pop()
        yield node
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            inner = [child for block in BLOCKS for child in getattr(node, block, [])]
            waiting += reversed(inner)


def bound_at_module_level(tree: ast.Module) -> set[str]:
    names: set[str] = set()
    for node in module_level(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            names.add(node.name)
        elif isinstance(node, ast.Import | ast.ImportFrom):
            names |= {(alias.asname or alias.name).partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.Assign | ast.AnnAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            names |= {n.id for target in targets for n in walk(target) if isinstance(n, ast.Name)}
    return names


def can_rename(tree: ast.Module, function: ast.FunctionDef) -> bool:
    """True if all uses of the old name mean the function, and the new one means nothing yet."""
    for node in walk(tree):
        for name in identifiers(node):
            if name == ENTRY or (name == function.name and node is not function and not is_plain_use(node)):
                return False
    return True


def is_plain_use(node: ast.AST) -> bool:
    return isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)


def identifiers(node: ast.AST) -> list[str]:
    """Every text in the node that could bind or mean a variable: a name, parameter, import, global, capture."""
    found: list[str] = []
    for field in () if isinstance(node, UNBOUND) else IDENTIFIERS[type(node)]:
        value = getattr(node, field)
        if isinstance(value, str):
            found.append(value)
        elif isinstance(value, list):
            found += value
    return found


UNBOUND = (ast.Attribute, ast.keyword)
"""What they name is no variable."""


class Renamer(ast.NodeTransformer):
    def __init__(self, function: ast.FunctionDef) -> None:
        self.function = function
        self.old = function.name

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        self.generic_visit(node)
        if node is self.function:
            node.name = ENTRY
        return node

    def visit_Name(self, node: ast.Name) -> ast.AST:
        if node.id == self.old:
            node.id = ENTRY
        return node


def renamed(source: str, tree: ast.Module, function: ast.FunctionDef) -> str:
    """Changes the names where they stand, or writes the tree out again where they cannot be found."""
    edited = edit_in_place(source, tree, function)
    expected = Renamer(function).visit(tree)
    try:
        if edited is not None and ast.dump(ast.parse(edited)) == ast.dump(expected):
            return edited
    except SyntaxError:
        pass
    return ast.unparse(expected)


def edit_in_place(source: str, tree: ast.Module, function: ast.FunctionDef) -> str | None:
    lines = source.encode().splitlines(keepends=True)
    old = function.name.encode()
    definition = DEFINITION.match(lines[function.lineno - 1], function.col_offset)
    if definition is None:
        return None
    places = [(function.lineno, definition.end())]
    places += [
        (n.lineno, n.col_offset) for n in walk(tree) if isinstance(n, ast.Name) and n.id == function.name
    ]
    for line, column in sorted(set(places), reverse=True):
        text = lines[line - 1]
        if text[column : column + len(old)] != old:
            return None
        lines[line - 1] = text[:column] + ENTRY.encode() + text[column + len(old) :]
    return b"".join(lines).decode()
