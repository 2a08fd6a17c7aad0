"""Which binding each name of a program means, by CPython's rules for scopes; attributes and keywords are no names."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from tree import children


class Scope:
    """A module, class, function, lambda or comprehension."""

    def __init__(self, parent: Scope | None, node: ast.AST) -> None:
        self.parent = parent
        self.node = node
        self.module: Scope = parent.module if parent else self
        self.bound: set[str] = set()
        self.globals: set[str] = set()
        """Names that it declares as the module's."""
        self.nonlocals: set[str] = set()

    def owner(self, name: str) -> Scope | None:
        """The scope whose binding the name means in this one; None for a builtin, or for nothing at all."""
        scope: Scope | None = self
        while scope is not None:
            if scope is self or not isinstance(scope.node, ast.ClassDef):
                if name in scope.globals:
                    scope = self.module
                if name in scope.bound:
                    return scope
            scope = scope.parent
        return None


class Occurrence(NamedTuple):
    """A name where it stands: in a field of a node, or at an index of that field, a list."""

    scope: Scope
    """The one that binds it."""
    name: str
    node: ast.AST
    field: str
    at: int | None = None

    @property
    def binding(self) -> Binding:
        return self.scope, self.name

    def rename(self, name: str) -> None:
        if self.at is None:
            setattr(self.node, self.field, name)
        else:
            getattr(self.node, self.field)[self.at] = name


Binding = tuple[Scope, str]


def occurrences_of(tree: ast.Module) -> list[Occurrence]:
    """Of every name that the program binds, in an order that follows from the tree's shape alone."""
    module = Scope(None, tree)
    scopes, places = [module], list[Occurrence]()
    waiting: list[tuple[ast.AST, Scope]] = [(tree, module)]
    while waiting:  # a loop, for trees may be deep
        node, scope = waiting.pop()
        places += names_in(node, scope)
        outside, inside = PARTS.get(type(node), plain_parts)(node)
        if inside:
            scopes.append(Scope(scope, node))
            waiting += [(child, scopes[-1]) for child in reversed(inside)]
        waiting += [(child, scope) for child in reversed(outside)]
    for scope in scopes:
        module.bound |= scope.bound & scope.globals
        if scope is not module:
            scope.bound -= scope.globals | scope.nonlocals
    owned = [(it, it.scope.owner(it.name)) for it in places]
    return [it._replace(scope=owner) for it, owner in owned if owner is not None]


BINDING_FIELDS: dict[type[ast.AST], str] = {
    ast.arg: "arg",
    ast.FunctionDef: "name",
    ast.AsyncFunctionDef: "name",
    ast.ClassDef: "name",
    ast.ExceptHandler: "name",
    ast.MatchAs: "name",
    ast.MatchStar: "name",
    ast.MatchMapping: "rest",
}


def names_in(node: ast.AST, scope: Scope) -> Iterator[Occurrence]:
    """The names that stand in the node itself, with the scope that they stand in; it binds those that are bound."""
    if isinstance(node, ast.Name):
        if not isinstance(node.ctx, ast.Load):
            scope.bound.add(node.id)
        yield Occurrence(scope, node.id, node, "id")
    elif isinstance(node, ast.NamedExpr):
        home_of(scope).bound.add(node.target.id)
        yield Occurrence(scope, node.target.id, node.target, "id")
    elif isinstance(node, ast.alias):
        name = node.asname or node.name.partition(".")[0]
        scope.bound.add(name)
        yield Occurrence(scope, name, node, "asname")
    elif isinstance(node, ast.Global | ast.Nonlocal):
        (scope.globals if isinstance(node, ast.Global) else scope.nonlocals).update(node.names)
        yield from (Occurrence(scope, name, node, "names", i) for i, name in enumerate(node.names))
    elif type(node) in BINDING_FIELDS:
        field = BINDING_FIELDS[type(node)]
        name = getattr(node, field)
        if name is not None:
            scope.bound.add(name)
            yield Occurrence(scope, name, node, field)


def home_of(scope: Scope) -> Scope:
    """Where an assignment expression binds: outside of the comprehensions that it stands in."""
    while scope.parent is not None and type(scope.node) in COMPREHENSIONS:
        scope = scope.parent
    return scope


COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)

Parts = tuple[list[ast.AST], list[ast.AST]]
"""What stands below a node: evaluated where the node stands, and in a scope of the node's own."""


def plain_parts(node: ast.AST) -> Parts:
    return [child for child in children(node) if not isinstance(child, LEAVES)], []


LEAVES = (ast.expr_context, ast.operator, ast.unaryop, ast.boolop, ast.cmpop, ast.Constant)


def function_parts(node: Any) -> Parts:
    outside = [*node.decorator_list, *defaults_and_annotations(node.args), *optional(node.returns)]
    return outside, [*parameters(node.args), *node.body]


def lambda_parts(node: Any) -> Parts:
    return defaults_and_annotations(node.args), [*parameters(node.args), node.body]


def class_parts(node: Any) -> Parts:
    return [*node.decorator_list, *node.bases, *node.keywords], node.body


def comprehension_parts(node: Any) -> Parts:
    first, *others = node.generators
    results = [node.key, node.value] if isinstance(node, ast.DictComp) else [node.elt]
    return [first.iter], [first.target, *first.ifs, *others, *results]


PARTS: dict[type[ast.AST], Callable[[Any], Parts]] = {
    ast.FunctionDef: function_parts,
    ast.AsyncFunctionDef: function_parts,
    ast.Lambda: lambda_parts,
    ast.ClassDef: class_parts,
    **dict.fromkeys(COMPREHENSIONS, comprehension_parts),
    ast.NamedExpr: lambda node: ([node.value], []),
    ast.arg: lambda _: ([], []),
    ast.Name: lambda _: ([], []),
}


def parameters(arguments: ast.arguments) -> list[ast.arg]:
    rest = [*optional(arguments.vararg), *optional(arguments.kwarg)]
    return [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs, *rest]


def defaults_and_annotations(arguments: ast.arguments) -> list[ast.AST]:
    keyword_defaults = [default for default in arguments.kw_defaults if default is not None]
    annotations = [one.annotation for one in parameters(arguments) if one.annotation is not None]
    return [*arguments.defaults, *keyword_defaults, *annotations]


def optional(value: Any) -> list[Any]:
    return [] if value is None else [value]
