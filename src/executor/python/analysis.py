"""What a program's syntax tree says; the program is compiled, never run."""

from __future__ import annotations

import ast
from typing import TypedDict

from confinement import leaves_nothing_behind
from entry import entry_program, module_level
from hashes import sees_hashes
from ignored_input import ignores_input
from metrics import Metrics, measure, no_metrics
from names import imported_modules, names_read
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
    withoutNames: str
    ignoresInput: bool
    seesHashes: bool
    leavesNothingBehind: bool
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
        withoutNames="",
        ignoresInput=False,
        seesHashes=False,
        leavesNothingBehind=False,
        metrics=no_metrics(),
    )


def describe(source: str, tree: ast.Module) -> Analysis:
    nodes = list(ast.walk(tree))
    functions = [n.name for n in module_level(tree) if isinstance(n, ast.FunctionDef | ast.AsyncFunctionDef)]
    analysis = Analysis(
        syntaxError="",
        functions=functions,
        imports=list(dict.fromkeys(imported_modules(nodes))),
        names=sorted(set(names_read(nodes))),
        canonical=ast.unparse(tree),
        statements=sorted({type(node).__name__ for node in nodes if isinstance(node, ast.stmt)}),
        metrics=measure(tree),
        ignoresInput=ignores_input(tree, nodes),
        seesHashes=sees_hashes(nodes),
        leavesNothingBehind=leaves_nothing_behind(nodes),
        # The last that looks at the tree: it may rename in it.
        entryProgram=entry_program(source, tree),
        withoutComments="",
        withoutGlobals="",
        withoutNames="",
    )
    is_renamed = analysis["entryProgram"] != source
    stripped = strip(analysis["entryProgram"], None if is_renamed else analysis["canonical"])
    analysis["withoutComments"] = stripped.without_comments
    analysis["withoutGlobals"] = stripped.without_globals
    analysis["withoutNames"] = stripped.without_names
    return analysis
