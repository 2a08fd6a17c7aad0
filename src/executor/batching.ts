/** Items that share a process, where they may: forking costs most, and the results of a batch are held in memory. */
const MAX_ITEMS = 50;
const MAX_BYTES = 1 << 20;

/** Names that classes define and programs use without going anywhere. */
const HARMLESS = /__(init|name|repr|str|eq|lt|hash|len|iter|next|call|getitem|contains|add|sub|mul)__/g;

/** What could reach state that outlives a module: other modules, builtins, frames, attributes by computed name. */
const REACHES_OUT =
  /\b(import|[gsd]e[tl]attr|eval|exec|compile|globals|locals|vars|open|input|breakpoint)\b|__|_frame|f_back|f_builtins/;

/**
 * Roundabout ways there: objects that exceptions hold, format fields, classes and patterns with computed names, code
 * with other names, and the builtin class that can be written to.
 */
const GOES_ROUND = /\bas[\s\\]+\w+[\s\\]*:|\b(type|format|format_map|match|(Base)?ExceptionGroup)\b|_code\b/;

/** A generator that is let go runs what is left of it whenever it is collected, be it in the run of the next input. */
const RUNS_ON = /\byield\b[^]*\b(try|with)\b|\b(try|with)\b[^]*\byield\b/;

/**
 * Whether the program's runs leave nothing behind in their process but their own module, judged by its text alone. One
 * that fails this is still run, with a process for each input. Only in ASCII does a name have a single spelling.
 */
export function canShareProcess(program: string): boolean {
  if (!/^[\0-\x7f]*$/.test(program)) return false;
  return ![REACHES_OUT, GOES_ROUND, RUNS_ON].some((way) => way.test(program.replace(HARMLESS, '')));
}

/** Cuts items into batches of at most `maxItems` and about a mebibyte. */
export function* batches<T extends string | Uint8Array>(items: readonly T[], maxItems = MAX_ITEMS): Generator<T[]> {
  let batch: T[] = [];
  let bytes = 0;
  for (const item of items) {
    const size = Buffer.byteLength(item);
    if (batch.length === maxItems || (batch.length > 0 && bytes + size > MAX_BYTES)) {
      yield batch;
      batch = [];
      bytes = 0;
    }
    batch.push(item);
    bytes += size;
  }
  if (batch.length > 0) yield batch;
}
