"""Whether a program leaves nothing behind in its process but its own module, so that its inputs may share one.

All that a program reaches is on a white list: what is not known to be harmless makes it a process for each input, which
is slower and never wrong. Two things have to hold of whatever a program can get hold of and has not made itself:

- It cannot be written to. Modules are reached for listed members alone, and never as values; the members of plain
  programs may be classes and functions of the library, which have attributes, as a plain program writes to none. One
  that has classes of its own, or writes to attributes, has members that nobody can write to.
- It remembers nothing that a program could ask for. The library's own caches know equal keys by the methods of their
  classes, so a program with classes has no such member.
"""

from __future__ import annotations

import ast
import functools
from collections.abc import Callable
from typing import Any

from entry import identifiers, is_plain_use
from harmless import ALL_BUILTINS, ATTRIBUTES, BUILTINS, FUTURE, HINTS, MEMBERS, SPECIAL_NAMES, WRITABLE
from tree import walk

LAST_ERRORS = frozenset({"MemoryError", "Exception", "BaseException"})
"""What catches the one exception object that the interpreter keeps for when there is no memory for another."""

INNARDS = ("_f", "ag_", "co_", "cr_", "f_", "gi_", "tb_")
"""Beginnings of attributes of frames, code and the like: no program's own attributes, though it calls them so."""
OTHERS_OBJECTS = frozenset({"add_note", "obj", "register"})


def leaves_nothing_behind(nodes: list[ast.AST]) -> bool:
    """`nodes` are all that are in the program's tree."""
    try:
        return Reading(nodes).is_harmless()
    except Unlisted:
        return False


class Unlisted(Exception):
    pass


class Reading:
    """What a program imports, and where it uses it."""

    def __init__(self, nodes: list[ast.AST]) -> None:
        self.nodes = nodes
        self.modules: dict[str, str] = {}
        """Names for modules."""
        self.members: list[tuple[str, str]] = []
        """Modules and what is used of them."""
        self.hints: set[str] = set()
        """Names for members of `typing`."""
        self.explained: set[int] = set()
        """Identities of nodes that are harmless where they stand."""
        self.written = {
            node.attr
            for node in nodes
            if isinstance(node, ast.Attribute) and not isinstance(node.ctx, ast.Load)
        }
        """Attributes that it writes to, of whatever."""
        self.has_state = bool(self.written) or any(isinstance(node, ast.ClassDef) for node in nodes)
        """Whether it has classes or writes to attributes."""
        self.has_yields: bool = any(isinstance(node, YIELDS) for node in nodes)

    def is_harmless(self) -> bool:
        for node in self.nodes:
            if isinstance(node, IMPORTS):
                self.read_import(node)
        self.bound = {name for node in self.nodes if binds(node) for name in identifiers(node)}
        if not self.bound.isdisjoint(self.hints):
            return False
        for node in self.nodes:
            if isinstance(node, EXPLAINABLE):
                self.explain(node)
        return (
            all(self.is_listed(node) for node in self.nodes)
            and not (self.has_state and not WRITABLE.isdisjoint(self.members))
            and not (self.written and holds_last_error(self.nodes))
        )

    def read_import(self, node: ast.Import | ast.ImportFrom) -> None:
        if isinstance(node, ast.Import):
            for alias in node.names:
                if alias.name not in MEMBERS and alias.name != HINTS:
                    raise Unlisted
                if self.modules.setdefault(alias.asname or alias.name, alias.name) != alias.name:
                    raise Unlisted
        elif node.module == HINTS:
            self.hints |= {alias.asname or alias.name for alias in node.names}
            if "*" in self.hints:
                raise Unlisted
        elif node.module != FUTURE:
            for alias in node.names:
                self.use(node.module or "", alias.name)

    def use(self, module: str, member: str) -> None:
        if member not in MEMBERS.get(module, ()):
            raise Unlisted
        self.members.append((module, member))

    def explain(self, node: ast.AST) -> None:
        match node:
            case ast.Attribute(value=ast.Name(id=name) as base, ctx=ast.Load()) if name in self.modules:
                module = self.modules[name]
                if module != HINTS:
                    self.use(module, node.attr)
                    self.explained |= {id(base), id(node)}
            case ast.arg(annotation=ast.expr() as hint) | ast.AnnAssign(annotation=hint):
                self.explain_hint(hint)
            case ast.FunctionDef(returns=ast.expr() as hint):
                self.explain_hint(hint)
            case ast.Attribute(value=ast.Call() as call, attr="__name__", ctx=ast.Load()) if is_type_call(
                call
            ):
                self.explained.add(id(call.func))
            case ast.Compare() if all(map(self.is_type, operands := [node.left, *node.comparators])):
                self.explained |= {id(one.func) for one in operands if isinstance(one, ast.Call)}

    def explain_hint(self, hint: ast.expr) -> None:
        """Evaluated, it shows no value of `typing` to anything of the program."""
        nodes = walk(hint)
        if all(self.is_plain_hint(node) for node in nodes):
            self.explained |= {id(node) for node in nodes}

    def is_plain_hint(self, node: ast.AST) -> bool:
        match node:
            case ast.Name(id=name):
                return name in self.hints or name in self.modules or self.is_builtin(name)
            case ast.Attribute(value=ast.Name(id=name)):
                return self.modules.get(name) == HINTS
        return isinstance(node, ast.Subscript | ast.Tuple | ast.List | ast.Constant | ast.expr_context)

    def is_type(self, node: ast.expr) -> bool:
        match node:
            case ast.Name(id=name):
                return self.is_builtin(name)
            case ast.Tuple(elts=items) | ast.List(elts=items) | ast.Set(elts=items):
                return all(isinstance(one, ast.Name) and self.is_type(one) for one in items)
        return is_type_call(node)

    def is_builtin(self, name: str) -> bool:
        return name in BUILTINS and name not in self.bound

    def is_listed(self, node: ast.AST) -> bool:
        if id(node) in self.explained:
            return True
        for name in identifiers(node):
            if name.startswith("__") and name not in SPECIAL_NAMES:
                return False
        judge = JUDGED.get(type(node))
        return judge is None or judge(self, node)

    def is_listed_name(self, node: ast.Name) -> bool:
        name = node.id
        if name in self.modules or name in self.hints:
            return False
        return name in BUILTINS or name in SPECIAL_NAMES or name not in ALL_BUILTINS

    def is_listed_attribute(self, name: str) -> bool:
        return name in ATTRIBUTES or (self.has_state and name in self.own_attributes)

    @functools.cached_property
    def own_attributes(self) -> set[str]:
        """What the program itself calls so, and nothing else."""
        names = self.written | {
            name
            for owner in self.nodes
            if isinstance(owner, ast.ClassDef)
            for node in walk(owner)
            if binds(node)
            for name in identifiers(node)
        }
        return {name for name in names - OTHERS_OBJECTS if not name.startswith(INNARDS)}


