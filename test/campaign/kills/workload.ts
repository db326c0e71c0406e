import { hash } from 'node:crypto';
import type { ImEvent } from '../../../schemas/events/im-event.ts';
import { buildEvent } from '../../support/event-builder.ts';

/** Which batch of which process of a chain; a batch follows from it alone, so client and checker make the same bytes. */
export interface BatchPlace {
  readonly seed: number;
  readonly link: number;
  readonly step: number;
}

export const stepsInLink = 40;
const batchSize = 12;
const conversations = 8;
const largeConversation = 'large';
const largeMessages = 30;
const largeCharacters = 21_000;
const people = ['ann', 'ben', 'cat', 'dan'] as const;

/** Lines as a client sends them: mostly messages and later facts of earlier ones, duplicates, conflicts, poison. */
export const batchAt = (place: BatchPlace): Buffer[] => {
  const first = (place.link * stepsInLink + place.step) * batchSize;
  return Array.from({ length: batchSize }, (_, k) => lineAt(place.seed, first + k));
};

const lineAt = (seed: number, n: number): Buffer => {
  const [kind = 0, which = 0, far = 0] = hash('sha256', `${seed}/${n}`, 'buffer');
  if (kind >= 244) return poisonAt(seed, n, which);
  // Now and then from long before; it may never have been sent, or come later.
  const earlier = Math.max(0, n - 1 - (far < 30 ? which * far : which % 40));
  return Buffer.from(JSON.stringify(eventAt(seed, { n, earlier, kind })));
};

interface Choice {
  readonly n: number;
  readonly earlier: number;
  readonly kind: number;
}

const eventAt = (seed: number, { n, earlier, kind }: Choice): ImEvent => {
  const item = idAt(seed, earlier);
  const later = { ...fieldsAt(earlier), id: `${idAt(seed, n)}-later` };
  const nonce = nonceAt(seed, n);
  if (kind < 110) return messageAt(seed, n);
  if (kind < 140) return buildEvent('message.edited', later, { item, body: `edit ${n} mend`, nonce });
  if (kind < 152) return buildEvent('message.deleted', later, { item, nonce });
  if (kind < 166) return buildEvent('reaction.added', later, { item, reaction: '👍', nonce });
  if (kind < 172) return buildEvent('reaction.removed', later, { item, reaction: '👍', nonce });
  if (kind < 184) return buildEvent('receipt.read', later, { item, nonce });
  if (kind < 192) return buildEvent('participant.joined', { ...fieldsAt(n), id: later.id }, { nonce });
  if (kind < 218) return messageAt(seed, earlier);
  if (kind < 232)
    return buildEvent('message.sent', { ...fieldsAt(earlier), id: item }, { body: `other ${n}`, nonce });
  // The id of another conversation's message: another partition may own it.
  return buildEvent('message.sent', { ...fieldsAt(n), id: item }, { body: `stranger ${n}`, nonce });
};

const messageAt = (seed: number, n: number): ImEvent =>
  buildEvent(
    'message.sent',
    { ...fieldsAt(n), id: idAt(seed, n) },
    { body: `alpha word${n % 97} number ${n}`, nonce: nonceAt(seed, n) },
  );

/** Messages whose documents take the engine more than one request. */
export const largeBatch = ({ seed, link }: Omit<BatchPlace, 'step'>): { key: string; value: Buffer }[] =>
  Array.from({ length: largeMessages }, (_, k) => {
    const id = `s${seed}-large-${link}-${k}`;
    // Each character is a token, so that the documents are several times as large as the events.
    const body = Array.from({ length: largeCharacters }, (_, at) =>
      String.fromCodePoint(0x4e00 + ((at * 7 + k) % 5000)),
    ).join('');
    const fields = { id, conversation: largeConversation, by: 'ann', session: 'large' };
    const event = buildEvent('message.sent', fields, { body, nonce: nonceAt(seed, k) });
    return { key: largeConversation, value: Buffer.from(JSON.stringify(event)) };
  });

const idAt = (seed: number, n: number): string => `s${seed}-m${n}`;

const nonceAt = (seed: number, n: number): string => hash('sha256', `nonce ${seed}/${n}`, 'hex').slice(0, 32);

/** Of the message with that number, so that later facts of it find its conversation. */
const fieldsAt = (n: number) => ({
  conversation: `room-${(n * 5) % conversations}`,
  by: people[n % people.length]!,
  session: `session-${Math.floor(n / 100)}`,
  sentAt: new Date(Date.UTC(2026, 0, 1) + n * 1000).toISOString(),
});

const poisonAt = (seed: number, n: number, which: number): Buffer => {
  const event = messageAt(seed, n);
  const kinds = [
    () => Buffer.from(`not an event ${n}`),
    () => Buffer.from([0xff, 0xfe, n % 256, (n >> 8) % 256]),
    () => Buffer.from(JSON.stringify({ ...event, schemaversion: 99 })),
    () => Buffer.from(JSON.stringify({ ...event, type: 'holdfast.im.unheard-of' })),
    () => Buffer.from(JSON.stringify({ ...event, unknown: n })),
    () => Buffer.from(`{"__proto__":${'['.repeat(500)}`),
  ];
  return kinds[which % kinds.length]!();
};
