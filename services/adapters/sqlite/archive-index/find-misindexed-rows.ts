import { isDamaged } from '../fault.ts';
import { idKey } from './id-key.ts';
import type { IndexConnection } from './index-connection.ts';
import { columnList } from './word-rows.ts';

/** What FTS5's `ascii` tokenizer takes as one token. */
const token = /[0-9A-Za-z\u0080-\u{10ffff}]+/gu;

/** One number per row that any other set of tokens and places would, in all likelihood, not give. */
type RowSums = Map<number, number>;

/**
 * Rows whose words are indexed otherwise than they are stored: both are summed up per row and compared. If the index
 * cannot be walked from end to end, it is asked term by term, and rows with a term that cannot be read count as found.
 */
export const findMisindexedRows = (connection: IndexConnection, limit: number): readonly number[] => {
  const stored = sumStored(connection);
  const wrong = walkIndex(connection, stored) ?? askEveryTerm(connection);
  return [...wrong].slice(0, limit);
};

/**
 * Words that a search finds more or less often than they are stored. It goes to a word by a table of pages, which neither
 * FTS5's own check nor a walk over all words looks at.
 */
export const findUnfoundTerms = (connection: IndexConnection, limit: number): readonly string[] => {
  const stored = new Map<string, number>();
  for (const { tokens } of storedTexts(connection))
    for (const word of tokens) stored.set(word, (stored.get(word) ?? 0) + 1);
  const lookup = connection.statement('SELECT sum(cnt) AS n FROM term_column WHERE term = ?');
  const unfound: string[] = [];
  for (const [term, times] of stored) {
    if (lookup.get(term)?.n !== times) unfound.push(term);
    if (unfound.length >= limit) break;
  }
  return unfound;
};

const add = (sums: RowSums, n: number, amount: number): void => {
  sums.set(n, ((sums.get(n) ?? 0) ^ amount) | 0);
};

/** Terms repeat: their keys are made once. */
const occurrence = (key: number, column: string, offset: number): number =>
  Math.imul((key % 4_294_967_296) ^ (column.charCodeAt(0) * 31 + column.charCodeAt(1)), 0x01000193) ^
  Math.imul(offset + 1, 0x27d4eb2f);

const sumStored = (connection: IndexConnection): RowSums => {
  const sums: RowSums = new Map();
  for (const { n, column, tokens } of storedTexts(connection)) {
    add(sums, n, 0);
    for (const [offset, word] of tokens.entries()) add(sums, n, occurrence(idKey(word), column, offset));
  }
  return sums;
};

function* storedTexts(
  connection: IndexConnection,
): Generator<{ n: number; column: string; tokens: readonly string[] }> {
  const columns = columnList.split(', ');
  for (const row of connection.statement(`SELECT rowid AS n, ${columnList} FROM words`).iterate())
    for (const column of columns)
      yield { n: Number(row.n), column, tokens: tokensOf(String(row[column] ?? '')) };
}

const tokensOf = (text: string): string[] =>
  Array.from(text.matchAll(token), ([word]) =>
    word.replaceAll(/[A-Z]+/g, (letters) => letters.toLowerCase()),
  );

const walkIndex = (connection: IndexConnection, stored: RowSums): ReadonlySet<number> | undefined => {
  const sums: RowSums = new Map();
  let term = '';
  let key = 0;
  try {
    for (const row of connection.statement('SELECT term, doc, col, offset FROM term_instance').iterate()) {
      if (row.term !== term) {
        term = String(row.term);
        key = idKey(term);
      }
      add(sums, Number(row.doc), occurrence(key, String(row.col), Number(row.offset)));
    }
  } catch (error) {
    if (isDamaged(error)) return undefined;
    throw error;
  }
  const rows = new Set([...stored.keys(), ...sums.keys()]);
  return new Set([...rows].filter((n) => (stored.get(n) ?? 0) !== (sums.get(n) ?? 0)));
};

const askEveryTerm = (connection: IndexConnection): ReadonlySet<number> => {
  const expected = new Map<string, RowSums>();
  for (const { n, column, tokens } of storedTexts(connection))
    for (const [offset, word] of tokens.entries()) {
      const sums = expected.get(word) ?? new Map<number, number>();
      expected.set(word, sums);
      add(sums, n, occurrence(0, column, offset));
    }
  const wrong = new Set<number>();
  for (const [term, sums] of expected) for (const n of rowsOfTerm(connection, term, sums)) wrong.add(n);
  return wrong;
};

/** Rows in which the index has this term at other places than are stored. */
const rowsOfTerm = (connection: IndexConnection, term: string, stored: RowSums): Iterable<number> => {
  const sums: RowSums = new Map();
  try {
    const rows = connection.all('SELECT doc, col, offset FROM term_instance WHERE term = ?', term);
    for (const row of rows) add(sums, Number(row.doc), occurrence(0, String(row.col), Number(row.offset)));
  } catch (error) {
    if (isDamaged(error)) return stored.keys();
    throw error;
  }
  return [...stored.keys(), ...sums.keys()].filter((n) => stored.get(n) !== sums.get(n));
};
