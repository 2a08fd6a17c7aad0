import type { Pair } from '../../domain/task/task';
import { parseArguments, parseValue, ValueSyntaxError, type PyValue } from '../../domain/value';
import { Objection } from '../../verifier/objection';
import type { ProgramExecutor } from '../../verifier/ports';
import { readText } from '../../verifier/read-text';
import { agreedValue } from '../../verifier/runs';
import { textLiteral } from '../text-literal';

/** What the tests of a programming problem ask for. */
export interface Asserts {
  /** Name of the function that is tested. */
  entry: string;
  /** Of the asserts `assert entry(…) == …` and `assert … == entry(…)` that have values in both places. */
  pairs: Pair[];
  /** Whether they are all that the tests ask for. */
  isWhole: boolean;
}

/** What is read; nothing of it is executed. */
export interface TestSource {
  tests: string;
  /** Name of the function, or a program that defines it among others. */
  tested: { entry: string } | { solution: string };
}

/**
 * Reads a benchmark's tests with CPython's grammar, in the jail, and the values in them with ours. The tests may stand
 * at module level or in a function `check`, whose parameter is the function then. Definitions, imports and assignments
 * at module level ask for nothing; asserts of a constant that is true neither.
 * @returns an objection where the tests do not compile or ask for nothing
 * @throws PartUnavailable
 */
export async function readAsserts(executor: ProgramExecutor, source: TestSource): Promise<Asserts | Objection> {
  const [entry, solution] = 'entry' in source.tested ? [source.tested.entry, ''] : ['', source.tested.solution];
  const input = [source.tests, entry, solution].map(textLiteral).join(', ');
  const [runs = []] = await executor.runAcross(READER, [input], LIMITS);
  const read = agreedValue(runs);
  return read instanceof Objection ? read : assertsOf(read);
}

const LIMITS = { timeoutMs: 10_000, memoryMib: 512, outputBytes: 1 << 20 };

/**
 * `f` gives the function's name, the texts of arguments and value of each assert that has the form, and whether there
 * is more. An offset in a syntax tree counts bytes of UTF-8.
 */
const READER = `
ONLY_AST = 0x400
DECLARATIONS = ("Import", "ImportFrom", "FunctionDef", "ClassDef", "Assign", "AnnAssign")

def tree(text):
    return compile(text, "<text>", "exec", ONLY_AST).body

def kind(node):
    return type(node).__name__

def walk(node):
    yield node
    for field in node._fields:
        value = getattr(node, field, None)
        for child in value if isinstance(value, list) else [value]:
            if hasattr(child, "_fields"):
                yield from walk(child)

def calls_of(node):
    return [n for n in walk(node) if kind(n) == "Call" and kind(n.func) == "Name"]

def tested(statements, solution):
    defined = {s.name for s in tree(solution) if kind(s) == "FunctionDef"}
    called = [call.func.id for s in statements for call in calls_of(s)]
    found = [name for name in called if name in defined]
    if not found:
        raise ValueError("no test calls a function that the solution defines")
    return found[0]

def f(text, entry, solution):
    text = text.replace("\\r\\n", "\\n").replace("\\r", "\\n")
    statements = tree(text)
    lines = text.encode().split(b"\\n")
    entry = entry or tested(statements, solution)
    checks = [s for s in statements if kind(s) == "FunctionDef" and s.name == "check" and s.args.args]
    names = {entry, *(check.args.args[0].arg for check in checks)}

    def between(start, end):
        (line, column), (last, stop) = start, end
        if line == last:
            return lines[line - 1][column:stop].decode()
        middle = lines[line : last - 1]
        return b"\\n".join([lines[line - 1][column:], *middle, lines[last - 1][:stop]]).decode()

    def start(node):
        return node.lineno, node.col_offset

    def end(node):
        return node.end_lineno, node.end_col_offset

    def is_tested(node):
        return kind(node) == "Call" and kind(node.func) == "Name" and node.func.id in names

    def pair(test):
        if kind(test) != "Compare" or [kind(op) for op in test.ops] != ["Eq"]:
            return None
        call, value = test.left, test.comparators[0]
        if not is_tested(call):
            call, value = value, call
        arguments = between(end(call.func), end(call)).strip() if is_tested(call) else ""
        if not arguments.startswith("("):
            return None
        return arguments[1:-1], between(start(value), end(value))

    def asks_nothing(statement):
        if kind(statement) == "Assert":
            return kind(statement.test) == "Constant" and bool(statement.test.value)
        return kind(statement) == "Pass" or kind(statement) == "Expr" and kind(statement.value) == "Constant"

    def is_check(statement):
        return kind(statement) == "Expr" and [c.func.id for c in calls_of(statement)] == ["check"]

    body = [s for s in statements if kind(s) not in DECLARATIONS and not is_check(s)]
    asked = [s for s in body + [s for check in checks for s in check.body] if not asks_nothing(s)]
    if not asked:
        raise ValueError("the tests assert nothing")
    pairs = [pair(s.test) if kind(s) == "Assert" else None for s in asked]
    return entry, [found for found in pairs if found], None in pairs
`;

function assertsOf(read: PyValue): Asserts {
  const [entry, found, hasMore] = itemsOf(read);
  const pairs = itemsOf(found!).map((pair) => itemsOf(pair).map(textOf));
  const ofValues = pairs.filter(([input, output]) => isRead(parseArguments, input!) && isRead(parseValue, output!));
  return {
    entry: textOf(entry!),
    pairs: ofValues.map(([input, output]) => ({ input: input!, output: output! })),
    isWhole: hasMore!.kind === 'bool' && !hasMore!.value && ofValues.length === pairs.length,
  };
}

const isRead = <T>(parse: (text: string) => T, text: string): boolean =>
  !(readText(parse, text) instanceof ValueSyntaxError);

/** What the reader gives is made of tuples, lists and texts. */
const itemsOf = (value: PyValue): readonly PyValue[] =>
  value.kind === 'tuple' || value.kind === 'list' ? value.items : [];
const textOf = (value: PyValue): string => (value.kind === 'str' ? value.text : '');
