import assert from 'node:assert/strict';
import { test } from 'node:test';
import { localSourceFiles } from '../../services/adapters/files/local-source-files.ts';
import { systemClock } from '../../services/adapters/system/clock.ts';
import { systemRandom } from '../../services/adapters/system/random.ts';
import type { Archive } from '../../services/search-api/archive.ts';
import { importSamples } from '../../services/standard/import-samples.ts';
import { bytesOf, sent } from '../support/event-builder.ts';
import { newMemoryState, openMemory } from '../support/memory-edition.ts';

const caller = () => ({ actor: { id: 'tester' }, purpose: 'samples' });

/** What `holdfast serve --samples` prints; stops as by Ctrl-C after so many appends. */
const start = async (archive: Archive, appendsUntilStop = Number.POSITIVE_INFINITY): Promise<string> => {
  const stop = new AbortController();
  const printed: string[] = [];
  const print = (line: string): void => void printed.push(line);
  let appends = 0;
  const watched: Archive = {
    ...archive,
    append: async (lines) => {
      appends += 1;
      if (appends >= appendsUntilStop) stop.abort();
      return archive.append(lines);
    },
  };
  const terminal = { out: print, err: print, colour: false, interactive: false };
  const sources = { files: localSourceFiles, clock: systemClock, random: systemRandom };
  await importSamples({ terminal, sources, signal: stop.signal, caller }, watched);
  return printed.join('\n');
};

const itemsOf = async (archive: Archive): Promise<number> => (await archive.coverage(caller())).totals.items;

test('samples interrupted at the first start are completed at the next, and left alone from then on', async () => {
  await using edition = await openMemory(newMemoryState());
  const { archive } = edition;
  const stopped = await start(archive, 3);
  assert.match(stopped, /stopped before the end/);
  assert.doesNotMatch(stopped, /things to try/);
  const some = await itemsOf(archive);
  const completed = await start(archive);
  assert.match(completed, /7023 lines read = \d+ archived \+ \d+ duplicate \+ 0 conflict/);
  assert.match(completed, /Three things to try/);
  const all = await itemsOf(archive);
  assert(some > 0 && some < all);
  assert.match(await start(archive), new RegExp(`${all} items are archived already`));
});

test('an archive that already holds something of its own gets no samples', async () => {
  await using edition = await openMemory(newMemoryState());
  await edition.archive.append([bytesOf(sent({ id: 'mine', body: 'my own' }))]);
  const [position] = (await edition.archive.append([bytesOf(sent({ id: 'too', body: 'mine too' }))])).results;
  assert(position?.status === 'accepted');
  await edition.archive.outcomes([position.position]);
  assert.match(await start(edition.archive), /2 items are archived already/);
});
