/** Places where the crash campaigns kill a process; docs/failpoints.md says what each would break. */
export type Failpoint =
  | 'archiver.fetched'
  | 'archiver.prepared'
  | 'archiver.decided'
  | 'index.put-sent'
  | 'index.put-in-part'
  | 'archiver.put'
  | 'archiver.range-won'
  | 'ledger.quarantine-recorded'
  | 'archiver.settling'
  | 'archiver.backing-off'
  | 'archiver.partition-lost'
  | 'sqlite.committing'
  | 'index.swapping'
  | 'audit.append-sent';

/**
 * Marks a place. It does nothing and there is nothing to arm it with: a compiler makes no code of the call. Only a test
 * replaces this module as it is loaded (test/support/arm-failpoint.ts), in every thread of a process it starts.
 * Where `applies` is false the place does not count as passed.
 */
export const failpoint = (_name: Failpoint, _applies = true): void => {};
