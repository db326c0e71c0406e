import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { OutcomeKind } from '../../../schemas/archive/ledger.ts';
import { connectArchive } from '../../../services/search-api/http/connect-archive.ts';
import { buildEvent, bytesOf } from '../../support/event-builder.ts';
import { openEdition } from '../../support/open-edition.ts';
import { startHoldfast } from '../../support/run-holdfast.ts';
import { until } from '../../support/until.ts';

const caller = { actor: { id: 'tester' }, purpose: 'upgrade' };
const olderRelease = `--import ${new URL('./older-release.ts', import.meta.url).href}`;

/** Events that an older release does not know, each in a conversation of its own. */
const eventsOf = (count: number): Uint8Array[] =>
  Array.from({ length: count }, (_, at) =>
    bytesOf(
      buildEvent(
        'room.topic-changed',
        { id: `topic-${at}`, conversation: `room-${at}` },
        { topic: `quarter ${at}` },
      ),
    ),
  );

const wordsFor = (installation: string): string[] =>
  installation.endsWith('.json')
    ? ['serve', '--edition', 'enterprise', '--config', installation, '--port', '0']
    : ['--data', installation, 'serve', '--port', '0'];

/** What became of these events in a process of the older release. */
const appendToOlderRelease = async (
  installation: string,
  events: readonly Uint8Array[],
): Promise<OutcomeKind[]> => {
  const child = startHoldfast(wordsFor(installation), { NODE_OPTIONS: olderRelease });
  const exited = once(child, 'exit');
  try {
    const archive = connectArchive({ url: await announcedUrl(child.stderr) });
    await until(async () => (await archive.readiness()).ready);
    const { results } = await archive.append(events);
    const positions = results.flatMap((result) => ('position' in result ? [result.position] : []));
    return (await archive.outcomes(positions)).map(({ outcome }) => outcome);
  } finally {
    child.kill('SIGTERM');
    await exited;
  }
};

const announcedUrl = async (stream: NodeJS.ReadableStream): Promise<string> => {
  for await (const line of createInterface(stream)) {
    const url = /Holdfast serves .*?(http:\S+)/.exec(line)?.[1];
    if (url === undefined) continue;
    stream.resume();
    return url;
  }
  throw new Error('the older release did not serve');
};

/** What an older release could not read is archived, once, when the quarantine is tried again after the upgrade. */
export const redriveAfterUpgrade = async (installation: string, count: number): Promise<string[]> => {
  const outcomes = await appendToOlderRelease(installation, eventsOf(count));
  const isKept = outcomes.length === count && outcomes.every((outcome) => outcome === 'quarantined');
  if (!isKept) return [`the older release did with what it cannot read: ${outcomes.join(', ')}`];
  await using edition = await openEdition(installation);
  const { archive, settled } = edition;
  await settled();
  const reports = [await archive.retryQuarantine(caller), await archive.retryQuarantine(caller)];
  await settled();
  const { totals } = await archive.coverage(caller);
  const found = await archive.search(caller, { query: 'event:topic', limit: 0, sort: 'sent' });
  const seen = JSON.stringify({
    redriven: reports.map(({ redriven }) => redriven),
    archived: totals.outcomes.archived,
    quarantined: totals.outcomes.quarantined,
    found: found.total,
  });
  const wanted = JSON.stringify({ redriven: [count, 0], archived: count, quarantined: count, found: count });
  const violations = seen === wanted ? [] : [`after the upgrade there is ${seen}, expected ${wanted}`];
  for await (const step of archive.verify(caller))
    if (step.kind === 'report' && !step.report.ok)
      violations.push(`verify after the upgrade says ${JSON.stringify(step.report.differences)}`);
  return violations;
};
