import { withControlPlane } from '../control-plane/control-plane';
import { executorElsewhere, type ExecutorOptions } from './executor-options';

export const DEFAULT_PORT = 50_051;
export const DEFAULT_TIER = 2;

export interface ServeOptions extends ExecutorOptions {
  home: string;
  /** 0 lets the kernel choose. */
  port: number;
  /** Weakest jail that the programs may run in of those who ask for verdicts, 1 to 3. */
  minimumTier: number;
  json: boolean;
}

/**
 * Serves runs and verdicts over gRPC on loopback until someone asks to stop. What was under way in an earlier process
 * goes on; what is under way then ends its step and goes on in the next one.
 */
export async function serve({ home, port, minimumTier, json, ...rest }: ServeOptions): Promise<void> {
  const plane = { home, executor: executorElsewhere(rest), grpc: { port, serve: { minimumTier } } };
  await withControlPlane(plane, async ({ runs, address, signals, line }) => {
    line.clear();
    process.stdout.write(json ? `${JSON.stringify({ address })}\n` : `azr serves gRPC on ${address}\n`);
    signals.allowSteps();
    await runs.takeUp();
    await signals.stopAsked;
    await runs.drain();
  });
}
