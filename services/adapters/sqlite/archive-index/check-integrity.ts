import type { IndexFault } from '../../../ports/archive-index.ts';
import { isEngineError } from '../fault.ts';
import { findMisindexedRows, findUnfoundTerms } from './find-misindexed-rows.ts';
import type { IndexConnection, Row } from './index-connection.ts';

/** More than these say nothing new. */
const maxFaults = 100;

/** What SQLite and FTS5 find wrong with their own structures, and where our tables do not fit together. */
export const checkIndexIntegrity = (connection: IndexConnection): readonly IndexFault[] =>
  [
    ...new Map(
      [...engineFaults(connection), ...tableFaults(connection), ...lookupFaults(connection)].map(distinct),
    ).values(),
  ].slice(0, maxFaults);

/** Whether SQLite and FTS5 find nothing wrong; does not look for what is missing. */
export const isSound = (connection: IndexConnection): boolean => {
  try {
    return connection.get('PRAGMA quick_check(1)')?.quick_check === 'ok';
  } catch (error) {
    if (!isEngineError(error)) throw error;
    return false;
  }
};

const distinct = (fault: IndexFault) => [`${fault.itemId ?? ''} ${fault.fault}`, fault] as const;

const engineFaults = (connection: IndexConnection): IndexFault[] =>
  attempt(() =>
    connection
      .all(`PRAGMA integrity_check(${maxFaults})`)
      .map((row) => String(row.integrity_check))
      .filter((message) => message !== 'ok')
      .flatMap((message) =>
        message.startsWith('fts5:') ? wordFaults(connection, message) : [rowFault(connection, message)],
      ),
  );

/** The words as indexed are not the words as stored: which items that concerns, FTS5 does not say. */
const wordFaults = (connection: IndexConnection, message: string): IndexFault[] => {
  const fault = 'its words are indexed otherwise than they are stored';
  const named = attempt(() =>
    findMisindexedRows(connection, maxFaults).map((n) => faultOfRow(connection, n, fault)),
  );
  return named.length === 0 ? [{ fault: message }] : named;
};

/** SQLite names the row of an index entry that is missing or wrong. */
const rowFault = (connection: IndexConnection, message: string): IndexFault => {
  const n = /\brow (\d+)\b.*\bitem_/.exec(message)?.[1];
  return n === undefined ? { fault: message } : faultOfRow(connection, Number(n), message);
};

const faultOfRow = (connection: IndexConnection, n: number, fault: string): IndexFault => {
  const row =
    connection.get('SELECT id FROM item WHERE n = ?', n) ??
    connection.get(
      'SELECT item.id FROM version JOIN item ON item.place = version.place WHERE version.n = ?',
      n,
    );
  return row === undefined ? { fault: `row ${n}: ${fault}` } : { itemId: String(row.id), fault };
};

const allRowsOfItems = `SELECT n, place, sent, versions, conversation FROM item WHERE versions > 0
  UNION ALL SELECT value, place, sent, versions, conversation FROM item, json_each(item.more)
    WHERE item.more IS NOT NULL`;

/** Each finds rows with the `id` of an item, or none, and what is wrong with it. */
const tableChecks = [
  `SELECT item.id, 'it has another number of versions than it says' AS fault FROM item
    WHERE versions <> (versions > 0) + ifnull(json_array_length(more), 0)`,
  `SELECT item.id, 'version row ' || r.n || ' is missing or sorted otherwise than its item' AS fault
    FROM (${allRowsOfItems}) r LEFT JOIN version v ON v.n = r.n LEFT JOIN item ON item.place = r.place
    WHERE v.n IS NULL OR v.place <> r.place OR v.first_sent <> r.sent OR v.many <> (r.versions > 1)
      OR v.conversation <> r.conversation`,
  `SELECT NULL AS id, 'version row ' || n || ' belongs to no item' AS fault FROM version
    WHERE n NOT IN (SELECT n FROM (${allRowsOfItems}))`,
  `SELECT item.id, 'version row ' || v.n || ' has no words or other marks' AS fault FROM version v
    LEFT JOIN words_content w ON w.id = v.n LEFT JOIN item ON item.place = v.place
    WHERE w.id IS NULL OR w.c5 IS NOT
      'all' || CASE WHEN v.many THEN ' many' ELSE '' END || CASE WHEN v.unread THEN ' unread' ELSE '' END`,
  `SELECT NULL AS id, 'words of row ' || w.id || ' belong to no version' AS fault FROM words_content w
    WHERE w.id NOT IN (SELECT n FROM version)`,
  `SELECT item.id, 'its conversation or session is missing' AS fault FROM item
    LEFT JOIN conversation c ON c.n = item.conversation
    LEFT JOIN session s ON s.n = item.session AND s.conversation = item.conversation
    WHERE c.n IS NULL OR s.n IS NULL`,
  `SELECT item.id, 'its sender is missing' AS fault FROM version v LEFT JOIN item ON item.place = v.place
    LEFT JOIN sender s ON s.n = v.sender WHERE v.sender IS NOT NULL
      AND (s.n IS NULL OR instr(' ' || (SELECT c4 FROM words_content WHERE id = item.n) || ' ', ' ' || s.key || ' ') = 0)`,
  `SELECT NULL AS id, 'partition ' || p.partition || ' is said to have ' || p.said || ' items and has ' || p.held
      AS fault
    FROM (SELECT t.partition, t.items AS said, (SELECT count(*) FROM item
      WHERE place >= t.partition * 1099511627776 AND place < (t.partition + 1) * 1099511627776) AS held
      FROM tally t) p WHERE p.said <> p.held`,
  `SELECT item.id, 'it is not found by its id' AS fault FROM item
    LEFT JOIN id_key k ON k.key = item.key AND k.n = item.n LEFT JOIN fresh_key f ON f.n = item.n AND f.key = item.key
    WHERE k.n IS NULL AND f.n IS NULL`,
  `SELECT item.id, 'its partition is not counted' AS fault FROM item
    WHERE place / 1099511627776 NOT IN (SELECT partition FROM tally)`,
];

const tableFaults = (connection: IndexConnection): IndexFault[] =>
  tableChecks.flatMap((check) =>
    attempt(() => connection.query(`${check} LIMIT ${maxFaults}`, []).map(toFault)),
  );

const lookupFaults = (connection: IndexConnection): IndexFault[] =>
  attempt(() =>
    findUnfoundTerms(connection, maxFaults).map((term) => ({
      fault: `the word ${term} is not found everywhere it is stored`,
    })),
  );

const toFault = ({ id, fault }: Row): IndexFault =>
  id === null ? { fault: String(fault) } : { itemId: String(id), fault: String(fault) };

/** A file too damaged to be read is a finding, not a failure of the check. */
const attempt = (check: () => IndexFault[]): IndexFault[] => {
  try {
    return check();
  } catch (error) {
    if (!isEngineError(error)) throw error;
    return [{ fault: error instanceof Error ? error.message : String(error) }];
  }
};
