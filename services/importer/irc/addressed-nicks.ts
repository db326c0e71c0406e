import { foldNick } from './nick.ts';

const maxAddressed = 10;
const maxAddressLength = 200;

/**
 * Nicks a message addresses at its start (`nick: …`, `nick, …`, also several), as far as they were seen before:
 * `known` maps folded nicks to how they were last written.
 */
export const addressedNicks = (text: string, known: ReadonlyMap<string, string>): string[] => {
  const addressed: string[] = [];
  let rest = text;
  while (addressed.length < maxAddressed) {
    const end = rest.slice(0, maxAddressLength).search(/[:,]/);
    const nick = end < 0 ? undefined : known.get(foldNick(withoutBlanks(rest.slice(0, end))));
    if (nick === undefined) break;
    if (!addressed.includes(nick)) addressed.push(nick);
    rest = rest.slice(end + 1).trimStart();
  }
  return addressed;
};

// See nickOf: in masked logs a blank follows every `]`.
const withoutBlanks = (written: string): string =>
  written.includes(']') ? written.replaceAll('] ', ']') : written;
