import { globSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { indexNamesOf } from '../../../services/adapters/elasticsearch/index-names.ts';
import { topicNames } from '../../../services/adapters/kafka/topic-names.ts';
import { type BenchRow, benchRow } from '../bench-row.ts';
import { ask } from './ask.ts';
import type { BenchEngines } from './bench-engines.ts';

export interface Stored {
  readonly installation: string;
  readonly items: number;
  readonly events: number;
}

/** What an archive takes on the disks of the engines, one copy; merges the index into one segment at the end. */
export const storageRows = async (
  { kafka, elasticsearch }: BenchEngines,
  { installation, items, events }: Stored,
): Promise<BenchRow[]> => {
  const index = indexNamesOf(installation).read;
  const url = elasticsearch.address;
  const before = await segmentBytes(url, index);
  await ask(url, ['POST', `/${index}/_forcemerge?max_num_segments=1`]);
  const after = await segmentBytes(url, index);
  const bytes = (what: string, value: number, note?: string): BenchRow =>
    benchRow(what, { unit: 'B', values: [value], ...(note === undefined ? {} : { note }) });
  const topics = {
    log: topicNames.stream(installation, 'im', 1),
    ledger: topicNames.ledger(installation, 'im', 1),
  };
  return [
    bytes('bytes of each item in the index', before / items, 'as the last drain left it'),
    bytes('bytes of each item in the index, merged into one segment', after / items),
    ...(kafka.folder === undefined
      ? []
      : Object.entries(topics).map(([name, topic]) =>
          bytes(`bytes of each event in the ${name}`, logBytes(kafka.folder ?? '', topic) / events),
        )),
  ];
};

interface Segments {
  readonly indices: Readonly<
    Record<
      string,
      {
        readonly shards: Readonly<
          Record<
            string,
            readonly { readonly segments: Readonly<Record<string, { size_in_bytes: number }>> }[]
          >
        >;
      }
    >
  >;
}

/** Of the segments that a search reads; statistics of the store would be up to 10 seconds old. */
const segmentBytes = async (url: string, index: string): Promise<number> => {
  await ask(url, ['POST', `/${index}/_flush`]);
  await ask(url, ['POST', `/${index}/_refresh`]);
  const { indices } = await ask<Segments>(url, ['GET', `/${index}/_segments`]);
  return Object.values(indices)
    .flatMap(({ shards }) => Object.values(shards).flat())
    .flatMap(({ segments }) => Object.values(segments))
    .reduce((sum, { size_in_bytes: bytes }) => sum + bytes, 0);
};

const logBytes = (folder: string, topic: string): number =>
  globSync(join(folder, 'data', `${topic}-*`, '*.log')).reduce((sum, path) => sum + statSync(path).size, 0);
