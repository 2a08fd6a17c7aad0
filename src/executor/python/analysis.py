"""What a program's syntax tree says; the program is compiled, never run."""

from __future__ import annotations

import ast
import marshal
from binascii import b2a_base64
from typing import TypedDict

from addresses import sees_addresses
from confinement import leaves_nothing_behind
from entry import entry_program, module_level
from hashes import sees_hashes
from ignored_input import ignores_input
from metrics import Metrics, measure, no_metrics
from names import imported_modules, names_read
from runner import compiled
from stripping import strip
from tree import walk


class Shape(TypedDict):
    """What decides if and how a program may be run."""

    syntaxError: str
    code: str
    """As `marshal` writes it, in Base64; for processes of the same interpreter."""
    imports: list[str]
    names: list[str]
    entryProgram: str
    seesHashes: bool
    seesAddresses: bool
    leavesNothingBehind: bool


class Analysis(Shape):
    """As `ProgramAnalysis` in the contract, but for the code."""

    functions: list[str]
    canonical: str
    statements: list[str]
    withoutComments: str
    withoutGlobals: str
    withoutNames: str
    ignoresInput: bool
    metrics: Metrics


def skim(source: str) -> Shape:
    read = parsed(source)
    if isinstance(read, str):
        return refused(read)
    tree, code = read
    return shape_of(source, tree, code, walk(tree))


def analyze(source: str) -> Analysis:
    read = parsed(source)
    if isinstance(read, str):
        return undescribed(refused(read))
    try:
        return describe(source, *read)
    except (RecursionError, MemoryError):
        return undescribed(refused(TOO_DEEP))


def parsed(source: str) -> tuple[ast.Module, str] | str:
    """The tree and the compiled code, or why CPython does not compile the program."""
    try:
        tree = ast.parse(source)
        code = compiled(source)
    except SyntaxError as error:
        return f"{error.msg} (line {error.lineno})" if error.lineno else error.msg
    except (ValueError, OverflowError) as error:
        return str(error)
    except (RecursionError, MemoryError):
        return TOO_DEEP
    return tree, b2a_base64(marshal.dumps(code), newline=False).decode()


TOO_DEEP = "too deeply nested or too long to compile"


def refused(message: str) -> Shape:
    return Shape(
        syntaxError=message,
        code="",
        imports=[],
        names=[],
        entryProgram="",
        seesHashes=False,
        seesAddresses=False,
        leavesNothingBehind=False,
    )


def undescribed(shape: Shape) -> Analysis:
    return Analysis(
        **shape,
        functions=[],
        canonical="",
        statements=[],
        withoutComments="",
        withoutGlobals="",
        withoutNames="",
        ignoresInput=False,
        metrics=no_metrics(),
    )


def shape_of(source: str, tree: ast.Module, code: str, nodes: list[ast.AST]) -> Shape:
    """May rename in the tree."""
    return Shape(
        syntaxError="",
        code=code,
        imports=list(dict.fromkeys(imported_modules(nodes))),
        names=sorted(set(names_read(nodes))),
        seesHashes=sees_hashes(nodes),
        seesAddresses=sees_addresses(nodes),
        leavesNothingBehind=leaves_nothing_behind(nodes),
        entryProgram=entry_program(source, tree),
    )


def describe(source: str, tree: ast.Module, code: str) -> Analysis:
    nodes = walk(tree)
    functions = [n.name for n in module_level(tree) if isinstance(n, ast.FunctionDef | ast.AsyncFunctionDef)]
    canonical = ast.unparse(tree)
    metrics = measure(tree)
    ignores = ignores_input(tree, nodes)
    shape = shape_of(source, tree, code, nodes)
    is_renamed = shape["entryProgram"] != source
    stripped = strip(shape["entryProgram"], None if is_renamed else canonical)
    return Analysis(
        **shape,
        functions=functions,
        canonical=canonical,
        statements=sorted({type(node).__name__ for node in nodes if isinstance(node, ast.stmt)}),
        withoutComments=stripped.without_comments,
        withoutGlobals=stripped.without_globals,
        withoutNames=stripped.without_names,
        ignoresInput=ignores,
        metrics=metrics,
    )
