"""Whether a program could tell one hash seed from another."""

from __future__ import annotations

import ast
from collections import defaultdict

from entry import ENTRY
from tree import children

NAMES = frozenset({"hash", "id"})
MAKERS = frozenset({"set", "frozenset"})
VIEWS = frozenset({"keys", "items"})
OPERATORS = (ast.BitAnd, ast.BitOr, ast.BitXor, ast.Sub)

ORDERLESS_FUNCTIONS = frozenset({"all", "any", "bool", "frozenset", "len", "max", "min", "set", "sorted"})
"""Of a set alone; with a key, what is equal to it comes in the set's order."""
UPDATES = frozenset({"difference_update", "intersection_update", "symmetric_difference_update"})
ORDERLESS_METHODS = UPDATES | {
    "add",
    "clear",
    "discard",
    "isdisjoint",
    "issubset",
    "issuperset",
    "remove",
    "update",
}
COMBINATIONS = UPDATES | {"copy", "difference", "intersection", "symmetric_difference", "union"}
"""Methods that give a set, or take one for its members."""
READERS = ORDERLESS_FUNCTIONS | {
    "dict",
    "enumerate",
    "filter",
    "iter",
    "list",
    "map",
    "reversed",
    "sum",
    "tuple",
    "zip",
}
READING_METHODS = frozenset({"extend", "join", "update"})
"""What goes through a view, which has an order, and makes no set of it."""


def sees_hashes(nodes: list[ast.AST]) -> bool:
    """True if it asks for a hash or an identity, or makes a set, of views of dicts too, and may look at its order.
    False does not say that it cannot: only of a program whose ways out of its module are known (confinement.py) all
    ways to a set are. `nodes` are all of the program.
    """
    if any(isinstance(node, ast.Name) and node.id in NAMES for node in nodes):
        return True
    if any(isinstance(node, ast.Attribute) and node.attr == "__hash__" for node in nodes):
        return True
    return any(map(may_make_set, nodes)) and Sets(nodes).are_ordered()


def may_make_set(node: ast.AST) -> bool:
    """Alone, or with others."""
    if isinstance(node, ast.Name):
        return node.id in MAKERS
    return isinstance(node, ast.Set | ast.SetComp) or is_view_call(node)


