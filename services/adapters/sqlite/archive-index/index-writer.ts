import type { IndexDocument } from '../../../../schemas/archive/index-document.ts';
import { failpoint } from '../../../core/failpoint.ts';
import type { Correction, PutBasis, PutOutcome } from '../../../ports/archive-index.ts';
import { transact } from '../transact.ts';
import { IdIndex } from './id-index.ts';
import { idKey } from './id-key.ts';
import type { IndexConnection } from './index-connection.ts';
import { Names } from './names.ts';
import { partitionOf, placeOf } from './place.ts';
import { newestOf, type PlannedWrite, planPut } from './plan-put.ts';
import { headsBetween, headsOf, type StoredHead } from './stored-item.ts';
import { senderKeyOf, textsOf, WordChanges } from './word-rows.ts';

/** Items a removal takes in one transaction. */
const removalBatch = 500;

const insertItem = `INSERT INTO item (
    place, newest, generation, conversation, session, sent, deleted, edits, versions, more, hash, json, id, key, n
  ) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`;
const updateItem = `UPDATE item SET
    place = ?, newest = ?, generation = ?, conversation = ?, session = ?, sent = ?, deleted = ?, edits = ?,
    versions = ?, more = ?, hash = ?, json = ? WHERE n = ?`;
const putVersion = `INSERT OR REPLACE INTO version (
    first_sent, place, many, conversation, sender, n, number, sent, offset, unread
  ) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`;

/** Writes items through the one connection that may. Each call is one transaction, durable when it returns. */
export class IndexWriter {
  readonly #connection: IndexConnection;
  readonly #names: Names;
  readonly #ids: IdIndex;
  #nextRow: number | undefined;

  constructor(connection: IndexConnection) {
    this.#connection = connection;
    this.#names = new Names(connection);
    this.#ids = new IdIndex(connection);
  }

