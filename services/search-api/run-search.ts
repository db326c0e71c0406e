import type { SearchAnswer, SearchRequest, Warning } from '../../schemas/api/search.ts';
import type { AuditTrail } from '../audit/audit-trail.ts';
import { HoldfastError } from '../core/errors.ts';
import { parseQuery } from '../core/query/parse-query.ts';
import type { ParsedQuery, QueryWarning } from '../core/query/parsed-query.ts';
import { placeWidePrefix } from '../core/query/place-wide-prefix.ts';
import type { ArchiveIndex } from '../ports/archive-index.ts';
import type { Clock } from '../ports/clock.ts';
import type { Caller } from './archive.ts';
import type { Certifier, Standing } from './certify.ts';
import { countFacets } from './count-facets.ts';
import { markHits } from './mark-hits.ts';
import { readCursor, writeCursor } from './search-cursor.ts';

export interface SearchPorts {
  readonly index: ArchiveIndex;
  readonly audit: AuditTrail;
  readonly certifier: Certifier;
  readonly clock: Clock;
  /** Zone of the installation; used when the query names none, and named in the answer. */
  readonly timeZone: string;
}

/**
 * The vector first; then audit entry, engine query and the rest of the certificate side by side. The answer leaves when
 * all are done, never without the audit entry.
 */
export const runSearch = async (
  ports: SearchPorts,
  caller: Caller,
  request: SearchRequest,
): Promise<SearchAnswer> => {
  const timeZone = request.timeZone ?? ports.timeZone;
  const parsed = await parseOrRefuse(ports, caller, request, timeZone);
  const present = await ports.certifier.offsets();
  const cursor = request.after === undefined ? undefined : readCursor(request.after);
  // Later pages are answered at the vector of the first, so that nothing is seen twice or skipped.
  const offsets = cursor?.offsets ?? present;
  if (cursor !== undefined) await ports.certifier.assertReached(offsets);
  const page = {
    limit: request.limit,
    sort: request.sort,
    offsets,
    ...(cursor === undefined ? {} : { after: cursor.after }),
  };
  const [found, auditOffset, result, warnings, facets] = await Promise.all([
    ports.certifier.standing(timeZone, offsets),
    ports.audit.append({
      actor: caller.actor.id,
      purpose: request.purpose ?? caller.purpose,
      action: 'search',
      detail: {
        query: request.query,
        echo: parsed.echo,
        timeZone,
        limit: request.limit,
        vector: [...offsets],
      },
    }),
    ports.index.search(caller.actor, caller.purpose, parsed.query, page),
    withTotals(ports, caller, parsed, offsets),
    request.facets === undefined
      ? undefined
      : countFacets(ports.index, caller, { parsed, facets: request.facets, offsets }),
  ]).catch((error: unknown) => {
    throw placeWidePrefix(error, request.query);
  });
  const standing: Standing =
    cursor === undefined ? found : { ...found, vector: { ...found.vector, now: cursor.now } };
  return {
    query: request.query,
    echo: parsed.echo,
    timeZone,
    analyzerVersion: standing.vector.analyzerVersion,
    total: result.total,
    undetermined: result.undetermined,
    hits: await markHits(result.hits, parsed.query, ports.clock),
    ...(result.next === undefined
      ? {}
      : { next: writeCursor({ after: result.next, offsets, now: standing.vector.now }) }),
    warnings,
    ...(facets === undefined ? {} : { facets }),
    certificate: ports.certifier.certificate(standing, auditOffset, result.undetermined),
  };
};

const parseOrRefuse = async (
  ports: SearchPorts,
  caller: Caller,
  request: SearchRequest,
  timeZone: string,
): Promise<ParsedQuery> => {
  const now = request.after === undefined ? ports.clock.now() : new Date(readCursor(request.after).now);
  const result = parseQuery(request.query, { now, timeZone });
  if (result.ok) return result.parsed;
  await ports.audit.append({
    actor: caller.actor.id,
    purpose: request.purpose ?? caller.purpose,
    action: 'refusal',
    detail: {
      action: 'search',
      query: request.query.slice(0, 4096),
      codes: result.faults.map(({ code }) => code),
    },
  });
  const [first] = result.faults;
  throw new HoldfastError('QueryRefused', { detail: first?.message ?? '', faults: result.faults });
};

/** A warning about meaning carries how many items the other reading finds. */
const withTotals = (
  ports: SearchPorts,
  caller: Caller,
  parsed: ParsedQuery,
  offsets: readonly number[],
): Promise<Warning[]> =>
  Promise.all(
    parsed.warnings.map(async (warning: QueryWarning): Promise<Warning> => {
      if (warning.otherReading === undefined) return warning;
      const other = parseQuery(warning.otherReading, { now: ports.clock.now(), timeZone: parsed.timeZone });
      if (!other.ok) return warning;
      const page = { limit: 0, sort: 'sent', offsets } as const;
      const { total } = await ports.index.search(caller.actor, caller.purpose, other.parsed.query, page);
      return { ...warning, otherTotal: total };
    }),
  );
