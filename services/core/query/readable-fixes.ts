import type { ParseResult, QueryFault } from './parsed-query.ts';
import { queryLimits } from './query-limits.ts';

/**
 * The faults with the corrections that help: a correction is a query that is understood, or, where there are several
 * faults, one with fewer of them. All corrections together are bounded, because each repeats the query.
 */
export const withReadableFixes = (
  text: string,
  faults: readonly QueryFault[],
  read: (text: string) => ParseResult,
): readonly QueryFault[] => {
  const codes = new Set(faults.map(({ code }) => code));
  let left: number = queryLimits.repeated;
  const helps = (fix: string): boolean => {
    if (fix === text || fix.length > left) return false;
    left -= fix.length;
    const result = read(fix);
    if (result.ok) return true;
    return result.faults.length < faults.length && result.faults.every(({ code }) => codes.has(code));
  };
  return faults.map((fault) => ({ ...fault, fixes: fault.fixes.filter(helps) }));
};
