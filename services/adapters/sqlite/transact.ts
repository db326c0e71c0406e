import type { DatabaseSync } from 'node:sqlite';
import { failpoint } from '../../core/failpoint.ts';

/** Runs the work in one write transaction: all of it is durable when this returns, or nothing of it ever was. */
export const transact = <T>(db: DatabaseSync, work: () => T): T => {
  db.exec('BEGIN IMMEDIATE');
  try {
    const result = work();
    failpoint('sqlite.committing');
    db.exec('COMMIT');
    return result;
  } catch (error) {
    // A full disk may have rolled back already.
    if (db.isTransaction) db.exec('ROLLBACK');
    throw error;
  }
};
