import { z } from 'zod';
import type { Conversation } from '../../../schemas/events/im-event.ts';
import { slackConversationId } from './slack-ids.ts';

const optionalText = z.string().optional().catch(undefined);

/** A channel, private channel, direct or group conversation of an index file, as far as it is read. */
export const SlackConversation = z.object({
  id: z.string().min(1).max(64),
  name: optionalText,
  created: z.int().min(0).max(253_402_300_799).optional().catch(undefined),
  creator: optionalText,
  members: z.array(z.string().max(64)).optional().catch(undefined),
});
export type SlackConversation = z.infer<typeof SlackConversation>;

/** A conversation of an export with what its messages need of it. */
export interface ExportedConversation {
  /** Slack's id, or `#` and the folder where no index names the folder. */
  readonly channel: string;
  readonly conversation: Conversation;
  /** Slack ids of who is in it; of rooms nobody, because who was in them then is not told. */
  readonly members?: readonly string[] | undefined;
  readonly created?: { readonly at: string; readonly by: string } | undefined;
}

const maxNameLength = 256;
const idForm = /^[CDG][A-Z0-9]{7,}$/;

/** Which index file names which kind of conversation. */
export const conversationFiles = new Map<string, Conversation['kind']>([
  ['channels.json', 'room'],
  ['groups.json', 'room'],
  ['dms.json', 'im'],
  ['mpims.json', 'im'],
]);

/** The conversations of an export by id and by the folder their messages are in. */
export class SlackConversations {
  readonly #byFolder = new Map<string, ExportedConversation | undefined>();
  readonly #byId = new Map<string, ExportedConversation>();

  /** False where the id can be none of a conversation. */
  add({ id, name, created, creator, members }: SlackConversation, kind: Conversation['kind']): boolean {
    const conversation = makeConversation(id, kind, name);
    if (conversation === undefined) return false;
    const isTold = created !== undefined && creator !== undefined && creator !== '';
    const exported = {
      channel: id,
      conversation,
      ...(kind === 'room' ? {} : { members: members === undefined ? undefined : [...new Set(members)] }),
      ...(isTold ? { created: { at: new Date(created * 1000).toISOString(), by: creator } } : {}),
    };
    if (this.#byId.has(id)) return true;
    this.#byId.set(id, exported);
    this.#claim(id, exported);
    if (name !== undefined && name !== id) this.#claim(name, exported);
    return true;
  }

  get all(): Iterable<ExportedConversation> {
    return this.#byId.values();
  }

  name(id: string): string | undefined {
    return this.#byId.get(id)?.conversation.name;
  }

  /** Of a folder no index names, or two do: a conversation of its own. Undefined where the folder can name none. */
  ofFolder(folder: string): ExportedConversation | undefined {
    const known = this.#byFolder.get(folder.normalize());
    if (known !== undefined) return known;
    const isId = idForm.test(folder) && !this.#byFolder.has(folder);
    const channel = isId ? folder : `#${folder.normalize()}`;
    const kind = isId && folder.startsWith('D') ? 'im' : 'room';
    const conversation = makeConversation(channel, kind, isId ? undefined : folder);
    return conversation === undefined ? undefined : { channel, conversation };
  }

  #claim(folder: string, exported: ExportedConversation): void {
    const key = folder.normalize();
    this.#byFolder.set(key, this.#byFolder.has(key) ? undefined : exported);
  }
}

const makeConversation = (
  channel: string,
  kind: Conversation['kind'],
  name: string | undefined,
): Conversation | undefined => {
  const id = slackConversationId(channel);
  if (id === undefined) return undefined;
  const shown = name?.toWellFormed().slice(0, maxNameLength).toWellFormed() ?? '';
  return { id, kind, ...(shown === '' ? {} : { name: shown }) };
};
