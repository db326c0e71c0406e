import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Dice } from '../../support/dice.ts';
import { slackZip, workspace } from '../../support/slack-export.ts';
import { type ZipPart, zipOf } from '../../support/zip-writer.ts';
import { eventInput } from './event-inputs.ts';
import { damageBytes, mutateJson, mutateText } from './mutate.ts';
import { oddStrings } from './odd-values.ts';

export interface ImportInput {
  readonly name: string;
  readonly bytes: Buffer;
}

const samples = join(import.meta.dirname, '../../../infra/samples/ubuntu-irc');
const spoken = readFileSync(join(samples, '2004-12-25.train-c.raw.txt'), 'utf8').split('\n').slice(0, 400);
const told = [
  '=== bob [~bob@host]  has joined #ubuntu',
  '=== bob [~bob@host]  has left #ubuntu ["bye"]',
  '=== bob [~bob@host]  has quit [Read error]',
  '=== bob is now known as bobby',
  '=== mode/#ubuntu [+o bob]  by ChanServ',
  '=== bob was kicked off #ubuntu by ann (flood)',
  '=== ann changed the topic of #ubuntu to: Warty',
  '=== Topic (#ubuntu): set by ann at Mon',
  '..[topic/#ubuntu:ann] : Hoary',
  '=== Netsplit a.net <-> b.net quits: x, y',
  '[09:15]  * bob waves',
  '[09:16] -ann:#ubuntu- a notice',
  '[24:00] <bob> no such time',
];

const irc = (dice: Dice): ImportInput => {
  const lines = Array.from({ length: 2 + dice.below(12) }, () => {
    const line = dice.pick(dice.oneIn(2) ? told : spoken);
    return dice.oneIn(2) ? mutateText(dice, line) : line;
  });
  const text = lines.join(dice.pick(['\n', '\n', '\r\n', '\n\n', '\r']));
  const name = dice.pick([
    '2004-12-25.txt',
    '2004-12-25.txt',
    '2004-13-45.txt',
    'no-date.txt',
    '9999-12-31#ü.txt',
  ]);
  return { name, bytes: damageBytes(dice, Buffer.from(text), 3) };
};

const jsonl = (dice: Dice): ImportInput => {
  const lines = Array.from({ length: 1 + dice.below(6) }, () => eventInput(dice));
  const bytes = Buffer.concat(
    lines.flatMap((line) => [line, Buffer.from(dice.pick(['\n', '\n', '\r\n', '\n\n']))]),
  );
  return { name: 'events.jsonl', bytes: damageBytes(dice, bytes) };
};

const { users, channels, groups, dms, mpims, days } = workspace;
const whole = slackZip(workspace);
const oddPaths = [
  '../evil.json',
  '/etc/passwd',
  'C:\\x.json',
  'a\0b.json',
  'general/../users.json',
  'general/',
  '',
];
const dayNames = [
  'general/2024-03-01.json',
  'general/9999-99-99.json',
  'nobody/2024-03-01.json',
  'users.json',
];

const partOf = (dice: Dice, name: string, content: unknown): ZipPart => {
  const text = typeof content === 'string' ? content : mutateJson(dice, content);
  const part = {
    name: dice.oneIn(25)
      ? dice.pick([...oddPaths, ...oddStrings.filter(({ length }) => length < 2000)])
      : name,
  };
  return {
    ...part,
    content: dice.oneIn(15) ? mutateText(dice, text) : text,
    ...(dice.oneIn(25) ? { method: dice.pick([0, 1, 9, 99]) } : {}),
    ...(dice.oneIn(25) ? { flags: dice.pick([0, 1, 0x8, 0x801, 0xffff]) } : {}),
    ...(dice.oneIn(25) ? { crc32: dice.below(2 ** 32) } : {}),
    ...(dice.oneIn(25) ? { sizeBytes: dice.pick([0, 1, 0xffff_ffff, 2 ** 31]) } : {}),
  };
};

/** A zip that unpacks to a thousand times its size. */
const bomb = (): ZipPart => ({
  name: 'general/2024-03-01.json',
  content: `[${' '.repeat(20 * 1024 * 1024)}]`,
});

const slack = (dice: Dice): ImportInput => {
  const name = dice.pick(['export.zip', 'export.zip', 'export.txt', '2004-12-25.txt']);
  if (dice.oneIn(4)) return { name, bytes: damageBytes(dice, whole, 1) };
  const indexes = Object.entries({ users, channels, groups, dms, mpims });
  const parts = [...indexes, ...Object.entries(days)].flatMap(([path, content]) => {
    if (dice.oneIn(8)) return [];
    const named = path.includes('/') ? path : `${path}.json`;
    return [partOf(dice, dice.oneIn(20) ? dice.pick(dayNames) : named, content)];
  });
  if (dice.oneIn(150)) parts.push(bomb());
  const form = { zip64: dice.oneIn(5), ...(dice.oneIn(15) ? { entries: dice.below(70_000) } : {}) };
  return { name, bytes: damageBytes(dice, zipOf(parts, form), 5) };
};

/** A file as somebody might hand it to `holdfast import`. */
export const importInput = (dice: Dice): ImportInput => dice.pick([irc, jsonl, slack])(dice);
