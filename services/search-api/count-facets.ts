import { TZDate } from '@date-fns/tz';
import { format } from 'date-fns/format';
import { startOfISOWeek } from 'date-fns/startOfISOWeek';
import type { Facet, FacetName } from '../../schemas/api/search.ts';
import { spelledAlike } from '../core/query/calendar.ts';
import type { ParsedQuery } from '../core/query/parsed-query.ts';
import type { ArchiveIndex, FacetCount, IndexFacet } from '../ports/archive-index.ts';
import type { Caller } from './archive.ts';

/** Rarer values are left out and the facet says so. */
const maxValues = 100;

interface FacetRequest {
  readonly parsed: ParsedQuery;
  readonly facets: readonly FacetName[];
  readonly offsets: readonly number[];
}

/** Counts of all hits by kind, conversation, sender, day, week or month of the answer's zone, and of each term alone. */
export const countFacets = async (
  index: ArchiveIndex,
  caller: Caller,
  request: FacetRequest,
): Promise<Facet[]> => {
  const { parsed, facets, offsets } = request;
  const wanted = new Set(facets.flatMap(indexFacetOf));
  const page = { limit: 0, sort: 'sent', offsets } as const;
  const { facets: counted = {} } = await index.search(caller.actor, caller.purpose, parsed.query, {
    ...page,
    facets: [...wanted],
  });
  return Promise.all(
    facets.map(async (name) => {
      if (name === 'terms') return countTerms(index, caller, request);
      if (isCalendar(name)) return facet(name, byCalendar(counted.quarterHour ?? [], name, parsed.timeZone));
      return facet(name, counted[name] ?? []);
    }),
  );
};

type CalendarFacet = 'day' | 'week' | 'month';
const isCalendar = (name: FacetName): name is CalendarFacet =>
  name === 'day' || name === 'week' || name === 'month';

const indexFacetOf = (name: FacetName): IndexFacet[] => {
  if (name === 'terms') return [];
  return [isCalendar(name) ? 'quarterHour' : name];
};

const facet = (name: FacetName, values: readonly FacetCount[]): Facet => ({
  name,
  values: values.slice(0, maxValues).map(({ value, count }) => ({ value, count })),
  more: values.length > maxValues,
});

/** Every zone's days begin at a quarter of an hour of UTC, so quarters add up to days exactly. */
const byCalendar = (quarters: readonly FacetCount[], name: CalendarFacet, timeZone: string): FacetCount[] => {
  const counts = new Map<string, number>();
  for (const { value, count } of quarters) {
    const label = labelOf(new TZDate(Number(value), spelledAlike(timeZone)), name);
    counts.set(label, (counts.get(label) ?? 0) + count);
  }
  return [...counts].map(([value, count]) => ({ value, count })).sort((a, b) => (a.value < b.value ? 1 : -1));
};

const labelOf = (date: TZDate, name: CalendarFacet): string => {
  if (name === 'month') return format(date, 'yyyy-MM');
  return format(name === 'week' ? startOfISOWeek(date) : date, 'yyyy-MM-dd');
};

/** How many items each text or people term finds alone; each is a search of its own, and only those told are made. */
const countTerms = async (
  index: ArchiveIndex,
  caller: Caller,
  { parsed, offsets }: FacetRequest,
): Promise<Facet> => {
  const values = await Promise.all(
    parsed.terms.slice(0, maxValues).map(async ({ echo, query }) => {
      const { total } = await index.search(caller.actor, caller.purpose, query, {
        limit: 0,
        sort: 'sent',
        offsets,
      });
      return { value: echo, count: total };
    }),
  );
  return { name: 'terms', values, more: parsed.terms.length > maxValues };
};
