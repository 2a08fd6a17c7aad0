"""Whether a program could see what its own variables and functions are called, or look into its frames.

Judged on the safe side: what is not known to be blind to names is taken to see them.
"""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Callable
from types import ModuleType
from typing import Any


def words(text: str) -> frozenset[str]:
    return frozenset(text.split())


BLIND_MODULES = words("""
    array bisect cmath collections copy dataclasses decimal enum fractions functools heapq itertools json math
    numbers operator re statistics string struct textwrap typing unicodedata
""")

SEEING_NAMES = words("""
    breakpoint compile delattr dir eval exec getattr globals hasattr help input locals open setattr vars
    Formatter attrgetter format_map get_field get_type_hints make_dataclass methodcaller vformat
""")
"""Of builtins, and of members of the modules above."""

BLIND_DUNDERS = words("""
    abs add and bool call class complex contains debug delitem divmod enter eq float floordiv ge getitem gt
    hash iadd imul index init int invert isub iter le len lt lshift matmul missing mod mul name ne neg new
    next or pos post_init pow qualname radd reversed rmul round rshift rsub setitem slots str sub truediv xor
""")
"""Without their underscores."""

FRAME_ATTRIBUTE = re.compile(r"(co|gi|cr|ag|tb)_|f_(back|builtins|code|globals|locals)$")

FIELD_OF_ARGUMENT = re.compile(r"\{[^{}:!]*[.\[]")
"""In a format string: `{0.x}` or `{0[x]}`."""


def sees_names(nodes: list[ast.AST]) -> bool:
    """For all nodes of a program. A function's own name is seen by whoever holds the function, which is not asked."""
    if any(is_seer(node) for node in nodes if (is_seer := SEERS.get(type(node))) is not None):
        return True
    return any(seer(nodes) for seer in (makes_classes, reads_exceptions, imports_seers))


def is_seeing_name(name: str) -> bool:
    if name[:2] == "__" and name[-2:] == "__":
        return name[2:-2] not in BLIND_DUNDERS
    return name in SEEING_NAMES


def is_seeing_attribute(name: str) -> bool:
    return is_seeing_name(name) or FRAME_ATTRIBUTE.match(name) is not None


def formats_attributes(receiver: ast.expr) -> bool:
    if not isinstance(receiver, ast.Constant) or not isinstance(receiver.value, str):
        return True
    return FIELD_OF_ARGUMENT.search(receiver.value) is not None


def is_seeing_member(node: ast.Attribute) -> bool:
    return formats_attributes(node.value) if node.attr == "format" else is_seeing_attribute(node.attr)


SEERS: dict[type[ast.AST], Callable[[Any], bool]] = {
    ast.Name: lambda node: is_seeing_name(node.id),
    ast.FunctionDef: lambda node: is_seeing_name(node.name),
    ast.AsyncFunctionDef: lambda node: is_seeing_name(node.name),
    ast.Attribute: is_seeing_member,
    ast.MatchClass: lambda node: any(map(is_seeing_attribute, node.kwd_attrs)),
    ast.Constant: lambda node: isinstance(node.value, str) and "__" in node.value,
    ast.Call: lambda node: any(keyword.arg is None for keyword in node.keywords),
}


def makes_classes(nodes: list[ast.AST]) -> bool:
    """`type` with three arguments, or as a base, can give a class methods of any name, such as `__exit__`."""
    types = [node for node in nodes if type(node) is ast.Name and node.id == "type"]
    calls = [node for node in nodes if type(node) is ast.Call] if types else []
    asking = {id(call.func) for call in calls if len(call.args) == 1 and not call.keywords}
    return any(id(node) not in asking for node in types)


def reads_exceptions(nodes: list[ast.AST]) -> bool:
    """Messages name variables. To raise an exception again is not to read it."""
    caught = {node.name for node in nodes if type(node) is ast.ExceptHandler} - {None}
    if not caught:
        return False
    raised = {id(part) for node in nodes if type(node) is ast.Raise for part in (node.exc, node.cause)}
    return any(type(node) is ast.Name and node.id in caught and id(node) not in raised for node in nodes)


def imports_seers(nodes: list[ast.AST]) -> bool:
    modules: dict[str, str] = {}
    for node in nodes:
        if type(node) is ast.Import:
            modules |= {alias.asname or alias.name: alias.name for alias in node.names}
        elif type(node) is ast.ImportFrom:
            module = "" if node.level else node.module or ""
            if not all(is_blind_member(module, alias.name) for alias in node.names):
                return True
    return not BLIND_MODULES.issuperset(modules.values()) or (modules != {} and holds_modules(nodes, modules))


def holds_modules(nodes: list[ast.AST], modules: dict[str, str]) -> bool:
    """Whether one is used but for a member of it that is none."""
    members = {id(node.value): node.attr for node in nodes if type(node) is ast.Attribute}
    used = [node for node in nodes if type(node) is ast.Name and node.id in modules]
    return not all(is_blind_member(modules[node.id], members.get(id(node), "*")) for node in used)


def is_blind_member(module: str, name: str) -> bool:
    if module not in BLIND_MODULES or name == "*" or is_seeing_attribute(name):
        return False
    return not isinstance(getattr(sys.modules.get(module), name, None), ModuleType)
