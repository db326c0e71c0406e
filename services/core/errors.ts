/** Every error code: HTTP status, whether the same call may succeed later, what happened, what the caller should do. */
export const errorTable = {
  BadRequest: {
    status: 400,
    retryable: false,
    summary: 'The request is not understood.',
    action: 'Correct the named field and send it again.',
  },
  QueryRefused: {
    status: 400,
    retryable: false,
    summary: 'The query is not understood.',
    action: 'Correct it at the position named; a fix is offered where there is one.',
  },
  NotFound: {
    status: 404,
    retryable: false,
    summary: 'There is nothing under this name.',
    action: 'Check the id; search for the item to get its id.',
  },
  MethodNotAllowed: {
    status: 405,
    retryable: false,
    summary: 'This address does not take this method.',
    action: 'Use a method named in the Allow header.',
  },
  RequestTimeout: {
    status: 408,
    retryable: true,
    summary: 'The request did not arrive in time.',
    action: 'Send it again, whole.',
  },
  Conflict: {
    status: 409,
    retryable: false,
    summary: 'Somebody else changed this first.',
    action: 'Read the present state and decide again.',
  },
  TooLarge: {
    status: 413,
    retryable: false,
    summary: 'The input is over a limit.',
    action: 'Send it in smaller parts; the limit is named.',
  },
  Unauthorized: {
    status: 401,
    retryable: false,
    summary: 'This call needs the token of this installation.',
    action: 'Use the token in server.json of the data folder.',
  },
  Forbidden: {
    status: 403,
    retryable: false,
    summary: 'This call is not allowed from here.',
    action: 'Call the server at its own address, from the same machine.',
  },
  UnsupportedMedia: {
    status: 415,
    retryable: false,
    summary: 'The content type is not supported.',
    action: 'Send the content type named in the detail.',
  },
  ServerUnreachable: {
    status: 503,
    retryable: true,
    summary: 'No Holdfast server answers at this address.',
    action: 'Start one with `holdfast serve`, or correct --url.',
  },
  Overloaded: {
    status: 503,
    retryable: true,
    summary: 'More is waiting to be written than memory allows.',
    action: 'Wait and send it again.',
  },
  LogFull: {
    status: 503,
    retryable: true,
    summary: 'The event log cannot be written: the disk is full.',
    action: 'Free space on the disk of the data folder, then send it again; nothing acknowledged was lost.',
  },
  LogUnavailable: {
    status: 503,
    retryable: true,
    summary: 'The event log cannot be reached.',
    action: 'Look at the server log, then send it again.',
  },
  IndexUnavailable: {
    status: 503,
    retryable: true,
    summary: 'The archive index cannot be reached.',
    action: 'Look at the server log; `holdfast rebuild-index` makes a new index from the log.',
  },
  LedgerUnavailable: {
    status: 503,
    retryable: true,
    summary: 'The ledger cannot be reached.',
    action: 'Look at the server log, then try again.',
  },
  GovernanceStale: {
    status: 503,
    retryable: true,
    summary: 'The end of the governance stream was not confirmed in time.',
    action: 'Try again in a few seconds.',
  },
  AuditUnavailable: {
    status: 503,
    retryable: true,
    summary: 'The audit entry could not be written, so the answer was withheld.',
    action: 'Free space or repair the data folder, then ask again.',
  },
  DataFolderLocked: {
    status: 409,
    retryable: false,
    summary: 'Another process uses this data folder.',
    action: 'Stop it, or speak to it with --url.',
  },
  DataFolderInvalid: {
    status: 500,
    retryable: false,
    summary: 'The data folder is not what it should be.',
    action: 'Restore the file named from a backup; do not make a new one over it.',
  },
  ReadOnly: {
    status: 403,
    retryable: false,
    summary: 'The data folder cannot be written; only search, show and verify work.',
    action: 'Give this account write permission on the data folder.',
  },
  ImportFailed: {
    status: 400,
    retryable: false,
    summary: 'The file could not be imported.',
    action: 'Check that the path is readable and the format is supported.',
  },
  InvalidConfig: {
    status: 400,
    retryable: false,
    summary: 'The configuration is not valid.',
    action: 'Correct every setting listed.',
  },
  VerificationFailed: {
    status: 500,
    retryable: false,
    summary: 'The archive is not what its ledger says.',
    action: 'Keep the data folder as it is; the first difference is named.',
  },
  Internal: {
    status: 500,
    retryable: false,
    summary: 'Something went wrong inside Holdfast.',
    action: 'Look at the server log for this request id.',
  },
} as const satisfies Record<string, { status: number; retryable: boolean; summary: string; action: string }>;

export type ErrorCode = keyof typeof errorTable;

/** The one error class. `details` are for the caller (never message bodies); `cause` stays in the log. */
export class HoldfastError extends Error {
  readonly code: ErrorCode;
  readonly details: Readonly<Record<string, unknown>>;

  constructor(
    code: ErrorCode,
    details: Readonly<Record<string, unknown>> = {},
    options?: { cause?: unknown; message?: string },
  ) {
    super(
      options?.message ?? messageOf(code, details),
      options?.cause === undefined ? undefined : { cause: options.cause },
    );
    this.name = 'HoldfastError';
    this.code = code;
    this.details = details;
  }
}

const messageOf = (code: ErrorCode, details: Readonly<Record<string, unknown>>): string => {
  const detail = typeof details.detail === 'string' ? ` ${details.detail}` : '';
  return `${errorTable[code].summary}${detail}`;
};

export const isHoldfastError = (error: unknown, code?: ErrorCode): error is HoldfastError =>
  error instanceof HoldfastError && (code === undefined || error.code === code);
