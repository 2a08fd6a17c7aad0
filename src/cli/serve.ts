import { withControlPlane } from '../control-plane/control-plane';

export const DEFAULT_PORT = 50_051;

export interface ServeOptions {
  home: string;
  /** 0 lets the kernel choose. */
  port: number;
  json: boolean;
}

/**
 * Serves runs over gRPC on loopback until someone asks to stop. What was under way in an earlier process goes on; what
 * is under way then ends its step and goes on in the next one.
 */
export async function serve({ home, port, json }: ServeOptions): Promise<void> {
  await withControlPlane({ home, grpc: { port, serveRuns: true } }, async ({ runs, address, signals, line }) => {
    line.clear();
    process.stdout.write(json ? `${JSON.stringify({ address })}\n` : `azr serves gRPC on ${address}\n`);
    signals.allowSteps();
    await runs.takeUp();
    await signals.stopAsked;
    await runs.drain();
  });
}
