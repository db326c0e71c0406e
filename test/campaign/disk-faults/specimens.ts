import { join } from 'node:path';
import { openSqliteArchiveIndex } from '../../../services/adapters/sqlite/open-archive-index.ts';
import { openSqliteEventLog } from '../../../services/adapters/sqlite/open-event-log.ts';
import { openSqliteLedger } from '../../../services/adapters/sqlite/open-ledger.ts';
import { openSqliteLedgerView } from '../../../services/adapters/sqlite/open-ledger-view.ts';
import { systemClock } from '../../../services/adapters/system/clock.ts';
import { toIndexDocument } from '../../../services/core/item/index-document.ts';
import type { ArchiveIndex } from '../../../services/ports/archive-index.ts';
import type { Ledger } from '../../../services/ports/ledger.ts';
import { message } from '../../support/ask-index.ts';
import { imPartition, leaf, proposalOf } from '../../support/range-proposals.ts';

/** An adapter over files in a folder, with a little work for it. */
export interface Specimen {
  /** Work from 0 to this. A step that was refused may be done again. */
  readonly steps: number;
  /** Runs a program, each of whose processes meets the fault anew: it need not go through. */
  readonly programStep?: number;
  open(folder: string): Promise<OpenSpecimen>;
}

export interface OpenSpecimen extends AsyncDisposable {
  /** Resolves with what must be there from then on. */
  step(n: number): Promise<string>;
  /** Whether what a step resolved with is there. */
  holds(n: number, acknowledged: string): Promise<boolean>;
  /** What is wrong with the whole. */
  faults(): Promise<readonly string[]>;
}

/** A few pages, so that commits copy the write-ahead log back. */
const checkpointPages = 6;
const partitions = { im: 1, governance: 1, audit: 1 } as const;
const entriesInRange = 3;
const documentsInPut = 2;

const valueAt = (n: number): Buffer => Buffer.from(`event ${n} ${'x'.repeat(900)}`);

export const logSpecimen: Specimen = {
  steps: 8,
  open: async (folder) => {
    const log = await openSqliteEventLog({
      path: join(folder, 'log.db'),
      partitions,
      clock: systemClock,
      checkpointPages,
    });
    const place = (offset: number) => ({ stream: 'im', generation: 1, partition: 0, offset }) as const;
    return {
      step: async (n) => {
        const [appended] = await log.append('im', [{ key: 'c', value: valueAt(n) }]);
        return `${appended!.position.offset}`;
      },
      holds: async (n, offset) => {
        const [record] = await log.get([place(Number(offset))]);
        return record?.value != null && valueAt(n).equals(record.value);
      },
      faults: async () => {
        const found = (await Array.fromAsync(log.read(place(0)))).flat();
        const hole = found.findIndex(({ position, value }, at) => position.offset !== at || value === null);
        const end = await log.end('im', 0);
        return hole === -1 && found.length === end
          ? []
          : [`${found.length} records of ${end}, hole at ${hole}`];
      },
      [Symbol.asyncDispose]: () => log[Symbol.asyncDispose](),
    };
  },
};

/** As an archiver does: from where the ledger stands. */
const propose = async (ledger: Pick<Ledger, 'frontier' | 'propose'>, n: number): Promise<string> => {
  const to = (n + 1) * entriesInRange;
  for (;;) {
    const frontier = await ledger.frontier(imPartition());
    if (frontier.size >= to) return `${to}`;
    const offsets = Array.from({ length: entriesInRange }, (_, at) => frontier.size + at);
    const outcome = n % 2 === 0 ? 'archived' : 'quarantined';
    await ledger.propose(
      proposalOf(
        imPartition(),
        frontier,
        offsets.map((offset) => leaf(offset, outcome)),
      ),
    );
  }
};

const rangesEnd = async (ledger: Pick<Ledger, 'ranges'>): Promise<number> => {
  let end = 0;
  for await (const { from, to, entries } of ledger.ranges(imPartition(), 0)) {
    if (from !== end || entries.length !== to - from) return -1;
    end = to;
  }
  return end;
};

