import type { Arguments } from './arguments';
import type { PyValue } from './value';

/** Whether an argument list has a set anywhere: a program can see its order. */
export function holdsSet({ positional, keyword }: Arguments): boolean {
  const waiting: PyValue[] = [...positional, ...keyword.map(([, value]) => value)];
  for (let value = waiting.pop(); value !== undefined; value = waiting.pop()) {
    if (value.kind === 'set' || value.kind === 'frozenset') return true;
    if (value.kind === 'list' || value.kind === 'tuple') for (const item of value.items) waiting.push(item);
    if (value.kind === 'dict') for (const entry of value.entries) waiting.push(...entry);
  }
  return false;
}