class Sets:
    """Follows sets from where they are made, through variables of one name, to where they are used."""

    def __init__(self, nodes: list[ast.AST]) -> None:
        self.nodes = nodes
        self.parents = {id(child): node for node in nodes for child in children(node)}
        self.uses: dict[str, list[ast.AST]] = defaultdict(list)
        """Where each variable is read."""
        for node in nodes:
            if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
                self.uses[node.id].append(node)
        self.functions = {node.name: node for node in nodes if isinstance(node, ast.FunctionDef)}
        self.views = {
            node.targets[0].id
            for node in nodes
            if isinstance(node, ast.Assign)
            and is_view_call(node.value)
            and isinstance(node.targets[0], ast.Name)
        }
        """Variables that may hold keys or items of a dict."""
        self.has_lost_view = any(is_view_call(node) and self.is_lost(node) for node in nodes)
        """Whether they may be anywhere."""
        self.variables: set[str] = set()
        """Those that may hold a set."""
        self.waiting: list[ast.AST] = [node for node in nodes if self.is_made(node)]
        """Expressions that may be a set, whose use has not been seen."""

    def are_ordered(self) -> bool:
        while self.waiting:
            node = self.waiting.pop()
            if not self.is_orderless(node, self.parents[id(node)]):
                return True
        return False

    def is_made(self, node: ast.AST) -> bool:
        match node:
            case ast.Set() | ast.SetComp():
                return True
            case ast.Name(id=name, ctx=ast.Load()):
                return name in MAKERS
            case ast.BinOp(left=left, op=operator, right=right):
                return isinstance(operator, OPERATORS) and (self.is_view(left) or self.is_view(right))
            case ast.AugAssign(op=operator, target=target):
                return isinstance(operator, OPERATORS) and self.is_view(target)
        return False

    def is_view(self, node: ast.AST) -> bool:
        if isinstance(node, ast.Constant):
            return False
        return (
            self.has_lost_view or is_view_call(node) or (isinstance(node, ast.Name) and node.id in self.views)
        )

    def is_lost(self, view: ast.AST) -> bool:
        match self.parents[id(view)]:
            case ast.For() | ast.comprehension() | ast.Compare() | ast.Starred() | ast.BinOp():
                return False
            case ast.Call(func=ast.Name(id=name)):
                return name not in READERS or name in self.functions
            case ast.Call(func=ast.Attribute(attr=method)):
                return method not in READING_METHODS
            case ast.Assign(targets=[ast.Name(id=name)]) if is_view_call(view):
                return any(self.is_lost(use) for use in self.uses[name])
        return True

    def is_orderless(self, node: ast.AST, parent: ast.AST) -> bool:
        """Whether the set, or the name of its type, is used where its order does not matter."""
        if isinstance(node, ast.AugAssign):
            return self.follow_variable(node.target)
        match parent:
            case ast.Call():
                return self.is_orderless_call(node, parent)
            case ast.Attribute(attr=method):
                return method in ORDERLESS_METHODS or self.is_orderless_call(parent, self.parents[id(parent)])
            case ast.BinOp(op=operator) if isinstance(operator, OPERATORS):
                return self.follow(parent)
            case ast.IfExp(test=test):
                return node is test or self.follow(parent)
            case ast.NamedExpr(target=target):
                return self.follow(parent) and self.follow_variable(target)
            case ast.Assign(targets=[target]) | ast.AnnAssign(target=target) | ast.AugAssign(target=target):
                return self.follow_variable(target)
            case ast.Tuple() | ast.List() | ast.Return():
                return self.is_returned(parent) or is_type_test(self.parents[id(parent)])
        return isinstance(parent, ast.Compare | ast.UnaryOp | ast.If | ast.While | ast.Expr)

    def is_orderless_call(self, node: ast.AST, call: ast.AST) -> bool:
        """Where the set, its type, or a method of it is the function or an argument."""
        match call:
            case ast.Call(func=function) if function is node:
                method = node.attr if isinstance(node, ast.Attribute) else ""
                return (isinstance(node, ast.Name) or method in COMBINATIONS) and self.follow(call)
            case ast.Call() if is_type_test(call):
                return True
            case ast.Call(func=ast.Name(id=name), args=[_], keywords=[]) if name in ORDERLESS_FUNCTIONS:
                return not isinstance(node, ast.Name) or node.id not in MAKERS
            case ast.Call(func=ast.Name(id=name), args=arguments) if (
                name in self.functions and node in arguments
            ):
                parameters = self.functions[name].args.args
                at = arguments.index(node)
                return at < len(parameters) and self.follow_variable(ast.Name(parameters[at].arg))
            case ast.Call(func=ast.Attribute(attr=method)):
                return method in COMBINATIONS
        return False

    def is_returned(self, node: ast.AST) -> bool:
        """Whether it is of what `f` returns, for nobody else: a value is written in an order of its own."""
        while isinstance(node, ast.Tuple | ast.List):
            node = self.parents[id(node)]
        if not isinstance(node, ast.Return):
            return False
        while not isinstance(node, ast.FunctionDef | ast.Lambda | ast.AsyncFunctionDef | ast.Module):
            node = self.parents[id(node)]
        return (
            isinstance(node, ast.FunctionDef)
            and node.name == ENTRY
            and not any(isinstance(other, ast.Name) and other.id == ENTRY for other in self.nodes)
        )

    def follow(self, node: ast.AST) -> bool:
        self.waiting.append(node)
        return True

    def follow_variable(self, target: ast.AST) -> bool:
        if not isinstance(target, ast.Name):
            return False
        if target.id not in self.variables:
            self.variables.add(target.id)
            self.waiting += self.uses[target.id]
        return True


def is_type_test(node: ast.AST) -> bool:
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "isinstance"


def is_view_call(node: ast.AST) -> bool:
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in VIEWS
