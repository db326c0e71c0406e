import { isGroupSeparator, joinGroups } from './digit-groups.ts';
import { maxTokenLength, signToken } from './special-tokens.ts';

/** The same tokens as `analyze`, without places. */
export interface TokenTexts {
  readonly tokens: string[];
  readonly joined: string[];
}

const letter = 1;
const digit = 2;
const sign = 3;
const classes = new Uint8Array(128);
for (let code = 0; code < 128; code += 1) {
  const character = String.fromCharCode(code);
  if (/[a-zA-Z]/.test(character)) classes[code] = letter;
  else if (/[0-9]/.test(character)) classes[code] = digit;
  else if (/[$%#+&]/.test(character)) classes[code] = sign;
}
const isAlphanumeric = (kind: number | undefined): boolean => kind === letter || kind === digit;

const pushWord = (tokens: string[], lower: string, start: number, end: number): void => {
  if (end - start <= maxTokenLength) tokens.push(lower.slice(start, end));
  else
    for (let from = start; from < end; from += maxTokenLength)
      tokens.push(lower.slice(from, Math.min(end, from + maxTokenLength)));
};

/** Collects neighbouring digit groups while the text is read from left to right. */
class DigitChain {
  readonly joined: string[] = [];
  #groups: string[] = [];
  #end = -2;

  add(lower: string, start: number, end: number): void {
    const follows = start === this.#end + 1 && isGroupSeparator(lower.charAt(this.#end));
    if (!follows) this.finish();
    // A group over the limit is cut into tokens that do not touch by a separator: only its last piece can go on.
    const pieces = Math.ceil((end - start) / maxTokenLength);
    if (pieces > 1 && follows) {
      this.#groups.push(lower.slice(start, start + maxTokenLength));
      this.finish();
    }
    this.#groups.push(lower.slice(start + (pieces - 1) * maxTokenLength, end));
    this.#end = end;
  }

  finish(): void {
    if (this.#groups.length > 1) joinGroups(this.#groups, (_first, _last, text) => this.joined.push(text));
    this.#groups = [];
  }
}

/** The quick path for ASCII text: most of what people write in chat. A property test holds it to `analyze`. */
export const analyzeAscii = (text: string): TokenTexts => {
  const lower = text.toLowerCase();
  const tokens: string[] = [];
  const chain = new DigitChain();
  const length = lower.length;
  let at = 0;
  while (at < length) {
    const kind = classes[lower.charCodeAt(at)];
    const start = at;
    if (kind === letter || kind === digit) {
      let digitsOnly = true;
      let code = kind;
      while (code === letter || code === digit) {
        if (code === letter) digitsOnly = false;
        at += 1;
        code = at < length ? classes[lower.charCodeAt(at)]! : 0;
      }
      pushWord(tokens, lower, start, at);
      if (digitsOnly) chain.add(lower, start, at);
    } else if (kind === sign) {
      while (at < length && classes[lower.charCodeAt(at)] === sign) at += 1;
      const before = start > 0 && isAlphanumeric(classes[lower.charCodeAt(start - 1)]);
      if (before || (at < length && isAlphanumeric(classes[lower.charCodeAt(at)])))
        for (let index = start; index < at; index += 1) tokens.push(signToken(lower.charAt(index)));
    } else at += 1;
  }
  chain.finish();
  return { tokens, joined: chain.joined };
};
