import { runExecutorProcess } from '../../../src/executor/main';

/** The executor as a process of its own: arguments are the socket, the interpreter and the weakest tier. */
const [socket, python, minimumTier] = process.argv.slice(2);
runExecutorProcess({ socket: socket!, python: python!, minimumTier: Number(minimumTier), ownerStdin: true }).catch(
  (error: Error) => {
    process.stderr.write(`${error.message}\n`);
    process.exitCode = 1;
  },
);
