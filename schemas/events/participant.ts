import { z } from 'zod';
import { PersonId } from '../ids.ts';

/** How the organisation knows this person; `internal` is an authenticated account of the organisation. */
export const ParticipantClass = z
  .enum(['internal', 'federated', 'public', 'xmpp', 'anonymous'])
  .meta({ description: 'Class of the participant when the event happened.' });
export type ParticipantClass = z.infer<typeof ParticipantClass>;

export const Participant = z
  .strictObject({
    id: PersonId,
    address: z
      .string()
      .min(1)
      .max(320)
      .meta({ description: 'Address borne at that time.', examples: ['ann@contoso.com'] }),
    name: z.string().max(256).optional().meta({ description: 'Display name as written on the event.' }),
    class: ParticipantClass,
  })
  .meta({ id: 'Participant', description: 'A person as they took part in an event.' });
export type Participant = z.infer<typeof Participant>;

/** Rosters above this size are named by version instead of listed. */
export const maxRosterMembers = 250;

export const Roster = z
  .strictObject({
    members: z
      .array(Participant)
      .max(maxRosterMembers)
      .meta({ description: 'Who was present, the sender included.' }),
    complete: z
      .boolean()
      .meta({ description: 'False when others may have been present whom the source does not name.' }),
    version: z
      .string()
      .max(128)
      .optional()
      .meta({ description: `Roster version, for rosters above ${maxRosterMembers} members.` }),
  })
  .meta({ id: 'Roster', description: 'Who was present when the event happened.' });
export type Roster = z.infer<typeof Roster>;
