/** @import { Problem } from '../../../schemas/api/problem.ts' */
/** @import { ConversationAnswer, SearchAnswer } from '../../../schemas/api/search.ts' */

/** A problem the server answered with, or `undefined` when it did not answer at all. */
export class CallFailed extends Error {
  /** @param {Problem | undefined} problem */
  constructor(problem) {
    super(problem?.title ?? 'no answer');
    this.problem = problem;
  }
}

/**
 * @param {string} path
 * @param {string} purpose
 * @param {RequestInit} init
 */
const call = async (path, purpose, init) => {
  /** @type {Response} */
  let response;
  try {
    const headers = { ...init.headers, 'Holdfast-Purpose': encodeURIComponent(purpose.toWellFormed()) };
    response = await fetch(path, { ...init, headers });
  } catch (error) {
    if (init.signal?.aborted) throw error;
    throw new CallFailed(undefined);
  }
  const answer = await response.json().catch(() => undefined);
  if (!response.ok || answer === undefined) throw new CallFailed(answer);
  return answer;
};

/**
 * @param {{ query: string, timeZone: string, limit: number, after?: string | undefined }} request
 * @param {string} purpose
 * @param {AbortSignal} signal
 * @returns {Promise<SearchAnswer>}
 */
export const search = (request, purpose, signal) =>
  call('/api/v1/search', purpose, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(request),
    signal,
  });

/**
 * @param {string} id
 * @param {Readonly<Record<string, string | number>>} range
 * @param {string} purpose
 * @returns {Promise<ConversationAnswer>}
 */
export const conversation = (id, range, purpose) => {
  const query = new URLSearchParams(Object.entries(range).map(([name, value]) => [name, String(value)]));
  return call(`/api/v1/conversations/${encodeURIComponent(id)}?${query}`, purpose, {});
};
