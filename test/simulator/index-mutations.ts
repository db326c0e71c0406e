import type { Mutation } from './mutation.ts';

const archiver = (name: string) => `archiver/${name}.ts`;

/** Of what an archiver does to the index. */
export const indexMutations: readonly Mutation[] = [
  {
    name: 'the range is recorded before its items are in the index',
    seed: 1,
    file: archiver('index-side'),
    from: 'const outcomes = [...(await this.#ports.index.put(documents, this.#basis))];',
    to: "void this.#ports.index.put(documents, this.#basis).catch(() => undefined);\n    const outcomes: PutOutcome[] = documents.map(() => 'stored');",
  },
  {
    name: 'what lost its race stays in the index',
    seed: 25,
    file: archiver('index-side'),
    from: 'if (range.from < this.#strayEnd) await this.#removeStrays(range);',
    to: '',
  },
  {
    name: 'an older copy of the index is not brought up to the ledger',
    seed: 1,
    file: archiver('index-side'),
    from: 'if (from < size) await this.#replay({ from, to: size });',
    to: '',
  },
  {
    name: 'a copy of the index is taken for whole up to its newest fact',
    seed: 413,
    file: archiver('index-side'),
    from: '(await firstLacking(this.#ports, this.#partition, end)) ?? end',
    to: 'end',
  },
  {
    name: 'decisions read what is not accounted for',
    seed: 1,
    file: archiver('index-side'),
    from: 'const accounted = await accountedItems(this.#ports, this.#partition, own, end);',
    to: 'const accounted = own;',
  },
  {
    name: 'a document takes the place of whatever state the index holds',
    seed: 545,
    file: archiver('index-side'),
    from: '.index.put(documents, this.#basis))];',
    to: '.index.put(documents))];',
  },
  {
    name: 'who merges drops what another archiver is about to record',
    seed: 203,
    file: archiver('accounted-items'),
    from: 'held.filter((offset) => isNoStray(offset, entryAt.get(offset), item.id))',
    to: 'held.filter((offset) => entryAt.get(offset)?.itemId === item.id)',
  },
  {
    name: 'who takes strays out drops what another archiver is about to record',
    seed: 16,
    file: archiver('accounted-items'),
    from: 'keepFacts(ports, partition, items, isNoStray)',
    to: 'keepFacts(ports, partition, items, (_, entry, id) => entry?.itemId === id)',
  },
  {
    name: 'a stray is looked for only in items that end in its range',
    seed: 1_000_441,
    file: archiver('index-side'),
    from: 'Math.max(range.to, Math.min(this.#strayEnd, range.to + longestBatch))',
    to: 'range.to',
  },
  {
    name: 'an item that a replay cannot make as it was recorded stops its partition',
    seed: 1_000_606,
    file: archiver('replay-batch'),
    from: 'if (unclear.size === 0) return items;',
    to: "if (unclear.size === 0) return items;\n  throw new Error('It differs.');",
  },
  {
    name: 'a rebuild forgets what was put and not yet recorded',
    seed: 6,
    file: archiver('rebuild-index'),
    from: 'await rebuild.commit(done);',
    to: 'await rebuild.commit(done.map(() => Number.MAX_SAFE_INTEGER));',
  },
  {
    name: 'an item is taken out of the index before it is put right',
    seed: 34,
    file: archiver('index-side'),
    from: 'const corrected = await index.correct(corrections);',
    to: 'await index.remove(corrections.map(({ seen }) => seen.id as ItemId));\n    await index.put(corrections.flatMap(({ becomes }) => becomes ?? []));\n    const corrected = corrections.map(() => true);',
  },
];
