import { isDeepStrictEqual } from 'node:util';
import { localSourceFiles } from '../../../services/adapters/files/local-source-files.ts';
import { SeededRandom } from '../../../services/adapters/memory/random.ts';
import { systemClock } from '../../../services/adapters/system/clock.ts';
import { decodeEvent } from '../../../services/core/conversation/decode-event.ts';
import { isHoldfastError } from '../../../services/core/errors.ts';
import { foldFact } from '../../../services/core/item/fold-item.ts';
import { toIndexDocument } from '../../../services/core/item/index-document.ts';
import { parseQuery } from '../../../services/core/query/parse-query.ts';
import { importFiles } from '../../../services/importer/import-files.ts';
import type { ArchiveIndex, SearchResult } from '../../../services/ports/archive-index.ts';
import { MemoryImportSink } from '../../support/memory-import-sink.ts';

/** What was violated, in one line each. */
export type Faults = readonly string[];

const loggedAt = new Date('2024-03-01T00:00:00.000Z');
const place = { generation: 1, partition: 0, offset: 7, loggedAt };

/** What is read is read whole, folds and can be indexed; what is not has a reason of one line. */
export const checkEvent = (bytes: Buffer): Faults => {
  const decoded = decodeEvent(bytes);
  if (!decoded.ok) {
    const { reason } = decoded;
    const isPlain =
      reason.length > 0 && reason.length <= 1024 && !/[\r\n\0]/.test(reason) && reason.isWellFormed();
    return isPlain ? [] : [`the reason is ${JSON.stringify(reason.slice(0, 200))}`];
  }
  const item = foldFact(undefined, { ...place, event: decoded.event });
  toIndexDocument(item);
  const said: unknown = JSON.parse(bytes.toString());
  return isDeepStrictEqual(decoded.event, said) ? [] : ['something of the event was stripped or changed'];
};

export interface Indexes {
  readonly definition: ArchiveIndex;
  readonly engine: ArchiveIndex;
}

const options = { now: loggedAt, timeZone: 'Asia/Seoul' };

/** Faults stand inside the text, corrections are queries, an echo is its own echo, and both evaluators agree. */
export const checkQuery = async (text: string, indexes: Indexes | undefined): Promise<Faults> => {
  const result = parseQuery(text, options);
  if (!result.ok) {
    const isOutside = result.faults.some(
      ({ offset, length }) => offset < 0 || length < 0 || offset + length > text.length,
    );
    const bad = result.faults
      .flatMap(({ fixes }) => fixes)
      .find((fix) => faultsOf(fix) >= result.faults.length);
    return [
      ...(result.faults.length === 0 ? ['it was refused without a fault'] : []),
      ...(isOutside ? ['a fault stands outside the text'] : []),
      ...(bad === undefined ? [] : [`the correction ${JSON.stringify(bad.slice(0, 200))} mends nothing`]),
    ];
  }
  const { echo, query } = result.parsed;
  const again = parseQuery(echo, options);
  const echoed =
    again.ok && again.parsed.echo === echo ? [] : [`its echo is not its own echo: ${echo.slice(0, 200)}`];
  if (indexes === undefined) return echoed;
  const [expected, found] = await Promise.all([
    answerOf(indexes.definition, query),
    answerOf(indexes.engine, query),
  ]);
  return isDeepStrictEqual(found, expected)
    ? echoed
    : [...echoed, 'the index answers otherwise than the matcher'];
};

const faultsOf = (text: string): number => {
  const result = parseQuery(text, options);
  return result.ok ? 0 : result.faults.length;
};

type ParsedQuery = Parameters<ArchiveIndex['search']>[2];

const answerOf = async (index: ArchiveIndex, query: ParsedQuery): Promise<object> => {
  const page = { limit: 100, sort: 'sent', facets: ['kind', 'sender'] } as const;
  try {
    const { next: _, ...answer }: SearchResult = await index.search({ id: 'fuzz' }, 'fuzz', query, page);
    return answer;
  } catch (error) {
    if (!isHoldfastError(error)) throw error;
    return { refused: error.code };
  }
};

/** An import ends in a report that adds up, or in a refusal; every record it made can be read or says why not. */
export const checkImport = async (path: string): Promise<Faults> => {
  const sink = new MemoryImportSink();
  try {
    const ports = { files: localSourceFiles, clock: systemClock, random: new SeededRandom('fuzz'), sink };
    const report = await importFiles([path], { importId: 'fuzz', format: 'auto' }, ports);
    const { read, archived, duplicate, conflict, refused, quarantined, skipped } = report;
    const skips = Object.values(skipped).reduce((sum, count) => sum + count, 0);
    const sum = archived + duplicate + conflict + refused + quarantined + skips;
    const strange = sink.unreadable.find(({ unparsed }) => unparsed === undefined);
    return [
      ...(sum === read ? [] : [`${read} lines were read and ${sum} accounted for`]),
      ...(strange === undefined ? [] : [`the importer made what nobody can read: ${strange.reason}`]),
    ];
  } catch (error) {
    if (isHoldfastError(error, 'ImportFailed')) return [];
    throw error;
  }
};
