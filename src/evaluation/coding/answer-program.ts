import { textLiteral } from '../text-literal';
import type { CodingTask } from './coding-task';

/**
 * A program whose `f` calls the function of an answer. Preamble and answer are texts within it, so that none of them
 * can be taken for a part of the other. What is an instance of a builtin container, such as a `Counter`, is given as
 * the plain one, which it equals; what the answer does to prevent or forge that is no more than another value.
 */
export const valueProgram = (task: CodingTask, answer: string): string => `${scopeOf(task, answer)}
def plain(value):
    if isinstance(value, dict):
        return {plain(key): plain(item) for key, item in dict.items(value)}
    for kind in (list, tuple, set, frozenset):
        if isinstance(value, kind):
            return kind([plain(item) for item in kind.__iter__(value)])
    return value

def f(*positional, **named):
    return plain(tested(*positional, **named))
`;

/** A program whose `f` says whether the benchmark's own tests pass, which run in the scope of the answer. */
export const testProgram = (task: CodingTask, answer: string, tests: string): string => `${scopeOf(task, answer)}
def f():
    try:
        exec(${textLiteral(tests)}, dict(scope))
    except AssertionError:
        return False
    return True
`;

const scopeOf = ({ preamble, view }: CodingTask, answer: string): string => `scope = {"__name__": __name__}
exec(${textLiteral(preamble)}, scope)
exec(${textLiteral(answer)}, scope)
tested = scope[${textLiteral(view.entry)}]
`;
