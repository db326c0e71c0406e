/** Far more than any server allows; in lower case a person id made of it is still short enough. */
export const maxNickLength = 100;
const anyNick = /^[^\s\p{Cc}]+$/u;
const plainNick = /^[\p{L}\p{N}\p{M}[\]\\`_^{|}~-]+$/u;

/**
 * The nick as it was borne: nicks have no white space, but logs whose host names were masked have a blank after every
 * `]`, also inside nicks. Undefined when it cannot be a nick.
 */
export const nickOf = (written: string): string | undefined => {
  const nick = written.includes(']') ? written.replaceAll('] ', ']') : written;
  return nick.length <= maxNickLength && anyNick.test(nick) ? nick : undefined;
};

/** The same where nothing but its place marks a nick: only what every server takes. */
export const plainNickOf = (written: string): string | undefined => {
  const nick = nickOf(written);
  return nick !== undefined && plainNick.test(nick) ? nick : undefined;
};

/** Nicks that differ in case alone belong to one person. */
export const foldNick = (nick: string): string => nick.toLowerCase();
