import type { Logger } from 'pino';
import { errorTable, type HoldfastError } from '../../core/errors.ts';
import type { ServedRequest } from './http-metrics.ts';

/** Routes, never addresses or bodies: what was asked belongs to the audit stream alone. */
export const logRequest = (log: Logger, requestId: string, served: ServedRequest): void =>
  log.debug({ requestId, ...served }, 'request answered');

/** The only place where details of a 5xx can be read. */
export const logProblem = (log: Logger, requestId: string, error: HoldfastError): void => {
  if (errorTable[error.code].status < 500) log.info({ requestId, code: error.code }, 'request refused');
  else log.error({ requestId, err: error, details: error.details }, 'request failed');
};

export const logAborted = (log: Logger, requestId: string): void =>
  log.info({ requestId }, 'caller hung up before the answer');

export const logListening = (log: Logger, url: string): void =>
  log.info({ url }, 'listening on loopback only: until sign-in exists, whoever can call is the operator');

export const logContained = (log: Logger, url: string): void =>
  log.warn(
    { url },
    'listening on every address: without sign-in, whoever reaches this container reads everything; publish its port to loopback alone',
  );

export const logStopped = (log: Logger, cut: boolean): void =>
  log.info(
    { cut },
    cut ? 'stopped; requests still running were cut off' : 'stopped; every request was answered',
  );
