import { MemoryClock } from '../../services/adapters/memory/clock.ts';
import type { EventLog } from '../../services/ports/event-log.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

export interface EventLogSetup {
  /** Empty at first; what is opened in it again must find what was there. */
  readonly folder: string;
  readonly clock: MemoryClock;
  readonly maxQueuedBytes?: number;
}

export type OpenEventLog = (setup: EventLogSetup) => Promise<EventLog>;

export interface LogFixture extends AsyncDisposable {
  readonly log: EventLog;
  readonly clock: MemoryClock;
}

export type OpenEmptyLog = (maxQueuedBytes?: number) => Promise<LogFixture>;

/** Opens logs in folders of their own, which go with them. */
export const emptyLogs =
  (open: OpenEventLog): OpenEmptyLog =>
  async (maxQueuedBytes) => {
    const folder = await temporaryFolder();
    const clock = new MemoryClock();
    const log = await open({ folder: folder.path, clock, ...(maxQueuedBytes && { maxQueuedBytes }) });
    return {
      log,
      clock,
      [Symbol.asyncDispose]: async () => {
        await log[Symbol.asyncDispose]();
        await folder[Symbol.asyncDispose]();
      },
    };
  };
