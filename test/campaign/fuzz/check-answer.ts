import { Problem } from '../../../schemas/api/problem.ts';
import { type Route, routes } from '../../../schemas/api/routes.ts';
import type { RequestInput } from './request-inputs.ts';
import type { RawAnswer } from './served-archive.ts';

/** An answer is as the route table says, or a problem of its status; never a 5xx but "try again". */
export const checkAnswer = (request: RequestInput, answer: RawAnswer): string[] => {
  const { status, body } = answer;
  if (status === 0) return request.isWhole ? ['it was not answered'] : [];
  const about = `${status} ${body.slice(0, 300)}`;
  if (status >= 500 && status !== 503) return [`was answered with ${about}`];
  if (request.isHead === true) return [];
  if (status >= 400)
    return isProblem(answer) || isNotReady(request, answer) ? [] : [`no problem document: ${about}`];
  const described =
    request.route === undefined ? undefined : (routes[request.route] as Route).answers[status];
  if (described?.mediaType !== 'application/json') return [];
  const parsed = described.schema.safeParse(jsonIn(body));
  return parsed.success ? [] : [`not as described: ${parsed.error.message.slice(0, 300)} in ${about}`];
};

const isProblem = ({ status, mediaType, body }: RawAnswer): boolean => {
  const problem = Problem.safeParse(jsonIn(body));
  return mediaType === 'application/problem+json' && problem.success && problem.data.status === status;
};

const isNotReady = ({ route }: RequestInput, { status }: RawAnswer): boolean =>
  route === 'readiness' && status === 503;

const jsonIn = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};
