import type { ZodError } from 'zod';
import type { Problem } from '../../../schemas/api/problem.ts';
import { type ErrorCode, errorTable, HoldfastError, isHoldfastError } from '../../core/errors.ts';

/** What happened, as the one error class. Express and Node name client faults by a 4xx `status`. */
export const toHoldfastError = (error: unknown): HoldfastError => {
  if (isHoldfastError(error)) return error;
  if (error instanceof URIError || statusOf(error) === 400)
    return new HoldfastError(
      'BadRequest',
      { detail: 'The address is not valid percent-encoded UTF-8.' },
      { cause: error },
    );
  return new HoldfastError('Internal', {}, { cause: error });
};

const statusOf = (error: unknown): unknown =>
  typeof error === 'object' && error !== null && 'status' in error ? error.status : undefined;

/** RFC 9457 problem. Details of 5xx stay in the log: they may name paths and engines. */
export const problemOf = (error: HoldfastError, requestId: string): Problem => {
  const { status, summary, action, retryable } = errorTable[error.code];
  const problem: Problem = {
    type: `urn:holdfast:problem:${error.code}`,
    title: summary,
    status,
    code: error.code,
    action,
    retryable,
    instance: requestId,
  };
  return status >= 500 ? problem : { ...problem, ...detailsOf(error.details) };
};

const detailsOf = (
  details: Readonly<Record<string, unknown>>,
): Pick<Problem, 'detail' | 'faults' | 'issues'> => ({
  ...(typeof details.detail === 'string' ? { detail: details.detail } : {}),
  ...(Array.isArray(details.faults) ? { faults: details.faults } : {}),
  ...(Array.isArray(details.issues) ? { issues: details.issues } : {}),
});

/** All issues of a refused value at once; never the value itself. */
export const badRequestOf = (where: string, error: ZodError): HoldfastError =>
  new HoldfastError('BadRequest', {
    detail: `The ${where} is not as described in /openapi.json.`,
    issues: error.issues.map(({ path, message }) => ({ path: path.map(String).join('.'), message })),
  });

/** The error a problem stood for, on the side of the caller. */
export const errorOfProblem = (problem: Problem): HoldfastError => {
  const code: ErrorCode = Object.hasOwn(errorTable, problem.code) ? (problem.code as ErrorCode) : 'Internal';
  const { detail, faults, issues, instance } = problem;
  return new HoldfastError(code, {
    ...(detail === undefined ? {} : { detail }),
    ...(faults === undefined ? {} : { faults }),
    ...(issues === undefined ? {} : { issues }),
    requestId: instance,
  });
};
