import type { z } from 'zod';

const maxReasonLength = 1000;
const maxQuotedLength = 64;

/**
 * One line for people: which field, what was expected, and how many more faults there are. Quotes names of fields and
 * types, never values: a reason stays in the ledger after the content was destroyed.
 */
export const describeFault = (error: z.ZodError, json: unknown): string => {
  const [first, ...more] = error.issues;
  if (first === undefined) return 'not an event';
  const others = more.length === 0 ? '' : ` (and ${more.length} more)`;
  return `${pathOf(first)}: ${expectationOf(first, json)}${others}`.slice(0, maxReasonLength).toWellFormed();
};

const pathOf = (issue: z.core.$ZodIssue): string =>
  issue.path.length === 0 ? 'event' : issue.path.map(String).join('.');

const expectationOf = (issue: z.core.$ZodIssue, json: unknown): string => {
  if (issue.code === 'unrecognized_keys') return `unknown field ${issue.keys.map(quoted).join(', ')}`;
  if (issue.code === 'invalid_union' && issue.path[0] === 'type') return `unknown event type ${typeIn(json)}`;
  return issue.message.replace(/^(Invalid|Too) \w+: /, '').replace(/\s+/g, ' ');
};

const typeIn = (json: unknown): string =>
  typeof json === 'object' && json !== null && 'type' in json && typeof json.type === 'string'
    ? quoted(json.type)
    : '(none)';

const quoted = (name: string): string => JSON.stringify(name.slice(0, maxQuotedLength));
