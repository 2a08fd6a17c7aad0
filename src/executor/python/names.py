"""The modules that a program imports, and the names that it reads."""

from __future__ import annotations

import ast
import re
from collections import defaultdict
from collections.abc import Callable, Iterator
from typing import Any

from entry import identifiers, is_plain_use

DUNDER = re.compile(r"__\w+__")


def imported_modules(nodes: list[ast.AST]) -> Iterator[str]:
    for node in nodes:
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield "." * node.level + (node.module or "")


def names_read(nodes: list[ast.AST]) -> Iterator[str]:
    """Names and dotted names; `.x` for an attribute of another expression. What may stand for something imported is
    listed as that too. A text stands for the dunder names in it; in `getattr(m, 'x')`, for `m.x`.
    """
    meanings = Meanings(nodes)
    yield from meanings.members
    for node in nodes:
        spelt = SPELLINGS.get(type(node))
        for name in spelt(node) if spelt else ():
            yield name
            yield from meanings.of(name)


def spelt_by_call(node: ast.Call) -> list[str]:
    match node:
        case ast.Call(func=ast.Name(id="getattr"), args=[base, ast.Constant(value=str(attribute)), *_]):
            return [dotted_name(ast.Attribute(base, attribute, ast.Load()))]
    return []


SPELLINGS: dict[type[ast.AST], Callable[[Any], list[str]]] = {
    ast.Name: lambda node: [node.id] if isinstance(node.ctx, ast.Load) else [],
    ast.Attribute: lambda node: [dotted_name(node)],
    ast.MatchClass: lambda node: [f".{attribute}" for attribute in node.kwd_attrs],
    ast.Call: spelt_by_call,
    ast.Constant: lambda node: (
        [f".{name}" for name in DUNDER.findall(node.value)] if type(node.value) is str else []
    ),
}


def dotted_name(node: ast.Attribute) -> str:
    parts: list[str] = []
    base: ast.expr = node
    while isinstance(base, ast.Attribute):
        parts.append(base.attr)
        base = base.value
    if not isinstance(base, ast.Name):
        return "." + parts[0]
    return ".".join([base.id, *reversed(parts)])


class Meanings:
    """What a program's imports make of its names, in all of the program, whatever the scope."""

    def __init__(self, nodes: list[ast.AST]) -> None:
        self.aliases: dict[str, set[str]] = defaultdict(set)
        """`from os import path as p` makes p `os.path`."""
        self.members: set[str] = set()
        """What is imported from modules."""
        self.starred: set[str] = set()
        """Modules whose members any name may stand for that the program does not bind."""
        for node in nodes:
            if isinstance(node, ast.Import):
                for alias in node.names:
                    self.aliases[alias.asname or alias.name].add(alias.name)
            elif isinstance(node, ast.ImportFrom):
                self.add_members(node)
        self.values = modules_as_values(nodes)
        """Modules that variables may stand for, since the program does more with them than use their members."""
        self.bound: set[str] = set()
        if self.starred:
            self.bound.update(name for node in nodes if not is_plain_use(node) for name in identifiers(node))

    def add_members(self, node: ast.ImportFrom) -> None:
        for alias in node.names:
            if alias.name == "*":
                self.starred.add(node.module or "")
            else:
                self.members.add(f"{node.module or ''}.{alias.name}")
                self.aliases[alias.asname or alias.name].add(f"{node.module or ''}.{alias.name}")

    def of(self, name: str) -> Iterator[str]:
        """Other names for a dotted one."""
        first, dot, rest = name.partition(".")
        for meaning in self.aliases.get(first, ()):
            yield meaning + dot + rest
        if dot and first not in self.aliases:
            yield from (f"{module}.{rest}" for module in self.values)
        if first and first not in self.bound:
            yield from (f"{module}.{name}" for module in self.starred)


def modules_as_values(nodes: list[ast.AST]) -> set[str]:
    modules: dict[str, str] = {}
    for alias in (alias for node in nodes if isinstance(node, ast.Import) for alias in node.names):
        root = alias.name.partition(".")[0]
        modules[alias.asname or root] = alias.name if alias.asname else root
    bases = {id(node.value) for node in nodes if isinstance(node, ast.Attribute)} if modules else set()
    return {
        modules[n.id] for n in nodes if isinstance(n, ast.Name) and n.id in modules and id(n) not in bases
    }
