import type { IndexDocument, IndexedVersion } from '../../../../schemas/archive/index-document.ts';
import { peopleTerms } from '../../../core/item/keys.ts';
import { personTerms } from '../../../core/item/person-keys.ts';
import type { IndexConnection, Row } from './index-connection.ts';

/** One row of `words`: the row number and what its columns hold. */
export interface WordRow {
  readonly n: number;
  readonly texts: readonly string[];
}

const columns = ['subject', 'body', 'names', 'joined', 'keys', 'marks'] as const;
export const columnList = columns.join(', ');

export const textsOf = (document: IndexDocument, version: IndexedVersion): readonly string[] => [
  version.subject,
  version.body,
  version.names,
  version.joined,
  version.keys,
  marksOf(document.versions.length > 1, version.unread),
];

export const marksOf = (isOneOfMany: boolean, unread: boolean): string =>
  `all${isOneOfMany ? ' many' : ''}${unread ? ' unread' : ''}`;

/** What the key of a sender's exact address begins with. */
const addressTerms = personTerms('', { mode: 'address', prefix: false });
const senderMark = addressTerms === undefined ? '' : peopleTerms('from', addressTerms).equal[0];
const senderKey = new RegExp(`(?:^| )(${senderMark}[^ ]+)`);

/** Of the first version, by whose sender items are counted. */
export const senderKeyOf = ({ versions: [first] }: IndexDocument): string | undefined =>
  first === undefined ? undefined : senderKey.exec(first.keys)?.[1];

/**
 * Deletes and inserts of one transaction. Both run in ascending order, deletes first: FTS5 writes out a segment
 * whenever a row number goes back.
 */
export class WordChanges {
  readonly #connection: IndexConnection;
  readonly #deletes: number[] = [];
  readonly #inserts: WordRow[] = [];

  constructor(connection: IndexConnection) {
    this.#connection = connection;
  }

  insert(row: WordRow): void {
    this.#inserts.push(row);
  }

  /** Does nothing where the stored texts are the same: most later facts change only the item. */
  replace(row: WordRow): void {
    const stored = this.#connection.get(`SELECT ${columnList} FROM words WHERE rowid = ?`, BigInt(row.n));
    if (stored !== undefined && isSame(stored, row.texts)) return;
    if (stored !== undefined) this.#deletes.push(row.n);
    this.#inserts.push(row);
  }

  delete(n: number): void {
    this.#deletes.push(n);
  }

  apply(): void {
    this.#deletes.sort(ascending);
    for (const n of this.#deletes) this.#connection.run('DELETE FROM words WHERE rowid = ?', BigInt(n));
    this.#inserts.sort((a, b) => a.n - b.n);
    const insert = `INSERT INTO words (rowid, ${columnList}) VALUES (?, ?, ?, ?, ?, ?, ?)`;
    for (const { n, texts } of this.#inserts) this.#connection.run(insert, n, ...texts);
  }
}

const ascending = (a: number, b: number): number => a - b;

const isSame = (stored: Row, texts: readonly string[]): boolean =>
  columns.every((column, at) => stored[column] === texts[at]);
