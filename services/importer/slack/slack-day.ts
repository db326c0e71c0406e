import { maxEventBytes } from '../../../schemas/api/archive-operations.ts';
import { ImEvent } from '../../../schemas/events/im-event.ts';
import { describeFault } from '../../core/conversation/describe-fault.ts';
import { contentHash } from '../../core/item/content-hash.ts';
import type { ImportRecord } from '../import-record.ts';
import { unparsedRecord } from '../unparsed-record.ts';
import { messageEvents } from './message-events.ts';
import { parseElement } from './read-elements.ts';
import type { Scene } from './scene.ts';
import { SlackMessage } from './slack-message.ts';
import type { JsonElement } from './split-json-array.ts';

/**
 * The records of one element of a day file. An element of which not everything can be made an event is kept whole,
 * besides the events that could be made of it.
 */
export const dayRecords = (
  element: JsonElement,
  scene: Scene,
  { container, importId }: { readonly container: string; readonly importId: string },
): ImportRecord[] => {
  const unparsed = (reason: string) =>
    unparsedRecord({ source: 'slack', container, line: element.number }, element, { reason, importId });
  const parsed = parseElement(element);
  if ('reason' in parsed) return [unparsed(parsed.reason)];
  const message = SlackMessage.safeParse(parsed.json);
  if (!message.success) return [unparsed(describeFault(message.error, parsed.json))];
  const { events, unreadable } = messageEvents(message.data, scene);
  const records = events.map(toRecord);
  const reason = unreadable ?? records.find((record) => 'reason' in record)?.reason;
  const appended = records.flatMap((record) => ('reason' in record ? [] : [record]));
  return reason === undefined ? appended : [...appended, unparsed(reason)];
};

/** What the archive would not take is found here, where the source's own bytes can still be kept. */
export const toRecord = (event: ImEvent) => {
  const checked = ImEvent.safeParse(event);
  if (!checked.success) return { reason: describeFault(checked.error, event) };
  const value = Buffer.from(JSON.stringify(checked.data));
  if (value.length > maxEventBytes) return { reason: `an event of ${value.length} bytes` };
  return { kind: 'append', id: event.id, contentHash: contentHash(checked.data), value } as const;
};
