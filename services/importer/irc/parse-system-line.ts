import { nickOf, plainNickOf } from './nick.ts';
import type { IrcLine } from './parse-irc-line.ts';

/**
 * What a system line (the text after `=== `) says; undefined when it is none, and then it is an action. Every form is
 * read in time linear in the line: a hostile line costs no more than a long one.
 */
export const parseSystemLine = (rest: string): IrcLine | undefined => {
  for (const read of [readPresence, readRename, readMode, readRemoval, readTopic, readNetsplit]) {
    const line = read(rest);
    if (line !== undefined) return line;
  }
  return undefined;
};

// nick [user@host]  has joined #channel · has left #channel [reason] · has quit [reason]
const readPresence = (rest: string): IrcLine | undefined => {
  const verb = /\] +has (joined|left|quit)(?: |$)/.exec(rest);
  if (verb === null) return undefined;
  const [who, host] = splitAt(rest.slice(0, verb.index), ' [') ?? [];
  const nick = nickIn(who);
  if (nick === undefined || !host?.includes('@')) return undefined;
  const tail = rest.slice(verb.index + verb[0].length).trim();
  if (verb[1] === 'quit') return readLeaving(nick, tail.replace(/^IRC\b */, ''));
  if (!/^[#&]/.test(tail)) return undefined;
  const [channel, after] = splitAt(tail, ' ') ?? [tail, ''];
  if (verb[1] === 'left') return readLeaving(nick, after.trim());
  return after === '' ? { form: 'joined', nick, channel } : undefined;
};

const readLeaving = (nick: string, tail: string): IrcLine | undefined => {
  if (tail === '') return { form: 'left', nick };
  if (!tail.startsWith('[') || !tail.endsWith(']')) return undefined;
  return { form: 'left', nick, ...reasonIn(tail.slice(1, -1)) };
};

// Both sides are one nick each: `bob is now known as the king` is an action.
const readRename = (rest: string): IrcLine | undefined => {
  const [who, name] = splitAt(rest, ' is now known as ') ?? [];
  const nick = who === undefined ? undefined : plainNickOf(who.trimEnd());
  const newNick = name === undefined ? undefined : plainNickOf(name.trimEnd());
  return nick === undefined || newNick === undefined ? undefined : { form: 'renamed', nick, newNick };
};

// mode/#channel [+o nick]  by nick
const readMode = (rest: string): IrcLine | undefined => {
  const start = /^(?:ServerM|m)ode\/[#&]\S* +\[/.exec(rest)?.[0].length;
  const by = rest.lastIndexOf(' by ');
  if (start === undefined || by < start) return undefined;
  const change = rest.slice(start, by).trimEnd();
  const nick = nickIn(rest.slice(by + 4));
  if (nick === undefined || !change.endsWith(']')) return undefined;
  return { form: 'mode', nick, mode: change.slice(0, -1) };
};

// nick was kicked off #channel by nick (reason)
const readRemoval = (rest: string): IrcLine | undefined => {
  const [who, after] = splitAt(rest, ' was kicked off ') ?? [];
  const place = after === undefined ? undefined : /^[#&]\S* by /.exec(after)?.[0].length;
  if (after === undefined || place === undefined) return undefined;
  const [remover, why] = splitAt(after.slice(place).trimEnd(), ' (') ?? [after.slice(place), ')'];
  const [nick, by] = [nickIn(who), nickIn(remover)];
  if (nick === undefined || by === undefined || !why.endsWith(')')) return undefined;
  return { form: 'removed', nick, by, ...reasonIn(why.slice(0, -1)) };
};

const readTopic = (rest: string): IrcLine | undefined => {
  const told = /^Topic for [#&]\S*: ?/.exec(rest)?.[0].length;
  if (told !== undefined) return { form: 'topic', topic: rest.slice(told) };
  const setBy = /^Topic \([#&][^\s)]*\): set by /.exec(rest)?.[0].length;
  if (setBy !== undefined) return topicOf(splitAt(rest.slice(setBy), ' at ')?.[0], undefined);
  const quoted = /^\.\.\[topic\/[#&][^\s:]*:/.exec(rest)?.[0].length;
  if (quoted !== undefined) return readQuotedTopic(rest.slice(quoted));
  const [who, after] = splitAt(rest, ' changed the topic of ') ?? [];
  const place = after === undefined ? undefined : /^[#&]\S* to: ?/.exec(after)?.[0].length;
  return place === undefined ? undefined : topicOf(who, after?.slice(place));
};

// ..[topic/#channel:nick] : topic
const readQuotedTopic = (after: string): IrcLine | undefined => {
  const end = /\] *: ?/.exec(after);
  return end === null
    ? undefined
    : topicOf(after.slice(0, end.index), after.slice(end.index + end[0].length));
};

const topicOf = (who: string | undefined, topic: string | undefined): IrcLine | undefined => {
  const nick = nickIn(who);
  return nick === undefined ? undefined : { form: 'topic', nick, ...(topic === undefined ? {} : { topic }) };
};

const readNetsplit = (rest: string): IrcLine | undefined =>
  /^(?:Netsplit (?:over\b|\S+ <-> \S)|netjoined: )/.test(rest)
    ? { form: 'unreadable', reason: 'a netsplit or its end, which no single participant did' }
    : undefined;

const splitAt = (text: string, separator: string): [string, string] | undefined => {
  const at = text.indexOf(separator);
  return at < 0 ? undefined : [text.slice(0, at), text.slice(at + separator.length)];
};

const nickIn = (written: string | undefined): string | undefined =>
  written === undefined ? undefined : nickOf(written.trimEnd());

const reasonIn = (why: string): { reason?: string } => (why === '' ? {} : { reason: why });
