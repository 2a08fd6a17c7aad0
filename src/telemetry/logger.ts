import { join } from 'node:path';
import { createLogger, format, transports, type Logger } from 'winston';

export type { Logger } from 'winston';

/** The control plane's log: one JSON object a line, `<dir>/control-plane.log`, rotated at 10 MB. */
export const openLog = (dir: string): Logger =>
  createLogger({
    level: 'info',
    format: format.combine(format.timestamp(), format.errors({ stack: true }), format.json()),
    transports: [
      new transports.File({
        filename: join(dir, 'control-plane.log'),
        maxsize: 10_000_000,
        maxFiles: 5,
        tailable: true,
      }),
    ],
  });
