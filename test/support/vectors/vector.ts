import type { Item } from '../../../schemas/archive/item.ts';
import type { FaultCode, WarningCode } from '../../../services/core/query/fault.ts';
import { buildItem, type ItemSpec } from '../item-builder.ts';

/** A query and what every evaluator must answer over these items. */
export interface QueryVector {
  readonly query: string;
  readonly items: readonly Item[];
  /** Ids of the items that match. */
  readonly hits: readonly string[];
  /** Ids of the items for which the query is unknown. */
  readonly unknown: readonly string[];
  /** Versions that match, where the vector says. */
  readonly versions: Readonly<Record<string, readonly number[]>>;
  readonly warnings: readonly WarningCode[];
  readonly now: Date;
  readonly timeZone: string;
}

/** A query that must be refused. */
export interface RefusedQuery {
  readonly query: string;
  readonly code: FaultCode;
  /** The part of the query the fault points at. */
  readonly at: string | undefined;
  readonly fixes: readonly string[] | undefined;
  readonly now: Date;
  readonly timeZone: string;
}

/** A text is a message with this body. */
export type Sample = string | ItemSpec;

interface Expected {
  readonly hit?: readonly Sample[];
  readonly miss?: readonly Sample[];
  readonly unknown?: readonly Sample[];
  readonly warnings?: readonly WarningCode[];
  readonly now?: string;
  readonly timeZone?: string;
  /** Versions of the first hit that match. */
  readonly versions?: readonly number[];
}

const defaultNow = '2024-03-10T12:00:00.000Z';

export const finds = (query: string, expected: Expected): QueryVector => {
  const built = (samples: readonly Sample[] | undefined, group: string, start: number): Item[] =>
    (samples ?? []).map((sample, index) => {
      const spec = typeof sample === 'string' ? { body: sample } : sample;
      // Offsets leave room for edits, so that items of one vector can live in one index.
      return buildItem({ id: `${group}-${index}`, offset: (start + index) * 10, ...spec });
    });
  const hits = built(expected.hit, 'hit', 0);
  const misses = built(expected.miss, 'miss', hits.length);
  const unknown = built(expected.unknown, 'unknown', hits.length + misses.length);
  const [first] = hits;
  return {
    query,
    items: [...hits, ...misses, ...unknown],
    hits: hits.map(({ id }) => id),
    unknown: unknown.map(({ id }) => id),
    versions: first === undefined || expected.versions === undefined ? {} : { [first.id]: expected.versions },
    warnings: expected.warnings ?? [],
    now: new Date(expected.now ?? defaultNow),
    timeZone: expected.timeZone ?? 'UTC',
  };
};

export const refuses = (
  query: string,
  code: FaultCode,
  { at, fixes, timeZone }: { at?: string; fixes?: readonly string[]; timeZone?: string } = {},
): RefusedQuery => ({
  query,
  code,
  at,
  fixes,
  now: new Date(defaultNow),
  timeZone: timeZone ?? 'UTC',
});
