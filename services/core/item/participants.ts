import type { Item, Version } from '../../../schemas/archive/item.ts';
import type { Bearer } from './person-keys.ts';

/**
 * Who took which part in one version. `concerned`: mentioned, or whom a system item is about. Not who was replied to:
 * a reply names the item, whose author is not known when the reply is folded.
 */
export interface Parties {
  readonly sender: Bearer;
  /** Persons it was sent to; of a room nobody, because there it was sent to the room. */
  readonly recipients: readonly Bearer[];
  readonly concerned: readonly Bearer[];
  /** On the roster without being sender or recipient. */
  readonly bystanders: readonly Bearer[];
}

export const isRoom = (item: Item): boolean => item.conversation.kind === 'room';

/** A person known by id alone; where no directory knows them the id is their address. */
const bearerOf = (id: string, version: Version): Bearer =>
  version.author.id === id
    ? version.author
    : (version.roster.members.find((member) => member.id === id) ?? { id, address: id });

export const partiesOf = (item: Item, version: Version): Parties => {
  const others = version.roster.members.filter(({ id }) => id !== version.author.id);
  const concerned: Bearer[] = (item.mentions ?? []).map((id) => bearerOf(id, version));
  if (item.subjectPerson !== undefined) concerned.push(item.subjectPerson);
  const inRoom = isRoom(item);
  return {
    sender: version.author,
    recipients: inRoom ? [] : others,
    concerned,
    bystanders: inRoom ? others : [],
  };
};
