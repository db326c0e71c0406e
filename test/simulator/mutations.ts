/** A deliberate bug: in this file, this text becomes that. */
export interface Mutation {
  readonly name: string;
  /** Finds it; tried first, so that not every run looks for one. */
  readonly seed: number;
  /** Below services/. */
  readonly file: string;
  /** Occurs once. */
  readonly from: string;
  readonly to: string;
}

const archiver = (name: string) => `archiver/${name}.ts`;
const kafka = (name: string) => `adapters/kafka/${name}.ts`;
const search = (name: string) => `search-api/${name}.ts`;

/** What a tired developer could do to what keeps the invariants; the simulator has to notice every one. */
export const mutations: readonly Mutation[] = [
  {
    name: 'the range is recorded before its items are in the index',
    seed: 1,
    file: archiver('index-side'),
    from: 'const outcomes = [...(await this.#ports.index.put(documents, this.#basis))];',
    to: "void this.#ports.index.put(documents, this.#basis).catch(() => undefined);\n    const outcomes: PutOutcome[] = documents.map(() => 'stored');",
  },
  {
    name: 'the last item of a batch is not put',
    seed: 1,
    file: archiver('archive-partition'),
    from: 'const outcomes = await side.put(documents);',
    to: 'const outcomes = await side.put(documents.slice(0, -1));',
  },
  {
    name: 'who lost a race goes on as if it had won',
    seed: 3,
    file: archiver('archive-partition'),
    from: 'return result.frontier;',
    to: 'return next;',
  },
  {
    name: 'the rest of a batch is dropped after a lost race',
    seed: 2,
    file: archiver('archive-partition'),
    from: 'skip >= 0; skip = restOf(batch, frontier))',
    to: 'skip >= 0; skip = -1)',
  },
  {
    name: 'a range does not say by which governance it was decided',
    seed: 2,
    file: archiver('archive-partition'),
    from: '    governanceOffset,\n    entries:',
    to: '    governanceOffset: 0,\n    entries:',
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
    seed: 117,
    file: archiver('index-side'),
    from: '(await firstLacking(this.#ports, this.#partition, end)) ?? end',
    to: 'end',
  },
  {
    name: 'decisions read what is not accounted for',
    seed: 1,
    file: archiver('index-side'),
    from: 'const accounted = await accountedItems(this.#ports, this.#partition, own);',
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
    from: 'entry === undefined || entry.itemId === item.id',
    to: 'entry?.itemId === item.id',
  },
  {
    name: 'a fault that may pass rests its partition for ever',
    seed: 2,
    file: archiver('archiver'),
    from: 'if (!isRetryable(fault)) return;',
    to: 'return;',
  },
  {
    name: 'the scope is the one of the start',
    seed: 2,
    file: 'governance/governance-view.ts',
    from: 'await this.current();\n    return { offset',
    to: 'return { offset',
  },
  {
    name: 'the same event twice is archived twice',
    seed: 1,
    file: archiver('decide-batch'),
    from: 'if (same !== undefined) return duplicateOf(placeOf(same));',
    to: '',
  },
  {
    name: 'a used id with other content replaces the first',
    seed: 1,
    file: archiver('decide-batch'),
    from: 'if (first !== undefined) return this.#conflict(record, prepared);',
    to: '',
  },
  {
    name: 'a conflict hides what was archived before it',
    seed: 2,
    file: archiver('decide-batch'),
    from: 'this.#knowledge.known.get(eventId) ?? this.#seen.get(eventId)',
    to: 'this.#seen.get(eventId) ?? this.#knowledge.known.get(eventId)',
  },
  {
    name: 'nobody is out of scope',
    seed: 2,
    file: archiver('decide-batch'),
    from: "return decision.archive ? undefined : { outcome: 'refused', reason: decision.reason };",
    to: 'return decision.archive ? undefined : undefined;',
  },
  {
    name: 'a later fact of an archived item is refused by a new scope',
    seed: 5,
    file: archiver('decide-batch'),
    from: 'present === undefined ? this.#refusal(prepared) : undefined;',
    to: 'this.#refusal(prepared);',
  },
  {
    name: 'what cannot be read is passed over as if the log had written it',
    seed: 1,
    file: archiver('decide-batch'),
    from: "if (eventId === undefined) return { outcome: 'quarantined', reason };",
    to: "if (eventId === undefined) return { outcome: 'control' };",
  },
  {
    name: 'an edit takes the place of what was said',
    seed: 1,
    file: 'core/item/fold-item.ts',
    from: 'versions: [...item.versions, editedVersion(',
    to: 'versions: [editedVersion(',
  },
  {
    name: 'who proposed takes its own range for the winner',
    seed: 67,
    file: kafka('ledger-follower'),
    from: 'own?.resolve(result);',
    to: 'own?.resolve({ ...result, won: true });',
  },
  {
    name: 'a follower of the ledger misses the first of several proposals',
    seed: 1,
    file: kafka('ledger-follower'),
    from: 'for (const record of records) await this.#judge(record);',
    to: 'for (const record of records.slice(records.length > 1 ? 1 : 0)) await this.#judge(record);',
  },
  {
    name: 'a hole that compaction left is skipped',
    seed: 23,
    file: kafka('hole-filler'),
    from: 'yield* this.#holesUntil(record.offset, record.loggedAt);\n      yield this.#logged',
    to: 'yield this.#logged',
  },
  {
    name: 'an erasure leaves no mark in the log',
    seed: 7,
    file: kafka('erasures'),
    from: 'const present = await this.#present(partition, offsets);',
    to: 'const present = await this.#present(partition, []);',
  },
  {
    name: 'the receipts of appends that went together are mixed up',
    seed: 1,
    file: kafka('append-queue'),
    from: 'resolve(receipts.splice(0, records.length))',
    to: 'resolve(receipts.slice(0, records.length))',
  },
  {
    name: 'an append that failed is acknowledged',
    seed: 1,
    file: kafka('append-queue'),
    from: 'for (const { reject } of batch) reject(error);',
    to: 'for (const { resolve } of batch) resolve(error ? [] : []);',
  },
  {
    name: 'a search does not wait until the index shows what is accounted for',
    seed: 2,
    file: search('searchable-vector'),
    from: 'if (String(offsets) !== String(this.#known?.offsets)) await index.refresh();',
    to: '',
  },
  {
    name: 'an offset is used twice where compaction left a hole',
    seed: 1,
    file: kafka('hole-filler'),
    from: 'this.#next = record.offset + 1;',
    to: 'this.#next = record.offset;',
  },
  {
    name: 'a reaction is not folded into its item',
    seed: 2,
    file: 'core/item/fold-item.ts',
    from: 'return { ...item, reactions: [...(item.reactions ?? []), { ...mark, reaction: event.data.reaction }] };',
    to: 'return item;',
  },
  {
    name: 'a search sees more than its vector',
    seed: 1,
    file: search('run-search'),
    from: '    sort: request.sort,\n    offsets,',
    to: '    sort: request.sort,',
  },
  {
    name: 'a search is answered without an audit entry',
    seed: 1,
    file: search('run-search'),
    from: "ports.audit.append({\n      actor: caller.actor.id,\n      purpose: request.purpose ?? caller.purpose,\n      action: 'search',",
    to: "(async (_: unknown) => 0)({\n      actor: caller.actor.id,\n      purpose: request.purpose ?? caller.purpose,\n      action: 'search',",
  },
  {
    name: 'an index that lacks what was archived is searched all the same',
    seed: 19,
    file: archiver('distant-archiver'),
    from: 'const lag = await this.#lag(names);',
    to: 'const lag = names[-1];',
  },
  {
    name: 'a rebuild begins each item anew with every range',
    seed: 2,
    file: archiver('rebuild-index'),
    from: 'const items = before.filter((item) => item !== undefined);',
    to: 'const items = before.filter((item) => item !== item);',
  },
  {
    name: 'a rebuild forgets what was put and not yet recorded',
    seed: 2,
    file: archiver('rebuild-index'),
    from: 'await rebuild.commit(done);',
    to: 'await rebuild.commit(done.map(() => Number.MAX_SAFE_INTEGER));',
  },
  {
    name: 'what another partition has under this id is taken for a copy',
    seed: 6,
    file: archiver('decide-batch'),
    from: 'if (first !== undefined) return this.#conflict(record, prepared);',
    to: 'if (first?.partition === record.position.partition) return this.#conflict(record, prepared);\n    if (first !== undefined) return duplicateOf(placeOf(first));',
  },
  {
    name: 'a message whose id another conversation uses is quarantined',
    seed: 11,
    file: archiver('decide-batch'),
    from: 'return prepared.begun === undefined ? noPlace(prepared) : this.#conflict(record, prepared);',
    to: 'return noPlace(prepared);',
  },
  {
    name: 'an archiver says that it has begun before the index is brought up to the ledger',
    seed: 1,
    file: archiver('archive-partition'),
    from: "if (partition.stream === 'im') await side.align(frontier.size);\n  onProgress(frontier);",
    to: "onProgress(frontier);\n  if (partition.stream === 'im') await side.align(frontier.size);",
  },
  {
    name: 'an item is taken out of the index before it is put right',
    seed: 16,
    file: archiver('index-side'),
    from: 'const corrected = await index.correct(corrections);',
    to: 'await index.remove(corrections.map(({ seen }) => seen.id as ItemId));\n    await index.put(corrections.flatMap(({ becomes }) => becomes ?? []));\n    const corrected = corrections.map(() => true);',
  },
];
