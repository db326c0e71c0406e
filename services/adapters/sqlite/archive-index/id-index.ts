import { idKey } from './id-key.ts';
import type { IndexConnection } from './index-connection.ts';

/** Ids are random, so each put would touch every page of their index; kept aside, they touch each page once in so many. */
const maxFresh = 32_768;

/**
 * Rows of items by the key of their id. Keys of new items are appended to `fresh_key`, which the writer also holds in
 * memory, and are sorted into `id_key` when there are enough of them.
 */
export class IdIndex {
  readonly #connection: IndexConnection;
  #fresh: Map<number, readonly number[]> | undefined;

  constructor(connection: IndexConnection) {
    this.#connection = connection;
  }

  /** Rows of these keys; a key may have rows of other ids. */
  rowsOf(keys: readonly number[]): readonly number[] {
    const fresh = this.#loaded();
    return [
      ...this.#connection.all(selectSorted, JSON.stringify(keys)).map(({ n }) => Number(n)),
      ...keys.flatMap((key) => fresh.get(key) ?? []),
    ];
  }

  add(id: string, n: number): void {
    const key = idKey(id);
    const fresh = this.#loaded();
    fresh.set(key, [...(fresh.get(key) ?? []), n]);
    this.#connection.run('INSERT INTO fresh_key (n, key) VALUES (?, ?)', n, key);
  }

  remove(id: string, n: number): void {
    const key = idKey(id);
    this.#connection.run('DELETE FROM fresh_key WHERE n = ?', n);
    this.#connection.run('DELETE FROM id_key WHERE key = ? AND n = ?', key, n);
    this.#loaded().set(
      key,
      (this.#loaded().get(key) ?? []).filter((other) => other !== n),
    );
  }

  /** To be called before a commit. */
  sortIn(): void {
    const fresh = this.#loaded();
    if (fresh.size < maxFresh) return;
    this.#connection.run('INSERT INTO id_key (key, n) SELECT key, n FROM fresh_key ORDER BY key');
    this.#connection.run('DELETE FROM fresh_key');
    fresh.clear();
  }

  /** After a rollback. */
  forget(): void {
    this.#fresh = undefined;
  }

  #loaded(): Map<number, readonly number[]> {
    if (this.#fresh === undefined) {
      this.#fresh = new Map();
      for (const row of this.#connection.all('SELECT key, n FROM fresh_key')) {
        const key = Number(row.key);
        this.#fresh.set(key, [...(this.#fresh.get(key) ?? []), Number(row.n)]);
      }
    }
    return this.#fresh;
  }
}

const selectSorted = 'SELECT k.n FROM json_each(?) AS wanted CROSS JOIN id_key AS k ON k.key = wanted.value';

/** For connections that only read: they do not know what the writer holds in memory, and look through all of it. */
export const rowsOfIds = (connection: IndexConnection, ids: readonly string[]): readonly number[] => {
  const keys = JSON.stringify(ids.map(idKey));
  return connection
    .all(
      `${selectSorted} UNION ALL SELECT n FROM fresh_key WHERE key IN (SELECT value FROM json_each(?))`,
      keys,
      keys,
    )
    .map(({ n }) => Number(n));
};