def may_not(reading: Reading, node: ast.AST) -> bool:
    return False


JUDGED: dict[type[ast.AST], Callable[[Reading, Any], bool]] = {
    ast.Name: Reading.is_listed_name,
    ast.Attribute: lambda reading, node: reading.is_listed_attribute(node.attr),
    ast.MatchClass: lambda reading, node: all(map(reading.is_listed_attribute, node.kwd_attrs)),
    ast.keyword: lambda reading, node: node.arg is None or not node.arg.startswith("__"),
    ast.FunctionDef: lambda reading, node: not (reading.has_yields and runs_on(node)),
    ast.Lambda: lambda reading, node: not (reading.has_yields and runs_on(node)),
    ast.YieldFrom: lambda reading, node: not reading.has_state,
    ast.ClassDef: lambda reading, node: not node.keywords and not has_import(node),
    **dict.fromkeys((ast.AsyncFunctionDef, ast.Await, ast.AsyncFor, ast.AsyncWith, ast.TryStar), may_not),
}
"""What is harmless only where this says so; the rest always is, but for its names."""

IMPORTS = (ast.Import, ast.ImportFrom)
EXPLAINABLE = (ast.Attribute, ast.arg, ast.AnnAssign, ast.FunctionDef, ast.Compare)


def has_import(node: ast.ClassDef) -> bool:
    return any(isinstance(inner, IMPORTS) for inner in walk(node))


def binds(node: ast.AST) -> bool:
    return not is_plain_use(node) and not isinstance(node, ast.Import | ast.ImportFrom | ast.alias)


def is_type_call(node: ast.expr) -> bool:
    match node:
        case ast.Call(func=ast.Name(id="type"), args=[one], keywords=[]):
            return not isinstance(one, ast.Starred)
    return False


def runs_on(function: ast.FunctionDef | ast.Lambda) -> bool:
    """A generator that is let go runs what is left of it whenever it is collected, in the run of the next input."""
    inner = walk(function)
    return any(isinstance(node, YIELDS) for node in inner) and any(isinstance(node, ENDING) for node in inner)


YIELDS = (ast.Yield, ast.YieldFrom)
ENDING = (ast.Try, ast.With)


def holds_last_error(nodes: list[ast.AST]) -> bool:
    """Whether it may have the one MemoryError that outlives it, to write to."""
    return any(isinstance(node, ast.ExceptHandler) and node.name for node in nodes) and any(
        isinstance(node, ast.Name) and node.id in LAST_ERRORS for node in nodes
    )
