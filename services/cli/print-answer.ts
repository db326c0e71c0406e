import type { Highlight, Hit, SearchAnswer } from '../../schemas/api/search.ts';
import type { Item, Version } from '../../schemas/archive/item.ts';
import type { Certificate } from '../../schemas/archive/ledger.ts';
import { printable } from './printable.ts';
import type { Terminal } from './terminal.ts';

const bold = '\u001b[1m';
const dim = '\u001b[2m';
const reset = '\u001b[0m';

export const printAnswer = (terminal: Terminal, answer: SearchAnswer): void => {
  for (const hit of answer.hits) printHit(terminal, hit, answer.timeZone);
  for (const warning of answer.warnings) {
    const other =
      warning.otherTotal === undefined
        ? ''
        : ` (the other reading, ${warning.otherReading}, finds ${warning.otherTotal})`;
    terminal.err(`${warning.class === 'meaning' ? 'warning' : 'note'}: ${warning.message}${other}`);
  }
  const undetermined = answer.undetermined === 0 ? '' : `, ${answer.undetermined} undetermined`;
  terminal.err(
    `${answer.total} ${answer.total === 1 ? 'item' : 'items'}${undetermined}; understood as ${answer.echo} (${answer.timeZone})`,
  );
  if (answer.next !== undefined) terminal.err(`more: --after ${answer.next}`);
  terminal.err(describeCertificate(answer.certificate));
};

export const describeCertificate = (certificate: Certificate): string => {
  const { vector, itemsCovered, pending, quarantined, head } = certificate;
  const signed = head === undefined ? 'not yet signed' : `head signed ${head.signedAt} by key ${head.keyId}`;
  return `certificate: complete through ${vector.offsets.join('/')}, ${itemsCovered} items covered, ${pending} pending, ${quarantined} quarantined, ${signed}`;
};

export const printHit = (terminal: Terminal, hit: Hit, timeZone: string): void => {
  const { item, versions, highlights } = hit;
  terminal.out(
    `${terminal.colour ? dim : ''}${headingOf(item, timeZone)}  ${item.id}${terminal.colour ? reset : ''}`,
  );
  for (const version of item.versions.filter(({ number }) => versions.includes(number))) {
    const mark = item.versions.length > 1 ? `[v${version.number}] ` : '';
    terminal.out(`  ${mark}${excerptOf(version, highlights, terminal.colour)}`);
  }
  if (hit.moreHighlights === true)
    terminal.out(`  (more places match than the ${highlights.length} that are marked)`);
};

/** When, who and where, in the zone of the answer. */
export const headingOf = (item: Item, timeZone: string): string => {
  const first = item.versions[0];
  const sent = item.importId === undefined ? first?.loggedAt : first?.sentAt;
  const when = sent === undefined ? '' : inZone(sent, timeZone);
  const marks = [
    item.versions.length > 1 ? 'edited' : '',
    item.deletion === undefined ? '' : 'deleted',
    item.conflictsWith === undefined ? '' : 'conflict',
  ]
    .filter((mark) => mark !== '')
    .map((mark) => ` (${mark})`)
    .join('');
  const author = printable(first?.author.name ?? first?.author.address ?? '');
  return `${when}  ${author}  ${printable(item.conversation.name ?? item.conversation.id)}${marks}`;
};

const inZone = (instant: string, timeZone: string): string =>
  new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'medium' }).format(
    new Date(instant),
  );

const maxExcerptLength = 500;
const lengthBeforeHighlight = 150;

/** What is shown of a version where many are shown: all of it, or the part around its first highlight. */
export const excerptOf = (version: Version, highlights: readonly Highlight[], colour: boolean): string => {
  const body = bodyOf(version);
  if (body.length <= maxExcerptLength) return textOf(version, highlights, colour);
  const [first] = marksIn(version, highlights);
  const from = Math.max(0, (first?.offset ?? 0) - lengthBeforeHighlight);
  const part = { ...version, body: body.slice(from, from + maxExcerptLength).toWellFormed() };
  const moved = marksIn(version, highlights)
    .map((mark) => ({ ...mark, offset: mark.offset - from }))
    .filter(({ offset, length }) => offset + length <= maxExcerptLength);
  const after = from + maxExcerptLength < body.length ? ' …' : '';
  return `${from > 0 ? '… ' : ''}${textOf(part, moved, colour)}${after}`;
};

const bodyOf = (version: Version): string =>
  version.body ?? (version.attachments ?? []).map(({ name }) => `[file ${name}]`).join(' ');

const marksIn = ({ number }: Version, highlights: readonly Highlight[]): Highlight[] =>
  highlights
    .filter(({ version, part }) => version === number && part === 'body')
    .sort((a, b) => a.offset - b.offset);

/** The version's text on one line; control characters cannot reach the terminal. */
export const textOf = (version: Version, highlights: readonly Highlight[], colour: boolean): string => {
  const body = bodyOf(version);
  let text = '';
  let at = 0;
  for (const { offset, length } of colour ? marksIn(version, highlights) : []) {
    if (offset < at) continue;
    text += `${printable(body.slice(at, offset))}${bold}${printable(body.slice(offset, offset + length))}${reset}`;
    at = offset + length;
  }
  const subject = version.subject === undefined ? '' : `${printable(version.subject)} — `;
  return `${subject}${text}${printable(body.slice(at))}`;
};
