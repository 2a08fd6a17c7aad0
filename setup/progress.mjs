/** Set-up's words, all on standard error: one line a task with its duration, and signs of life meanwhile. */
import { stderr } from 'node:process';

const LIFE_MS = stderr.isTTY ? 500 : 15_000;
const seconds = (since) => ((Date.now() - since) / 1000).toFixed(1);

export function say(line) {
  stderr.write(`${line}\n`);
}

function showLife(name, since, lastLine) {
  const text = `  ${name} … ${seconds(since)} s  ${lastLine}`.slice(0, (stderr.columns ?? 118) - 1);
  stderr.write(stderr.isTTY ? `\r\x1b[K${text}` : `${text}\n`);
}

/** Runs `work(onLine)`; the last line that it passes to `onLine` is shown as a sign of life. */
export async function task(name, work) {
  const since = Date.now();
  let lastLine = '';
  const life = setInterval(() => showLife(name, since, lastLine), LIFE_MS);
  try {
    const result = await work((line) => {
      if (!/warn/i.test(line)) lastLine = line.trim();
    });
    if (stderr.isTTY) stderr.write('\r\x1b[K');
    say(`  ${name}: ${seconds(since)} s`);
    return result;
  } catch (error) {
    if (stderr.isTTY) stderr.write('\n');
    throw error;
  } finally {
    clearInterval(life);
  }
}
