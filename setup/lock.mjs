/**
 * One set-up at a time in one checkout. The lock is an abstract Unix socket: the kernel frees the name when the last
 * process that holds it ends, however it ends. Children of a step inherit it, so that a step which outlives a killed
 * set-up is waited for too.
 */
import { statSync } from 'node:fs';
import net from 'node:net';

import { SetupError } from './command.mjs';

const WAIT_MS = 60 * 60_000;

/** Holds `name`, or resolves with null if another process does. Those who wait for it are connected to it. */
function take(name) {
  const waiting = new Set();
  const server = net.createServer((connection) => {
    waiting.add(connection);
    connection.on('error', () => {});
  });
  const release = () => {
    server.close();
    for (const connection of waiting) connection.destroy();
  };
  return new Promise((resolve, reject) => {
    server.once('error', (error) => (error.code === 'EADDRINUSE' ? resolve(null) : reject(error)));
    server.listen(name, () => resolve({ release, descriptor: server._handle.fd }));
  });
}

/** Resolves when the holder's socket is gone, or at the deadline. */
function holderEnds(name, deadline) {
  return new Promise((resolve) => {
    const connection = net.connect(name);
    connection.setTimeout(Math.max(1, deadline - Date.now()), () => connection.destroy());
    connection.on('error', () => {});
    connection.on('close', resolve);
    connection.resume();
  });
}

/**
 * Runs `work` alone in this checkout; `onWait` is called once if another set-up has to end first. `work` is given the
 * lock's file descriptor for its children to inherit.
 */
export async function alone(root, onWait, work) {
  const { dev, ino } = statSync(root);
  const name = `\0azr-setup-${dev}-${ino}`;
  const deadline = Date.now() + WAIT_MS;
  let lock = await take(name);
  if (!lock) onWait();
  while (!lock) {
    if (Date.now() > deadline) throw new SetupError(`another set-up of ${root} did not end within an hour`);
    await holderEnds(name, deadline);
    lock = await take(name);
  }
  try {
    return await work(lock.descriptor);
  } finally {
    lock.release();
  }
}
