import { type ErrorCode, errorTable, HoldfastError } from '../../core/errors.ts';

/** An error as it crosses a thread border: structured clone would drop the class, the code and the details. */
export interface SentError {
  readonly name: string;
  readonly message: string;
  readonly stack?: string;
  readonly code?: string;
  readonly details?: Readonly<Record<string, unknown>>;
  readonly cause?: SentError;
}

const maxCauses = 4;

export const toSentError = (error: unknown, depth = 0): SentError => {
  if (!(error instanceof Error)) return { name: 'Error', message: String(error) };
  const code = 'code' in error && typeof error.code === 'string' ? error.code : undefined;
  return {
    name: error.name,
    message: error.message,
    ...(error.stack !== undefined && { stack: error.stack }),
    ...(code !== undefined && { code }),
    ...(error instanceof HoldfastError && { details: cloneable(error.details) }),
    ...(error.cause !== undefined && depth < maxCauses && { cause: toSentError(error.cause, depth + 1) }),
  };
};

export const fromSentError = (sent: SentError): Error => {
  const cause = sent.cause === undefined ? undefined : fromSentError(sent.cause);
  const error =
    sent.name === 'HoldfastError' && isErrorCode(sent.code)
      ? new HoldfastError(sent.code, sent.details ?? {}, { cause, message: sent.message })
      : Object.assign(new Error(sent.message, cause === undefined ? undefined : { cause }), {
          name: sent.name,
          ...(sent.code !== undefined && { code: sent.code }),
        });
  if (sent.stack !== undefined) error.stack = sent.stack;
  return error;
};

const isErrorCode = (code: string | undefined): code is ErrorCode =>
  code !== undefined && Object.hasOwn(errorTable, code);

const cloneable = (details: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> => {
  try {
    return structuredClone(details);
  } catch {
    return { detail: String(details.detail ?? '') };
  }
};
