export interface JsonFault {
  /** UTF-16 offset of the first character that cannot continue JSON. */
  readonly offset: number;
  readonly expected: string;
}

type Expecting = 'value' | 'value or ]' | 'key' | 'key or }' | ':' | ', or close' | 'end';

const blank = /[ \t\n\r]*/y;
const number = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?(?![\w.+-])/y;
const literal = /(?:true|false|null)(?!\w)/y;
const plainCharacters = /[^"\\\p{Cc}]+|[\u007f-\u009f]+/uy;
const escapeSequence = /\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})/y;

const describe: Record<Expecting, string> = {
  value: 'a value',
  'value or ]': 'a value or "]"',
  key: 'a name in quotes',
  'key or }': 'a name in quotes or "}"',
  ':': '":"',
  ', or close': '"," or the closing bracket',
  end: 'nothing more',
};

/** The end of a match of a sticky pattern at `offset`, or -1. */
const endOf = (pattern: RegExp, text: string, offset: number): number => {
  pattern.lastIndex = offset;
  return pattern.test(text) ? pattern.lastIndex : -1;
};

/** Where `JSON.parse` would stop; V8 itself tells no position for most faults. Iterative: depth costs no stack. */
export const findJsonFault = (text: string): JsonFault | undefined => {
  const open: ('{' | '[')[] = [];
  let expecting: Expecting = 'value';
  let at = 0;
  for (;;) {
    at = endOf(blank, text, at);
    if (at === text.length && expecting === 'end') return undefined;
    const step = take(text, at, expecting, open);
    if ('fault' in step) return step.fault;
    at = step.at;
    expecting = step.expecting;
  }
};

type Step = { at: number; expecting: Expecting } | { fault: JsonFault };

const take = (text: string, at: number, expecting: Expecting, open: ('{' | '[')[]): Step => {
  const sign = text[at];
  const wrong: Step = { fault: { offset: at, expected: describe[expecting] } };
  switch (expecting) {
    case 'value':
    case 'value or ]':
      if (sign === ']' && expecting === 'value or ]') return close(open, at);
      return takeValue(text, at, open) ?? wrong;
    case 'key':
    case 'key or }':
      if (sign === '}' && expecting === 'key or }') return close(open, at);
      return sign === '"' ? takeString(text, at, ':') : wrong;
    case ':':
      return sign === ':' ? { at: at + 1, expecting: 'value' } : wrong;
    case ', or close':
      if (sign === ',') return { at: at + 1, expecting: open.at(-1) === '{' ? 'key' : 'value' };
      return sign === (open.at(-1) === '{' ? '}' : ']') ? close(open, at) : wrong;
    case 'end':
      return wrong;
  }
};

const close = (open: ('{' | '[')[], at: number): Step => {
  open.pop();
  return { at: at + 1, expecting: afterValue(open) };
};

const afterValue = (open: readonly string[]): Expecting => (open.length === 0 ? 'end' : ', or close');

const takeValue = (text: string, at: number, open: ('{' | '[')[]): Step | undefined => {
  const sign = text[at];
  if (sign === '{' || sign === '[') {
    open.push(sign);
    return { at: at + 1, expecting: sign === '{' ? 'key or }' : 'value or ]' };
  }
  if (sign === '"') return takeString(text, at, afterValue(open));
  const end = Math.max(endOf(number, text, at), endOf(literal, text, at));
  return end < 0 ? undefined : { at: end, expecting: afterValue(open) };
};

const takeString = (text: string, start: number, next: Expecting): Step => {
  let at = start + 1;
  while (text[at] !== '"') {
    const end = Math.max(endOf(plainCharacters, text, at), endOf(escapeSequence, text, at));
    if (end < 0) {
      const expected = at < text.length ? 'a character or escape allowed in a string' : 'a closing quote';
      return { fault: { offset: at, expected } };
    }
    at = end;
  }
  return { at: at + 1, expecting: next };
};
