import type { Participant } from '../../../schemas/events/participant.ts';
import type { SlackMessage } from './slack-message.ts';
import { type SlackPeople, slackbot } from './slack-people.ts';

/** Who wrote a message; undefined where it does not say. */
export const authorOf = (message: SlackMessage, people: SlackPeople): Participant | undefined => {
  const { user = message.comment?.user, bot_id, username, bot_profile, user_profile } = message;
  if (user !== undefined) {
    const name = user_profile?.real_name || user_profile?.display_name || user_profile?.name;
    const team = message.user_team ?? user_profile?.team ?? message.team;
    return people.person(user, { name, team });
  }
  const botName = username || bot_profile?.name;
  if (bot_id !== undefined) return people.bot(bot_id, botName);
  // An old webhook has no id of its own; a colon keeps its name from being one.
  return username ? people.person(`bot:${username.slice(0, 200)}`, { name: username }) : undefined;
};

/** Whom Slack itself speaks as. Also put where it does not tell who did something, such as deleting a message. */
export const slackItself = (people: SlackPeople): Participant => people.person(slackbot)!;
