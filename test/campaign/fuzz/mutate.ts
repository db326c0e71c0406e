import type { Dice } from '../../support/dice.ts';
import { type Json, jsonOf, nodesOf, printJson } from './json-text.ts';
import { oddJson, oddName, oddStrings } from './odd-values.ts';

/** The text of a JSON value after one to three changes of its structure; one in eight is left as it is. */
export const mutateJson = (dice: Dice, value: unknown): string => {
  const json = jsonOf(value);
  if (!dice.oneIn(8)) for (let left = 1 + dice.below(3); left > 0; left -= 1) mutateNode(dice, json);
  return printJson(json);
};

const mutateNode = (dice: Dice, json: Json): void => {
  const node = dice.pick(nodesOf(json));
  if (node === undefined || 'raw' in node) return;
  if ('items' in node) mutateItems(dice, node.items);
  else mutateMembers(dice, node.members);
};

const mutateItems = (dice: Dice, items: Json[]): void => {
  const at = dice.below(items.length + 1);
  const change = dice.below(4);
  if (change === 0) items.splice(at, 1);
  else if (change === 1) items.splice(at, 0, oddJson(dice));
  else if (change === 2 && items.length > 0) items.splice(at, 1, oddJson(dice));
  else for (let left = dice.below(300); left > 0 && items[0]; left -= 1) items.push(items[0]);
};

const mutateMembers = (dice: Dice, members: [string, Json][]): void => {
  const at = dice.below(members.length);
  const member = members[at];
  const change = dice.below(7);
  if (member === undefined || change === 0) members.splice(at, 0, [oddName(dice), oddJson(dice)]);
  else if (change === 1) members.splice(at, 1);
  else if (change === 2) members.splice(dice.below(members.length), 0, [member[0], oddJson(dice)]);
  else if (change === 3) members[at] = [oddName(dice), member[1]];
  else if (change === 4) members.reverse();
  else members[at] = [member[0], oddJson(dice)];
};

const oddBytes = [
  [0xff],
  [0xc0, 0x80],
  [0xed, 0xa0, 0x80],
  [0xf5, 0x80],
  [0],
  [0xef, 0xbb, 0xbf],
  [0x22],
  [0x5c],
];

/** Bytes after some damage to them as bytes, whatever they say; most are left as they are. */
export const damageBytes = (dice: Dice, bytes: Buffer, chances = 6): Buffer => {
  if (!dice.oneIn(chances)) return bytes;
  const at = dice.below(bytes.length + 1);
  const [before, after] = [bytes.subarray(0, at), bytes.subarray(at)];
  const change = dice.below(5);
  if (change === 0) return before;
  if (change === 1) return after;
  if (change === 2) return Buffer.concat([before, Buffer.from(dice.pick(oddBytes)), after]);
  if (change === 3) return Buffer.concat([before, Buffer.from([dice.below(256)]), after.subarray(1)]);
  const part = bytes.subarray(at, at + 1 + dice.below(64));
  return Buffer.concat([before, ...Array.from({ length: dice.pick([1, 2, 500]) }, () => part), after]);
};

/** Text after one to three cuts, insertions, repetitions and swaps. */
export const mutateText = (dice: Dice, text: string, odd: readonly string[] = oddStrings): string => {
  let mutated = text;
  for (let left = 1 + dice.below(3); left > 0; left -= 1) {
    const at = dice.below(mutated.length + 1);
    const to = at + 1 + dice.below(12);
    const part = mutated.slice(at, to);
    const change = dice.below(4);
    const put =
      ['', dice.pick(odd) + part, part.repeat(dice.pick([2, 3, 400])), dice.pick(odd)][change] ?? '';
    mutated = mutated.slice(0, at) + put + mutated.slice(to);
  }
  return mutated.slice(0, 200_000);
};
