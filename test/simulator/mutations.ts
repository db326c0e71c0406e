/** A deliberate bug: in this file, this text becomes that. */
export interface Mutation {
  readonly name: string;
  /** Below services/. */
  readonly file: string;
  /** Occurs once. */
  readonly from: string;
  readonly to: string;
  /** Known to find it; it is tried first. */
  readonly seed?: number;
}

const archiver = (name: string) => `archiver/${name}.ts`;
const kafka = (name: string) => `adapters/kafka/${name}.ts`;
const search = (name: string) => `search-api/${name}.ts`;

/** What a tired developer could do to what keeps the invariants; the simulator has to notice every one. */
export const mutations: readonly Mutation[] = [
  {
    name: 'the range is recorded before its items are in the index',
    file: archiver('index-side'),
    from: 'const outcomes = await this.#ports.index.put(documents);\n    let left',
    to: "void this.#ports.index.put(documents).catch(() => undefined);\n    const outcomes: PutOutcome[] = documents.map(() => 'stored');\n    let left",
  },
  {
    name: 'the last item of a batch is not put',
    file: archiver('archive-partition'),
    from: 'const outcomes = await side.put(documents);',
    to: 'const outcomes = await side.put(documents.slice(0, -1));',
  },
  {
    name: 'who lost a race goes on as if it had won',
    file: archiver('archive-partition'),
    from: 'return result.frontier;',
    to: 'return next;',
  },
  {
    name: 'who lost a race does not apply the outcomes of the winner',
    file: archiver('archive-partition'),
    from: 'if (isData && !result.won) await side.yield(',
    to: 'if (isData && !result.won && frontier.size < 0) await side.yield(',
  },
  {
    name: 'the rest of a batch is dropped after a lost race',
    file: archiver('archive-partition'),
    from: 'skip >= 0; skip = restOf(batch, frontier))',
    to: 'skip >= 0; skip = -1)',
  },
  {
    name: 'a range does not say by which governance it was decided',
    file: archiver('archive-partition'),
    from: '    governanceOffset,\n    entries:',
    to: '    governanceOffset: 0,\n    entries:',
  },
  {
    name: 'what lost its race stays in the index',
    file: archiver('index-side'),
    from: 'if (range.from < this.#strayEnd) await this.#removeStrays(range);',
    to: '',
  },
  {
    name: 'an older copy of the index is not brought up to the ledger',
    file: archiver('index-side'),
    from: 'if (from < size) await this.#replay({ from, to: size });',
    to: '',
  },
  {
    name: 'a copy of the index is taken for whole up to its newest fact',
    file: archiver('index-side'),
    from: '(await firstLacking(this.#ports, this.#partition, end)) ?? end',
    to: 'end',
  },
  {
    name: 'decisions read what is not accounted for',
    file: archiver('index-side'),
    from: 'const accounted = await accountedItems(this.#ports, this.#partition, own);',
    to: 'const accounted = own;',
  },
  {
    name: 'what the index did not take is not merged into what it holds',
    file: archiver('index-side'),
    from: 'while (left.length > 0) left = await this.#merge(left);',
    to: 'left = [];',
  },
  {
    name: 'who merges drops what another archiver is about to record',
    file: archiver('accounted-items'),
    from: 'entries[at] === undefined || entries[at].itemId === item.id',
    to: 'entries[at]?.itemId === item.id',
  },
  {
    name: 'a fault that may pass rests its partition for ever',
    file: archiver('archiver'),
    from: 'if (!isRetryable(fault)) return;',
    to: 'return;',
  },
  {
    name: 'the scope is the one of the start',
    file: 'governance/governance-view.ts',
    from: 'await this.current();\n    return { offset',
    to: 'return { offset',
  },
  {
    name: 'the same event twice is archived twice',
    file: archiver('decide-batch'),
    from: 'if (same !== undefined) return duplicateOf(placeOf(same));',
    to: '',
  },
  {
    name: 'a used id with other content replaces the first',
    file: archiver('decide-batch'),
    from: 'if (first !== undefined) return this.#conflict(record, prepared);',
    to: '',
  },
  {
    name: 'a conflict hides what was archived before it',
    file: archiver('decide-batch'),
    from: 'this.#knowledge.known.get(eventId) ?? this.#seen.get(eventId)',
    to: 'this.#seen.get(eventId) ?? this.#knowledge.known.get(eventId)',
  },
  {
    name: 'a conflict is archived again each time it comes',
    file: archiver('decide-batch'),
    from: 'if (first !== undefined && first.contentHash !== contentHash)\n      ids.add',
    to: 'if (first?.contentHash === "")\n      ids.add',
  },
  {
    name: 'nobody is out of scope',
    file: archiver('decide-batch'),
    from: "return decision.archive ? undefined : { outcome: 'refused', reason: decision.reason };",
    to: 'return decision.archive ? undefined : undefined;',
  },
  {
    name: 'a later fact of an archived item is refused by a new scope',
    file: archiver('decide-batch'),
    from: 'present === undefined ? this.#refusal(prepared) : undefined;',
    to: 'this.#refusal(prepared);',
  },
  {
    name: 'what cannot be read is passed over as if the log had written it',
    file: archiver('decide-batch'),
    from: "if (eventId === undefined) return { outcome: 'quarantined', reason };",
    to: "if (eventId === undefined) return { outcome: 'control' };",
  },
  {
    name: 'an edit takes the place of what was said',
    file: 'core/item/fold-item.ts',
    from: 'versions: [...item.versions, editedVersion(',
    to: 'versions: [editedVersion(',
  },
  {
    name: 'who proposed takes its own range for the winner',
    file: kafka('ledger-follower'),
    from: 'own?.resolve(result);',
    to: 'own?.resolve({ ...result, won: true });',
  },
  {
    name: 'a follower of the ledger misses the first of several proposals',
    file: kafka('ledger-follower'),
    from: 'for (const record of records) await this.#judge(record);',
    to: 'for (const record of records.slice(records.length > 1 ? 1 : 0)) await this.#judge(record);',
  },
  {
    name: 'a hole that compaction left is skipped',
    file: kafka('hole-filler'),
    from: 'yield* this.#holesUntil(record.offset, record.loggedAt);\n      yield this.#logged',
    to: 'yield this.#logged',
  },
  {
    name: 'an erasure leaves no mark in the log',
    file: kafka('erasures'),
    from: 'const present = await this.#present(partition, offsets);',
    to: 'const present = await this.#present(partition, []);',
  },
  {
    name: 'the receipts of appends that went together are mixed up',
    file: kafka('append-queue'),
    from: 'resolve(receipts.splice(0, records.length))',
    to: 'resolve(receipts.slice(0, records.length))',
  },
  {
    name: 'an append that failed is acknowledged',
    file: kafka('append-queue'),
    from: 'for (const { reject } of batch) reject(error);',
    to: 'for (const { resolve } of batch) resolve(error ? [] : []);',
  },
  {
    name: 'a search does not wait until the index shows what is accounted for',
    file: search('searchable-vector'),
    from: 'if (String(offsets) !== String(this.#known?.offsets)) await index.refresh();',
    to: '',
  },
  {
    name: 'the index is refreshed before the ledger is read',
    file: search('searchable-vector'),
    from: 'const frontiers = await Promise.all(',
    to: 'await index.refresh();\n    index.refresh = async () => undefined;\n    const frontiers = await Promise.all(',
  },
  {
    name: 'a search sees more than its vector',
    file: search('run-search'),
    from: '    sort: request.sort,\n    offsets,',
    to: '    sort: request.sort,',
  },
  {
    name: 'a search is answered without an audit entry',
    file: search('run-search'),
    from: "ports.audit.append({\n      actor: caller.actor.id,\n      purpose: request.purpose ?? caller.purpose,\n      action: 'search',",
    to: "(async (_: unknown) => 0)({\n      actor: caller.actor.id,\n      purpose: request.purpose ?? caller.purpose,\n      action: 'search',",
  },
  {
    name: 'an index that lacks what was archived is searched all the same',
    file: archiver('distant-archiver'),
    from: 'const lag = await this.#lag(names);',
    to: 'const lag = names[-1];',
  },
  {
    name: 'a rebuilt index lacks what was archived while it was filled',
    file: archiver('rebuild-index'),
    from: 'await rebuild.freeze();\n    yield* catchUp(ports, rebuild, { partitions, done });',
    to: 'await rebuild.freeze();',
  },
  {
    name: 'archivers go on putting into the index that a rebuild replaces',
    file: archiver('rebuild-index'),
    from: 'await rebuild.freeze();',
    to: '',
  },
  {
    name: 'a rebuild forgets what was put and not yet recorded',
    file: archiver('rebuild-index'),
    from: 'await rebuild.commit(done);',
    to: 'await rebuild.commit(done.map(() => Number.MAX_SAFE_INTEGER));',
  },
];
