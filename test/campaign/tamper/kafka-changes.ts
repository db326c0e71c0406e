import { RangeProposal, type SignedHead } from '../../../schemas/archive/ledger.ts';
import { topicNames } from '../../../services/adapters/kafka/topic-names.ts';
import type { PartitionName } from '../../../services/ports/ledger.ts';
import type { Dice } from '../../support/dice.ts';
import { type Change, namesPartition, namesPlace, says } from './change.ts';
import { signedByAnother, underOurName, withOtherWords } from './forge-heads.ts';
import { forkAt, otherEntry } from './fork.ts';
import type { TopicContent, TopicRecord } from './kafka-topics.ts';

export interface TopicChange extends Change {
  readonly topic: string;
  readonly content: TopicContent;
}

interface Chosen {
  readonly records: readonly TopicRecord[];
  readonly at: number;
  readonly chance: Dice;
}

type Kind = (chosen: Chosen) => { readonly what: string; readonly records: readonly TopicRecord[] };

const withValue = (records: readonly TopicRecord[], at: number, value: Uint8Array): readonly TopicRecord[] =>
  records.map((record, index) => (index === at ? { ...record, value } : record));

const bytesIn = (record: TopicRecord | undefined): Buffer => Buffer.from(record?.value ?? []);

const kinds: readonly Kind[] = [
  ({ records, at, chance }) => {
    const value = bytesIn(records[at]);
    const place = chance.below(value.length);
    value[place] = value[place]! ^ (1 + chance.below(255));
    return { what: `byte ${place} changed`, records: withValue(records, at, value) };
  },
  ({ records, at }) => ({ what: 'deleted', records: records.toSpliced(at, 1) }),
  ({ records, at }) => {
    const [one, other] = [records[at]!, records[at + 1]!];
    return { what: 'exchanged with the next', records: records.toSpliced(at, 2, other, one) };
  },
  ({ records, at }) => ({ what: 'put in once more', records: records.toSpliced(at, 0, records[at]!) }),
  ({ records, at }) => ({ what: 'and what follows cut off', records: records.slice(0, at) }),
  ({ records, at }) => {
    const text = bytesIn(records[at]).toString();
    const other = text.includes('"body":"') ? text.replace('"body":"', '"body":"not ') : `${text} `;
    return { what: 'another record of the same id', records: withValue(records, at, Buffer.from(other)) };
  },
  ({ records, at }) => {
    const { key, loggedAtMs } = records[at]!;
    const empty = records.map((record, index) =>
      index === at ? { key, loggedAtMs, value: Buffer.alloc(0) } : record,
    );
    return { what: 'emptied', records: empty };
  },
];

/** A topic with one partition replaced. */
const replaced = (content: TopicContent, partition: number, records: readonly TopicRecord[]): TopicContent =>
  content.map((kept, index) => (index === partition ? records : kept));

const streams: readonly PartitionName['stream'][] = ['im', 'im', 'im', 'governance', 'audit'];

interface Installation {
  readonly installation: string;
  readonly contents: ReadonlyMap<string, TopicContent>;
}

export const changeLogTopic = ({ installation, contents }: Installation, chance: Dice): TopicChange => {
  const stream = chance.pick(streams);
  const topic = topicNames.stream(installation, stream, 1);
  const content = contents.get(topic)!;
  const partition = chance.below(content.length);
  const records = content[partition]!;
  const at = chance.below(records.length - 2);
  const { what, records: changed } = chance.pick(kinds)({ records, at, chance });
  return {
    topic,
    content: replaced(content, partition, changed),
    what: `log ${stream} ${partition}/${at}: ${what}`,
    isNamedBy: namesPlace(partition, at, at + 1),
  };
};

const proposalsIn = (records: readonly TopicRecord[]): readonly RangeProposal[] =>
  records.map(({ value }) => RangeProposal.parse(JSON.parse(Buffer.from(value ?? []).toString())));

/** Bytes of a proposal are changed like any other, but only what the tree is made of counts; or a second history. */
export const changeLedgerTopic = ({ installation, contents }: Installation, chance: Dice): TopicChange => {
  const stream = chance.pick(streams);
  const topic = topicNames.ledger(installation, stream, 1);
  const content = contents.get(topic)!;
  const partition = chance.below(content.length);
  const records = content[partition]!;
  const at = chance.below(records.length);
  const place = { topic, isNamedBy: namesPartition(partition) };
  const where = `ledger ${stream} ${partition}`;
  if (chance.below(2) === 0) {
    const ranges = proposalsIn(records);
    const offset = chance.below(ranges.at(-1)!.to);
    const forked = forkAt(ranges, offset, otherEntry(chance)).map((range, index) => ({
      ...records[index]!,
      value: Buffer.from(JSON.stringify(range)),
    }));
    return {
      ...place,
      content: replaced(content, partition, forked),
      what: `${where}/${offset}: a second history`,
    };
  }
  const proposal = proposalsIn(records)[at]!;
  const [entry] = proposal.entries;
  const { what, records: changed } = chance.pick<Kind>([
    () => ({ what: 'deleted', records: records.toSpliced(at, 1) }),
    () => ({ what: 'and what follows cut off', records: records.slice(0, at) }),
    () => ({
      what: 'with another root',
      records: withValue(records, at, Buffer.from(JSON.stringify({ ...proposal, root: chance.hex(32) }))),
    }),
    () => ({
      what: 'with another entry, its root as it was',
      records: withValue(
        records,
        at,
        Buffer.from(
          JSON.stringify({
            ...proposal,
            entries: [otherEntry(chance)(entry!), ...proposal.entries.slice(1)],
          }),
        ),
      ),
    }),
    () => ({
      what: 'decided in the future',
      records: withValue(records, at, Buffer.from(JSON.stringify({ ...proposal, governanceOffset: 99 }))),
    }),
  ])({ records, at, chance });
  return { ...place, content: replaced(content, partition, changed), what: `${where} range ${at}: ${what}` };
};

export const changeHeadsTopic = ({ installation, contents }: Installation, chance: Dice): TopicChange => {
  const topic = topicNames.heads(installation);
  const [records = []] = contents.get(topic)!;
  const at = records.length - 1 - chance.below(2);
  const resigned =
    (what: string, change: (head: SignedHead) => SignedHead): Kind =>
    () => ({
      what,
      records: withValue(
        records,
        at,
        Buffer.from(JSON.stringify(change(JSON.parse(bytesIn(records[at]).toString()) as SignedHead))),
      ),
    });
  const { what, records: changed } = chance.pick<Kind>([
    () => ({ what: 'all deleted', records: [] }),
    () => ({ what: 'the newest deleted', records: records.slice(0, -1) }),
    resigned('one signed by another key', signedByAnother),
    resigned('one signed by another key under our name', underOurName),
    resigned('one with other words', (head) => withOtherWords(head, chance)),
  ])({ records, at, chance });
  return { topic, content: [changed], what: `heads: ${what}`, isNamedBy: says(/head/) };
};