const ledgerFaults = async (
  ledger: Pick<Ledger, 'frontier' | 'ranges' | 'counts'>,
): Promise<readonly string[]> => {
  const { size } = await ledger.frontier(imPartition());
  const end = await rangesEnd(ledger);
  const counts = Object.values(await ledger.counts(imPartition()));
  const sum = counts.reduce((total, count) => total + count, 0);
  return end === size && sum === size
    ? []
    : [`the ledger is at ${size}, its ranges at ${end}, its counts at ${sum}`];
};

export const ledgerSpecimen: Specimen = {
  steps: 7,
  open: async (folder) => {
    const ledger = await openSqliteLedger({ path: join(folder, 'ledger.db'), checkpointPages });
    return {
      step: (n) => propose(ledger, n),
      holds: async (_, to) => (await ledger.frontier(imPartition())).size >= Number(to),
      faults: () => ledgerFaults(ledger),
      [Symbol.asyncDispose]: () => ledger[Symbol.asyncDispose](),
    };
  },
};

export const viewSpecimen: Specimen = {
  steps: 6,
  open: async (folder) => {
    const view = await openSqliteLedgerView({ path: join(folder, 'view.db') });
    return {
      step: async (n) => {
        const to = await propose(view, n);
        await view.setBookmark('im/1/0', { next: Number(to), lastHash: to });
        return to;
      },
      // A copy: what it lost it is given again. Its bookmark must not be ahead of it.
      holds: async () => {
        const { size } = await view.frontier(imPartition());
        return ((await view.bookmark('im/1/0'))?.next ?? 0) <= size;
      },
      faults: () => ledgerFaults(view),
      [Symbol.asyncDispose]: () => view[Symbol.asyncDispose](),
    };
  },
};

/** Later steps put items anew with an edit; the last two fill and swap in another file. */
const putSteps = 4;

const documentsAt = (n: number, isEdited: boolean) =>
  Array.from({ length: documentsInPut }, (_, k) => {
    const at = n * documentsInPut + k;
    const edits = isEdited ? [{ body: `edited ${at}` }] : [];
    return toIndexDocument(message(`i${at}`, at * 4, { body: `alpha word${at}`, edits }));
  });

const rebuild = async (index: ArchiveIndex): Promise<void> => {
  await using next = await index.rebuild();
  for (let n = 0; n < putSteps; n += 1) await next.put(documentsAt(n, true));
  await next.freeze();
  await next.commit([0]);
};

export const indexSpecimen: Specimen = {
  steps: putSteps + 3,
  programStep: putSteps + 1,
  open: async (folder) => {
    const index = await openSqliteArchiveIndex({
      path: join(folder, 'index.db'),
      partitions: 1,
      checkpointPages,
    });
    return {
      step: async (n) => {
        if (n < putSteps) await index.put(documentsAt(n, false));
        else if (n === putSteps) await index.put(documentsAt(1, true));
        else if (n === putSteps + 1) await index.remove([documentsAt(2, false)[0]!.id]);
        else await rebuild(index);
        return n === putSteps + 1 ? 'removed' : 'put';
      },
      holds: async (n, what) => {
        if (n > putSteps) return true;
        const ids = documentsAt(n === putSteps ? 1 : n, false).map(({ id }) => id);
        const items = await index.get(ids);
        return what === 'removed' || items.filter((item) => item === undefined).length <= (n === 2 ? 1 : 0);
      },
      faults: async () => {
        const faults = (await index.checkIntegrity()).map(({ fault }) => fault);
        await rebuild(index);
        const { items } = await index.counts();
        const whole = putSteps * documentsInPut;
        return items === whole ? faults : [...faults, `a rebuilt index has ${items} items of ${whole}`];
      },
      [Symbol.asyncDispose]: () => index[Symbol.asyncDispose](),
    };
  },
};

export const specimens: Readonly<Record<string, Specimen>> = {
  log: logSpecimen,
  ledger: ledgerSpecimen,
  view: viewSpecimen,
  index: indexSpecimen,
};
