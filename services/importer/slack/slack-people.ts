import { z } from 'zod';
import type { Participant, ParticipantClass } from '../../../schemas/events/participant.ts';
import { slackPersonId } from './slack-ids.ts';

const maxNameLength = 256;
const maxAddressLength = 320;

/** Whom Slack speaks as in every workspace; not every export lists it. */
export const slackbot = 'USLACKBOT';

// What only decorates a person may be anything: it is left out where it is not what is expected.
const optionalText = z.string().optional().catch(undefined);
const flag = z.boolean().optional().catch(undefined);

/** One user of users.json, as far as it is read. */
export const SlackUser = z.object({
  id: z.string().min(1).max(64),
  team_id: optionalText,
  name: optionalText,
  real_name: optionalText,
  is_restricted: flag,
  is_ultra_restricted: flag,
  is_stranger: flag,
  profile: z
    .object({
      real_name: optionalText,
      display_name: optionalText,
      email: optionalText,
      bot_id: optionalText,
    })
    .optional()
    .catch(undefined),
  enterprise_user: z.object({ enterprise_id: optionalText }).optional().catch(undefined),
});
export type SlackUser = z.infer<typeof SlackUser>;

/** What a message itself tells of a person whom users.json does not have. */
export interface PersonHint {
  readonly name?: string | undefined;
  readonly team?: string | undefined;
}

interface KnownPerson {
  readonly participant: Omit<Participant, 'class'>;
  readonly shortName: string | undefined;
  readonly organisation: string | undefined;
  readonly isGuest: boolean;
}

/** Everybody in an export by their Slack id. All users are added before the first is asked for. */
export class SlackPeople {
  readonly #known = new Map<string, KnownPerson>();
  readonly #userOfBot = new Map<string, string>();
  readonly #sizes = new Map<string, number>();
  #home: string | undefined;

  /** False where the id can be none of a person. */
  add(user: SlackUser): boolean {
    const id = slackPersonId(user.id);
    if (id === undefined) return false;
    const organisation = user.enterprise_user?.enterprise_id ?? user.team_id;
    const isGuest = [user.is_restricted, user.is_ultra_restricted, user.is_stranger].includes(true);
    const name = fullName(user);
    this.#known.set(user.id, {
      participant: { id, address: addressOf(user), ...(name === undefined ? {} : { name }) },
      shortName: shortName(user),
      organisation,
      isGuest,
    });
    if (user.profile?.bot_id) this.#userOfBot.set(user.profile.bot_id, user.id);
    if (organisation !== undefined && !isGuest) this.#count(organisation);
    return true;
  }

  /** A user by id; one nobody knows has the id as address. Undefined where the id can be none. */
  person(id: string, hint: PersonHint = {}): Participant | undefined {
    const known = this.#known.get(id);
    if (known !== undefined) return { ...known.participant, class: this.#classOf(known) };
    const personId = slackPersonId(id);
    if (personId === undefined) return undefined;
    if (id === slackbot) return { id: personId, address: id, name: 'Slackbot', class: 'internal' };
    const { name, team } = hint;
    const isOfAnother = team !== undefined && this.#home?.startsWith('T') === true && team !== this.#home;
    return {
      id: personId,
      address: id.slice(0, maxAddressLength),
      ...nameField(name),
      class: isOfAnother ? 'federated' : 'anonymous',
    };
  }

  /** A bot: the user it is, if users.json says so; nobody vouches for the name another gives itself. */
  bot(botId: string, name: string | undefined): Participant | undefined {
    const user = this.#userOfBot.get(botId);
    return user === undefined ? this.person(botId, { name }) : this.person(user);
  }

  /** The name a mention shows. */
  shownName(id: string): string | undefined {
    return this.#known.get(id)?.shortName;
  }

  // The organisation most full members are of; of several equally large the first in order of names.
  #count(organisation: string): void {
    const size = (this.#sizes.get(organisation) ?? 0) + 1;
    this.#sizes.set(organisation, size);
    const most = this.#home === undefined ? 0 : (this.#sizes.get(this.#home) ?? 0);
    if (size > most || (size === most && organisation < (this.#home ?? ''))) this.#home = organisation;
  }

  #classOf({ organisation, isGuest }: KnownPerson): ParticipantClass {
    return isGuest || (organisation !== undefined && organisation !== this.#home) ? 'federated' : 'internal';
  }
}

const given = (text: string | undefined): string | undefined => {
  const trimmed = text?.trim().toWellFormed();
  return trimmed === '' ? undefined : trimmed?.slice(0, maxNameLength).toWellFormed();
};

const shortName = ({ profile, real_name, name }: SlackUser): string | undefined =>
  given(profile?.display_name) ?? given(profile?.real_name) ?? given(real_name) ?? given(name);

// Both names, so that a person is found by either.
const fullName = (user: SlackUser): string | undefined => {
  const real = given(user.profile?.real_name) ?? given(user.real_name);
  const short = shortName(user);
  if (real === undefined || short === undefined) return real ?? short;
  return real.toLowerCase() === short.toLowerCase() ? real : given(`${real} (${short})`);
};

const nameField = (name: string | undefined): { name?: string } => {
  const text = given(name);
  return text === undefined ? {} : { name: text };
};

const addressOf = ({ id, profile }: SlackUser): string => {
  const email = profile?.email?.trim().toWellFormed() ?? '';
  return email === '' || email.length > maxAddressLength ? id : email;
};
