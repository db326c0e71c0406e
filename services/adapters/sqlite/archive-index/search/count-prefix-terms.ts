import type { Query, TextField } from '../../../../core/query/ast.ts';
import { assertFewTerms, prefixesOf } from '../../../../core/query/prefix-limit.ts';
import type { IndexConnection } from '../index-connection.ts';

const columnsOf: Record<TextField, string> = {
  any: "'subject', 'body', 'names'",
  subject: "'subject'",
  body: "'body'",
  names: "'names'",
};

/** Terms sort by code point, so all that begin with the prefix lie between it and it followed by the last one. */
const lastCodePoint = '\u{10ffff}';

/** Refuses a query with a beginning that stands for too many words, before it is run. */
export const refuseWidePrefixes = (connection: IndexConnection, query: Query): void => {
  for (const wanted of prefixesOf(query)) {
    const row = connection.get(
      `SELECT count(DISTINCT term) AS terms FROM term_column
        WHERE term >= ? AND term <= ? AND col IN (${columnsOf[wanted.field]})`,
      wanted.prefix,
      wanted.prefix + lastCodePoint,
    );
    assertFewTerms(wanted, Number(row?.terms));
  }
};
