import type { ConversationAnswer, ConversationRequest, ItemAnswer } from '../../schemas/api/search.ts';
import type { Item } from '../../schemas/archive/item.ts';
import type { ItemId } from '../../schemas/ids.ts';
import type { AuditTrail } from '../audit/audit-trail.ts';
import { HoldfastError } from '../core/errors.ts';
import type { ArchiveIndex, ConversationPage } from '../ports/archive-index.ts';
import type { Caller } from './archive.ts';
import type { Certifier } from './certify.ts';

export interface ViewPorts {
  readonly index: ArchiveIndex;
  readonly audit: AuditTrail;
  readonly certifier: Certifier;
  readonly timeZone: string;
}

/** One item with all its versions and facts. */
export const viewItem = async (ports: ViewPorts, caller: Caller, id: string): Promise<ItemAnswer> => {
  const standing = await ports.certifier.standing(ports.timeZone, await ports.certifier.offsets());
  const [auditOffset, item] = await Promise.all([
    ports.audit.append({
      actor: caller.actor.id,
      purpose: caller.purpose,
      action: 'item.view',
      detail: { item: id },
    }),
    getItem(ports.index, id),
  ]);
  return { item, certificate: ports.certifier.certificate(standing, auditOffset) };
};

/** A page of a conversation in order of position; around an item, half of it before and half after. */
export const viewConversation = async (
  ports: ViewPorts,
  caller: Caller,
  { id, request }: { id: string; request: ConversationRequest },
): Promise<ConversationAnswer> => {
  const standing = await ports.certifier.standing(ports.timeZone, await ports.certifier.offsets());
  const [auditOffset, page] = await Promise.all([
    ports.audit.append({
      actor: caller.actor.id,
      purpose: caller.purpose,
      action: 'conversation.view',
      detail: { conversation: id, ...JSON.parse(JSON.stringify(request)) },
    }),
    request.around === undefined
      ? ports.index.conversation(rangeOf(id, request))
      : around(ports.index, id, { ...request, around: request.around }),
  ]);
  if (page.items.length === 0 && !page.hasBefore && !page.hasAfter) {
    throw new HoldfastError('NotFound', {
      detail: `There is no conversation ${JSON.stringify(id)} in the archive.`,
    });
  }
  return {
    conversation: id,
    ...page,
    items: [...page.items],
    certificate: ports.certifier.certificate(standing, auditOffset),
  };
};

const getItem = async (index: ArchiveIndex, id: string): Promise<Item> => {
  const [item] = await index.get([id as ItemId]);
  if (item === undefined)
    throw new HoldfastError('NotFound', { detail: `There is no item ${JSON.stringify(id)} in the archive.` });
  return item;
};

const rangeOf = (conversation: string, { session, from, before, limit }: ConversationRequest) => ({
  conversation,
  limit,
  ...(session === undefined ? {} : { session }),
  ...(from === undefined ? {} : { from }),
  ...(before === undefined ? {} : { before }),
});

const around = async (
  index: ArchiveIndex,
  id: string,
  request: ConversationRequest & { around: string },
): Promise<ConversationPage> => {
  const middle = await getItem(index, request.around);
  if (middle.conversation.id !== id) {
    throw new HoldfastError('BadRequest', {
      detail: `Item ${request.around} is in conversation ${middle.conversation.id}, not in ${id}.`,
    });
  }
  const half = Math.floor(request.limit / 2);
  const session = request.session === undefined ? {} : { session: request.session };
  const after = await index.conversation({
    conversation: id,
    ...session,
    from: middle.firstOffset,
    limit: request.limit - half,
  });
  if (half === 0) return after;
  const before = await index.conversation({
    conversation: id,
    ...session,
    before: middle.firstOffset,
    limit: half,
  });
  return { items: [...before.items, ...after.items], hasBefore: before.hasBefore, hasAfter: after.hasAfter };
};
