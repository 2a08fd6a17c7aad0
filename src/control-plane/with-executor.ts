import { startExecutor, type EmbeddedExecutorOptions } from '../embedded/executor';
import { withTemporaryHome } from './with-temporary-home';

/**
 * Does some work with an executor process and nothing else. Whatever comes of it, nothing is left behind, also when
 * someone asks to stop.
 * @param work is given the address of the executor's gRPC server
 * @throws AzrError where it cannot be started
 */
export const withExecutor = <T>(options: EmbeddedExecutorOptions, work: (address: string) => Promise<T>): Promise<T> =>
  withTemporaryHome((home) => startExecutor(home, options).ready.then(work));
