export interface DocumentedError {
  readonly status: number;
  readonly retryable: boolean;
  readonly summary: string;
  readonly action: string;
}

/** docs/errors.md: the error table for people. */
export const errorsPageOf = (errors: Readonly<Record<string, DocumentedError>>): string =>
  [
    '# Errors',
    '',
    'Every problem an answer of the HTTP API or a message of the CLI can name. The HTTP API answers with',
    '`application/problem+json` (RFC 9457): `code` is the name below, `instance` is the request id that the server log',
    'carries too, `detail` says what was expected. Of failures inside the server (5xx) details are in the server log',
    'only. "Again" says whether the same call may succeed later without a change.',
    '',
    'This page is made from `services/core/errors.ts` by `make gen`.',
    '',
    '| code | HTTP | again | what happened | what to do |',
    '|---|---|---|---|---|',
    ...Object.entries(errors).map(
      ([code, { status, retryable, summary, action }]) =>
        `| \`${code}\` | ${status} | ${retryable ? 'yes' : 'no'} | ${summary} | ${action} |`,
    ),
    '',
  ].join('\n');
