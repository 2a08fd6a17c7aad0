import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { executorProcesses } from './processes';

/** Has two children, one with a child of its own, and what is left of a third that has ended. */
const EXECUTOR = `
  const { spawn, execFileSync } = require('node:child_process');
  const start = (...command) => spawn('sh', ['-c', ...command], { stdio: ['ignore', 'pipe', 'ignore'] });
  start('echo up; exec sleep 60').stdout.once('data', () =>
    start('sleep 60 & echo up; wait').stdout.once('data', () => {
      execFileSync('sh', ['-c', 'sleep 60 >/dev/null 2>&1 &']);
      console.log('ready');
    }));`;

describe('the processes of an executor', () => {
  let executor: ChildProcess;
  afterEach(() => process.kill(-executor.pid!, 'SIGKILL'));

  it('are its fork servers, what is below them, and those of its session that have lost their parent', async () => {
    executor = spawn(process.execPath, ['-e', EXECUTOR, '/tmp/of-this-one'], { detached: true });
    await once(executor.stdout!, 'data');
    const { servers, strays } = executorProcesses('/tmp/of-this-one');
    expect([[...servers.values()].sort(), strays]).toEqual([[0, 1], 1]);
    expect(executorProcesses('/tmp/of-another')).toEqual({ servers: new Map(), strays: 0 });
  });
});