  put(documents: readonly IndexDocument[], basis?: PutBasis): readonly PutOutcome[] {
    if (documents.length === 0) return [];
    return this.#transact(() => {
      const stored = this.#find(documents.map(({ id }) => id));
      const { outcomes, writes } = planPut(documents, stored, basis);
      this.#clearPlaces(writes);
      const words = new WordChanges(this.#connection);
      for (const write of writes) {
        this.#write(write, words);
        failpoint('index.put-in-part', writes.length > 1);
      }
      words.apply();
      this.#ids.sortIn();
      this.#count(
        writes.flatMap(({ document, stored }) => (stored === undefined ? [document.partition] : [])),
        1,
      );
      failpoint('index.put-sent');
      return outcomes;
    });
  }

  remove(ids: readonly string[]): void {
    for (let from = 0; from < ids.length; from += removalBatch) {
      const batch = ids.slice(from, from + removalBatch);
      this.#transact(() => this.#removeAll([...this.#find(batch).values()]));
    }
  }

  /** Each where the item still is as it was seen; in one transaction. */
  correct(corrections: readonly Correction[]): readonly boolean[] {
    return this.#transact(() => corrections.map((correction) => this.#correct(correction)));
  }

  #correct({ seen, becomes }: Correction): boolean {
    const stored = this.#find([seen.id]).get(seen.id);
    if (stored === undefined || stored.hash !== seen.itemHash) return false;
    if (becomes === undefined) {
      this.#removeAll([stored]);
      return true;
    }
    const words = new WordChanges(this.#connection);
    this.#write({ document: becomes, stored }, words);
    words.apply();
    return true;
  }

  #transact<T>(work: () => T): T {
    try {
      return transact(this.#connection.db, work);
    } catch (error) {
      this.#names.forget();
      this.#ids.forget();
      this.#nextRow = undefined;
      throw error;
    }
  }

  /** One offset begins one item: what stands where a new item begins was put by a run that did not get to account for it. */
  #clearPlaces(writes: readonly PlannedWrite[]): void {
    const begun = new Map(
      writes.flatMap(({ document, stored }) =>
        stored === undefined ? [[placeOf(document.partition, document.firstOffset), document.id]] : [],
      ),
    );
    if (begun.size === 0) return;
    const places = { start: Math.min(...begun.keys()), end: Math.max(...begun.keys()) + 1 };
    const heads = headsBetween(this.#connection, places);
    const others = heads.filter(({ place, id }) => begun.has(place) && begun.get(place) !== id);
    if (others.length > 0) this.#removeAll(others);
  }

  #write({ document, stored }: PlannedWrite, words: WordChanges): void {
    const n = stored?.n ?? this.#takeRow();
    const old = stored?.rows ?? [];
    const rows = document.versions.map((_, at) => old[at] ?? (at === 0 ? n : this.#takeRow()));
    const conversation = this.#names.conversation(document.conversation);
    const ofItem = this.#itemColumns(document, conversation);
    for (const [at, version] of document.versions.entries()) {
      const row = rows[at]!;
      const wordRow = { n: row, texts: textsOf(document, version) };
      if (old.includes(row)) words.replace(wordRow);
      else words.insert(wordRow);
      const { number, sent, offset, unread } = version;
      this.#connection.run(putVersion, ...ofItem, row, number, sent, offset, unread ? 1 : 0);
    }
    for (const row of old.slice(rows.length)) this.#removeRow(row, words);
    const columns = this.#columnsOf(document, rows, conversation);
    if (stored !== undefined) {
      this.#connection.run(updateItem, ...columns, n);
      return;
    }
    this.#connection.run(insertItem, ...columns, document.id, idKey(document.id), n);
    this.#ids.add(document.id, n);
  }

  #find(ids: readonly string[]): ReadonlyMap<string, StoredHead> {
    return headsOf(this.#connection, this.#ids.rowsOf(ids.map(idKey)), ids);
  }

  /** What stands on every row of the item. */
  #itemColumns(document: IndexDocument, conversation: number): (number | null)[] {
    const sender = senderKeyOf(document);
    return [
      document.sent,
      placeOf(document.partition, document.firstOffset),
      document.versions.length > 1 ? 1 : 0,
      conversation,
      sender === undefined ? null : this.#names.sender(sender),
    ];
  }

  #columnsOf(
    document: IndexDocument,
    rows: readonly number[],
    conversation: number,
  ): (string | number | null)[] {
    return [
      placeOf(document.partition, document.firstOffset),
      newestOf(document),
      document.generation,
      conversation,
      this.#names.session(conversation, document.session),
      document.sent,
      document.deletedAt ?? null,
      document.edits.length === 0 ? null : JSON.stringify(document.edits),
      rows.length,
      rows.length > 1 ? JSON.stringify(rows.slice(1)) : null,
      document.itemHash,
      document.item,
    ];
  }

  #removeAll(heads: readonly StoredHead[]): void {
    const words = new WordChanges(this.#connection);
    for (const head of heads) {
      for (const row of head.rows) this.#removeRow(row, words);
      this.#connection.run('DELETE FROM item WHERE n = ?', head.n);
      this.#ids.remove(head.id, head.n);
    }
    words.apply();
    this.#removeUnusedNames(heads);
    this.#count(
      heads.map(({ place }) => partitionOf(place)),
      -1,
    );
  }

  #removeRow(row: number, words: WordChanges): void {
    words.delete(row);
    this.#connection.run('DELETE FROM version WHERE n = ?', row);
  }

  /** The name of a conversation, session or sender goes with the last item of it. */
  #removeUnusedNames(heads: readonly StoredHead[]): void {
    this.#names.forget();
    for (const session of new Set(heads.map((head) => head.session)))
      this.#connection.run(
        `DELETE FROM session WHERE n = ?1 AND NOT EXISTS
          (SELECT 1 FROM item WHERE item.conversation = session.conversation AND item.session = ?1)`,
        session,
      );
    for (const conversation of new Set(heads.map((head) => head.conversation)))
      this.#connection.run(
        'DELETE FROM conversation WHERE n = ?1 AND NOT EXISTS (SELECT 1 FROM item WHERE conversation = ?1)',
        conversation,
      );
    this.#connection.run(
      'DELETE FROM sender WHERE n NOT IN (SELECT sender FROM version WHERE sender IS NOT NULL)',
    );
  }

  #takeRow(): number {
    this.#nextRow ??= Number(
      this.#connection.get(
        'SELECT max(ifnull((SELECT max(n) FROM item), 0), ifnull((SELECT max(n) FROM version), 0)) + 1 AS next',
      )?.next,
    );
    return this.#nextRow++;
  }

  #count(partitions: readonly number[], change: 1 | -1): void {
    const changes = new Map<number, number>();
    for (const partition of partitions) changes.set(partition, (changes.get(partition) ?? 0) + change);
    for (const [partition, items] of changes)
      this.#connection.run(
        'INSERT INTO tally VALUES (?, ?) ON CONFLICT (partition) DO UPDATE SET items = items + excluded.items',
        partition,
        items,
      );
  }
}
