import { maxNickLength, nickOf, plainNickOf } from './nick.ts';
import { parseSystemLine } from './parse-system-line.ts';

/** What one line of an IRC day file says. Lines that begin with `===` have no time of their own. */
export type IrcLine = { readonly time?: string } & (
  | {
      readonly form: 'message';
      readonly nick: string;
      readonly text: string;
      readonly as?: 'action' | 'notice';
    }
  | { readonly form: 'joined'; readonly nick: string; readonly channel: string }
  | { readonly form: 'left'; readonly nick: string; readonly reason?: string }
  | { readonly form: 'removed'; readonly nick: string; readonly by: string; readonly reason?: string }
  | { readonly form: 'renamed'; readonly nick: string; readonly newNick: string }
  /** Without `nick` the log only told the topic; without `topic` it only told who had set it. */
  | { readonly form: 'topic'; readonly nick?: string; readonly topic?: string }
  | { readonly form: 'mode'; readonly nick: string; readonly mode: string }
  | { readonly form: 'unreadable'; readonly reason: string }
);

const timePrefix = /^\[([01]\d|2[0-3]):[0-5]\d\] /;
const noticeForm = /^-([^:]+):([#&]\S*)- ?(.*)$/s;

/** Reads one line. `isKnownNick` tells nicks seen before in the file, where a blank may be part of a nick as written. */
export const parseIrcLine = (line: string, isKnownNick: (nick: string) => boolean): IrcLine => {
  if (line.startsWith('=== ')) return parseUntimed(line.slice(4), isKnownNick);
  if (!timePrefix.test(line)) return unreadable('fits no form of an IRC line');
  return { ...parseTimed(line.slice(8), isKnownNick), time: line.slice(1, 6) };
};

const parseTimed = (rest: string, isKnownNick: (nick: string) => boolean): IrcLine => {
  if (rest.startsWith('<')) return parseMessage(rest);
  if (rest.startsWith(' * ')) {
    return parseAction(rest.slice(3), isKnownNick, nickOf) ?? unreadable('an action without a nick');
  }
  const [, written, , text] = noticeForm.exec(rest) ?? [];
  const nick = written === undefined ? undefined : nickOf(written);
  if (nick === undefined || text === undefined) return unreadable('neither message, action nor notice');
  return { form: 'message', nick, text, as: 'notice' };
};

const parseMessage = (rest: string): IrcLine => {
  const end = rest.indexOf('>');
  const nick = end < 0 ? undefined : nickOf(rest.slice(1, end));
  if (nick === undefined) return unreadable('a message without a nick');
  const text = rest.slice(end + 1);
  if (text !== '' && !text.startsWith(' ')) return unreadable('no blank between nick and message');
  return { form: 'message', nick, text: text.slice(1) };
};

const parseUntimed = (rest: string, isKnownNick: (nick: string) => boolean): IrcLine => {
  const system = parseSystemLine(rest);
  if (system !== undefined) return system;
  const action = parseAction(rest, isKnownNick, plainNickOf);
  if (action === undefined) return unreadable('neither a known system line nor an action');
  // A word alone is an action without text only when it is somebody's nick.
  if (action.text === '' && !isKnownNick(action.nick))
    return unreadable('one word, not the nick of anybody seen');
  return action;
};

type Message = Extract<IrcLine, { form: 'message' }>;

const parseAction = (
  rest: string,
  isKnownNick: (nick: string) => boolean,
  toNick: (written: string) => string | undefined,
): Message | undefined => {
  const end = nickEnd(rest, (written) => isKnownNick(toNick(written) ?? ''));
  const nick = toNick(rest.slice(0, end));
  if (nick === undefined) return undefined;
  return { form: 'message', nick, text: rest.slice(end + 1), as: 'action' };
};

// Where a nick with blanks after `]` ends is known only from nicks seen before; else it ends at the first blank.
const nickEnd = (rest: string, isKnown: (written: string) => boolean): number => {
  const first = endOfWord(rest, 0);
  let longest = first;
  for (let end = first; rest[end - 1] === ']' && end < Math.min(rest.length, maxNickLength); ) {
    end = endOfWord(rest, end + 1);
    if (isKnown(rest.slice(0, end))) longest = end;
  }
  return longest;
};

const endOfWord = (text: string, from: number): number => {
  const at = text.indexOf(' ', from);
  return at < 0 ? text.length : at;
};

const unreadable = (reason: string): IrcLine => ({ form: 'unreadable', reason });
