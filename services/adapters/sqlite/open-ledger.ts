import type { Ledger } from '../../ports/ledger.ts';
import { hostInThread } from '../threads/host-in-thread.ts';
import type { Shape } from '../threads/shape.ts';
import { isReadOnly, openConnection } from './connection.ts';
import { SqliteLedger, type SqliteLedgerOptions } from './ledger.ts';
import { toLedgerFault } from './ledger-fault.ts';
import { assertLedgerSchema, createLedgerSchema } from './ledger-schema.ts';

/** The ledger in this thread. For threads that own their connection. */
export const openSqliteLedger = async (options: SqliteLedgerOptions): Promise<Ledger> => {
  try {
    return openLedger(options);
  } catch (error) {
    throw toLedgerFault(error, options.path);
  }
};

const openLedger = (options: SqliteLedgerOptions): Ledger => {
  const db = openConnection(options.path, options);
  try {
    if (!isReadOnly(options)) createLedgerSchema(db);
    assertLedgerSchema(db, options.path);
    return new SqliteLedger(db, options);
  } catch (error) {
    db.close();
    throw error;
  }
};

/** For whoever hosts a ledger in a thread. */
export const ledgerShape: Shape<Ledger> = {
  propose: 'call',
  frontier: 'call',
  ranges: 'stream',
  entries: 'call',
  find: 'call',
  quarantined: 'call',
  counts: 'call',
  appendHead: 'call',
  heads: 'call',
  findHead: 'call',
};

/** The ledger in a thread of its own: no call blocks this one. */
export const hostSqliteLedger = (options: SqliteLedgerOptions): Promise<Ledger> =>
  hostInThread<Ledger, SqliteLedgerOptions>({
    module: new URL(import.meta.url),
    open: 'openSqliteLedger',
    argument: options,
    shape: ledgerShape,
    name: 'ledger',
    fault: 'LedgerUnavailable',
  });
