"""What a program's syntax tree says; the program is compiled, never run."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import TypedDict

from entry import entry_program, module_level
from metrics import Metrics, measure, no_metrics
from stripping import strip


class Analysis(TypedDict):
    """As `ProgramAnalysis` in the contract."""

    syntaxError: str
    functions: list[str]
    imports: list[str]
    names: list[str]
    canonical: str
    statements: list[str]
    entryProgram: str
    withoutComments: str
    withoutGlobals: str
    metrics: Metrics


def analyze(source: str) -> Analysis:
    try:
        tree = ast.parse(source)
        compile(source, "<program>", "exec", dont_inherit=True)
        return describe(source, tree)
    except SyntaxError as error:
        return refused(f"{error.msg} (line {error.lineno})" if error.lineno else error.msg)
    except (ValueError, OverflowError) as error:
        return refused(str(error))
    except (RecursionError, MemoryError):
        return refused("too deeply nested or too long to compile")


def refused(message: str) -> Analysis:
    return Analysis(
        syntaxError=message,
        functions=[],
        imports=[],
        names=[],
        canonical="",
        statements=[],
        entryProgram="",
        withoutComments="",
        withoutGlobals="",
        metrics=no_metrics(),
    )


def describe(source: str, tree: ast.Module) -> Analysis:
    nodes = list(ast.walk(tree))
    functions = [n.name for n in module_level(tree) if isinstance(n, ast.FunctionDef | ast.AsyncFunctionDef)]
    analysis = Analysis(
        syntaxError="",
        functions=functions,
        imports=list(dict.fromkeys(imported_modules(nodes))),
        names=sorted(set(names_read(nodes, import_aliases(nodes)))),
        canonical=ast.unparse(tree),
        statements=sorted({type(node).__name__ for node in nodes if isinstance(node, ast.stmt)}),
        metrics=measure(tree),
        # The last that looks at the tree: it may rename in it.
        entryProgram=entry_program(source, tree),
        withoutComments="",
        withoutGlobals="",
    )
    analysis["withoutComments"], analysis["withoutGlobals"] = strip(analysis["entryProgram"])
    return analysis


def imported_modules(nodes: list[ast.AST]) -> Iterator[str]:
    for node in nodes:
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield "." * node.level + (node.module or "")


def import_aliases(nodes: list[ast.AST]) -> dict[str, str]:
    """What imported names stand for: `from os import path as p` makes p `os.path` in all of the program."""
    aliases: dict[str, str] = {}
    for node in nodes:
        if isinstance(node, ast.Import):
            aliases |= {a.asname: a.name for a in node.names if a.asname}
        elif isinstance(node, ast.ImportFrom):
            aliases |= {a.asname or a.name: f"{node.module or ''}.{a.name}" for a in node.names}
    return aliases


def names_read(nodes: list[ast.AST], aliases: dict[str, str]) -> Iterator[str]:
    """Names and dotted names, imported ones resolved as well; `.x` for an attribute of another expression."""
    for node in nodes:
        name = dotted_name(node)
        if name is None:
            continue
        yield name
        first, dot, rest = name.partition(".")
        if first in aliases:
            yield aliases[first] + dot + rest


def dotted_name(node: ast.AST) -> str | None:
    if isinstance(node, ast.Name):
        return node.id if isinstance(node.ctx, ast.Load) else None
    if not isinstance(node, ast.Attribute):
        return None
    parts: list[str] = []
    base: ast.expr = node
    while isinstance(base, ast.Attribute):
        parts.append(base.attr)
        base = base.value
    if not isinstance(base, ast.Name):
        return "." + parts[0]
    return ".".join([base.id, *reversed(parts)])
