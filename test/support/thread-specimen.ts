import { HoldfastError } from '../../services/core/errors.ts';

/** Something to host in a thread: one member of every sort a shape knows. */
export interface Specimen extends AsyncDisposable {
  readonly greeting: string;
  add(left: number, right: number): Promise<number>;
  sizeOf(bytes: Uint8Array): Promise<number>;
  typeOf(value: unknown): Promise<string>;
  count(to: number): AsyncIterable<number>;
  counted(): Promise<number>;
  fail(kind: 'holdfast' | 'plain'): Promise<void>;
  crash(): Promise<void>;
  never(): Promise<void>;
  account(owner: string): Promise<Account>;
}

export interface Account extends AsyncDisposable {
  readonly owner: string;
  deposit(amount: number): Promise<number>;
}

const openAccount = (owner: string): Account => {
  let balance = 0;
  return {
    owner,
    deposit: async (amount) => {
      balance += amount;
      return balance;
    },
    [Symbol.asyncDispose]: async () => {
      balance = 0;
    },
  };
};

const fail = (kind: 'holdfast' | 'plain'): never => {
  if (kind === 'plain') throw new RangeError('out of range');
  throw new HoldfastError('TooLarge', { detail: 'At most 3.', maxBytes: 3 }, { cause: new Error('inner') });
};

export const openSpecimen = ({ greeting }: { readonly greeting: string }): Specimen => {
  if (greeting === '') throw new HoldfastError('InvalidConfig', { detail: 'Expected a greeting.' });
  let counted = 0;
  return {
    greeting,
    add: async (left, right) => left + right,
    sizeOf: async (bytes) => bytes.length,
    typeOf: async (value) => typeof value,
    async *count(to) {
      try {
        for (let n = 0; n < to; n++) {
          counted += 1;
          yield n;
        }
        if (to === 13) throw new HoldfastError('BadRequest', { detail: 'Not 13.' });
      } finally {
        counted += 1000;
      }
    },
    counted: async () => counted,
    fail: async (kind) => fail(kind),
    crash: async () => {
      setImmediate(() => {
        throw new Error('the thread is lost');
      });
      await new Promise(() => undefined);
    },
    never: () => new Promise(() => undefined),
    account: async (owner) => openAccount(owner),
    [Symbol.asyncDispose]: async () => undefined,
  };
};
