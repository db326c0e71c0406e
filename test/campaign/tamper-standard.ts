import { cp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { openSqliteArchiveIndex } from '../../services/adapters/sqlite/open-archive-index.ts';
import { openStandard } from '../../services/standard/compose.ts';
import { Dice } from '../support/dice.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { verifyFolder } from '../support/verify-folder.ts';
import type { Campaign, CampaignOptions, CampaignResult } from './campaign.ts';
import type { Change } from './tamper/change.ts';
import { cutTail } from './tamper/cut-tail.ts';
import { changeDocument } from './tamper/document-changes.ts';
import { keeps, lacksOnlyTail, type Meaning, meaningOf } from './tamper/meaning.ts';
import { fillPart } from './tamper/specimen.ts';
import { changeBytes, readBack } from './tamper/sqlite-files.ts';
import { changeLedger } from './tamper/sqlite-ledger.ts';
import { changeLog } from './tamper/sqlite-log.ts';
import { changeRow } from './tamper/sqlite-rows.ts';
import { Tally } from './tamper/tally.ts';
import { foundNothing, verdictOf, verifyByCommand, verifyServed } from './tamper/verdict.ts';

type Changer = (data: string, chance: Dice) => Promise<Change> | Change;

const changeIndex: Changer = async (data, chance) => {
  await using index = await openSqliteArchiveIndex({ path: join(data, 'index.db'), partitions: 4 });
  return await changeDocument(index, { partitions: 4 }, chance);
};

const changers: Readonly<Record<string, Changer>> = {
  bytes: changeBytes,
  rows: changeRow,
  log: changeLog,
  ledger: changeLedger,
  index: changeIndex,
};

/** A folder as a clean stop leaves it, and one as a kill does: with write-ahead logs and events no head covers yet. */
const makeSpecimens = async (folder: string): Promise<readonly string[]> => {
  const [stopped, killed] = [join(folder, 'stopped'), join(folder, 'killed')];
  const options = { recursive: true, verbatimSymlinks: true };
  for (const part of ['first', 'second']) {
    await using edition = await openStandard({ data: stopped, timeZone: 'UTC' });
    await fillPart(edition, part);
    if (part === 'second') await cp(stopped, killed, options);
  }
  await rm(join(killed, 'server.json'), { force: true });
  return [stopped, killed];
};

/** Opening everything costs ten times what verifying does: one in so many is verified by each whole program. */
const wholeOneIn = 12;
const wholes = [verifyByCommand, verifyServed];

interface Trial {
  readonly chance: Dice;
  readonly line: string;
  readonly tally: Tally;
  readonly changer: string;
}

interface Specimen {
  readonly data: string;
  readonly rows: string | undefined;
  readonly meaning: Meaning | undefined;
}

const copyFolder = async (from: string, to: string): Promise<void> => {
  await rm(to, { recursive: true, force: true });
  await cp(from, to, { recursive: true, verbatimSymlinks: true });
};

/** One change of a copy, and what became of it. */
const tamper = async (
  data: string,
  specimen: Specimen,
  { chance, line, tally, changer }: Trial,
): Promise<void> => {
  await copyFolder(specimen.data, data);
  const change = await changers[changer]!(data, chance);
  const what = `${line}: ${change.what}`;
  if (specimen.rows !== undefined && readBack(data) === specimen.rows) return tally.without('harmless', what);
  const verifyWhole = wholes[chance.below(wholeOneIn)];
  // A server goes on from what it finds: what it found is read from a copy.
  const asChanged = verifyWhole === undefined ? data : `${data}-as-changed`;
  if (asChanged !== data) await copyFolder(data, asChanged);
  const verdict = await (verifyWhole?.(data) ?? verdictOf(() => verifyFolder(data)));
  if (!foundNothing(verdict)) return tally.judge(changer, what, change, verdict);
  const now = await meaningOf(asChanged);
  if (isDeepStrictEqual(now, specimen.meaning)) return tally.without('harmless', what);
  if (lacksOnlyTail(specimen.meaning, now)) return tally.without('unwitnessed tail', what);
  // Commits that were lost are made again from the log at the next start: nothing of the archive is lost with them.
  const served = verifyWhole === verifyServed ? verdict : await verifyServed(data);
  if (foundNothing(served) && keeps(specimen.meaning, await meaningOf(data)))
    return tally.without('made good', what);
  tally.judge(changer, what, change, served);
};

const run = async ({ seed, count, say = () => undefined }: CampaignOptions): Promise<CampaignResult> => {
  await using folder = await temporaryFolder();
  const specimens: Specimen[] = [];
  for (const data of await makeSpecimens(folder.path))
    specimens.push({ data, rows: readBack(data), meaning: await meaningOf(data) });
  const tally = new Tally(say);
  const data = join(folder.path, 'data');
  await cutTail(specimens[1]!.data, data, tally);
  for (let n = 0; tally.attempted < count && n < count * 2; n += 1) {
    const chance = new Dice(`tamper-standard-${seed}-${n}`);
    const changer = chance.pick(Object.keys(changers));
    // What only a kill leaves is changed byte by byte.
    const specimen = specimens[changer === 'bytes' ? chance.below(2) : 0]!;
    await tamper(data, specimen, { chance, line: `seed ${seed} number ${n}`, tally, changer });
  }
  return tally.result();
};

export const tamperStandardCampaign: Campaign = {
  name: 'tamper-standard',
  edition: 'standard',
  unit: 'changes',
  invariants: 'nothing missing, nothing changed: log, ledger, heads, index',
  counts: { test: 130, scoreboard: 650 },
  run,
};
