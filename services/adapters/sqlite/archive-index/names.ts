import type { IndexConnection } from './index-connection.ts';

/** Enough for what is written about at one time; beyond, it begins anew. */
const maxRemembered = 10_000;

/** Numbers for conversations, their sessions and senders, so that rows and indexes hold a number instead of an id. */
export class Names {
  readonly #connection: IndexConnection;
  readonly #conversations = new Map<string, number>();
  readonly #sessions = new Map<string, number>();
  readonly #senders = new Map<string, number>();

  constructor(connection: IndexConnection) {
    this.#connection = connection;
  }

  conversation(id: string): number {
    return remember(this.#conversations, id, () => this.#intern('conversation', ['id'], [id]));
  }

  session(conversation: number, id: string): number {
    return remember(this.#sessions, `${conversation} ${id}`, () =>
      this.#intern('session', ['conversation', 'id'], [conversation, id]),
    );
  }

  /** By the key of the exact address. */
  sender(key: string): number {
    return remember(this.#senders, key, () => this.#intern('sender', ['key'], [key]));
  }

  /** After a rollback or a removal: what is remembered may not be there. */
  forget(): void {
    this.#conversations.clear();
    this.#sessions.clear();
    this.#senders.clear();
  }

  #intern(table: string, columns: readonly string[], values: readonly (string | number)[]): number {
    const conditions = columns.map((column) => `${column} = ?`).join(' AND ');
    const find = `SELECT n FROM ${table} WHERE ${conditions}`;
    const found = this.#connection.get(find, ...values);
    if (found !== undefined) return Number(found.n);
    const places = columns.map(() => '?').join(', ');
    this.#connection.run(`INSERT INTO ${table} (${columns.join(', ')}) VALUES (${places})`, ...values);
    return Number(this.#connection.get(find, ...values)?.n);
  }
}

const remember = (known: Map<string, number>, name: string, intern: () => number): number => {
  let n = known.get(name);
  if (n === undefined) {
    if (known.size >= maxRemembered) known.clear();
    n = intern();
    known.set(name, n);
  }
  return n;
};
