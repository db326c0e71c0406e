import type { ImEvent } from '../../../schemas/events/im-event.ts';
import { bytesOf, deleted, edited, reacted, read, sent } from '../../support/event-builder.ts';
import type { OpenEdition } from '../../support/open-edition.ts';

const caller = { actor: { id: 'tester' }, purpose: 'tamper' };
const words = ['quartz', 'meeting', 'ledger', '회의', '報告', 'lunch', 'invoice', 'rain'];

/** A bit of everything the ledger accounts for, in conversations that lie in several partitions. */
const eventsOf = (part: string): readonly Uint8Array[] => {
  const events: ImEvent[] = [];
  for (let n = 0; n < 18; n += 1) {
    const place = { conversation: `conversation-${n % 7}`, session: `s${n % 2}` };
    const id = `${part}-${n}`;
    events.push(sent({ ...place, id, body: `${words[n % 8]} ${words[(n * 3) % 8]} number ${n} of ${part}` }));
    if (n % 4 === 0)
      events.push(edited({ ...place, item: id, id: `${id}-edit`, body: `${words[n % 8]} again` }));
    if (n % 5 === 1)
      events.push(reacted({ ...place, item: id, reaction: '👍' }), read({ ...place, item: id }));
    if (n % 6 === 2) events.push(deleted({ ...place, item: id }));
  }
  const again = { id: `${part}-3`, conversation: 'conversation-3', session: 's1' };
  const late = { conversation: 'conversation-1', item: `${part}-late` };
  return [
    ...events.map(bytesOf),
    bytesOf(events[0]!),
    bytesOf(sent({ ...again, body: `another content of ${part}` })),
    bytesOf(edited({ ...late, body: 'the edit came first' })),
    bytesOf(sent({ conversation: 'conversation-1', id: `${part}-late`, body: 'the original came later' })),
    Buffer.from(`no event of ${part}`),
    Buffer.from(`{"specversion":"1.0","id":"${part}-odd","type":"holdfast.im.nothing"}`),
  ];
};

/** Archives one part of the specimen, decided under two scopes; some of it is refused, quarantined and in conflict. */
export const fillPart = async ({ archive, settled }: OpenEdition, part: string): Promise<void> => {
  const events = eventsOf(part);
  const half = Math.floor(events.length / 2);
  await archive.append(events.slice(0, half));
  await settled();
  await archive.setScope(caller, { scope: { who: 'users', users: ['ann'] }, reason: part });
  await archive.append([
    ...events.slice(half),
    bytesOf(sent({ id: `${part}-refused`, by: 'eve', conversation: 'conversation-9', body: 'not in scope' })),
  ]);
  await settled();
  await archive.setScope(caller, { scope: { who: 'everyone' }, reason: part });
  await archive.coverage(caller);
  await settled();
};
