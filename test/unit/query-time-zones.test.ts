import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseQuery } from '../../services/core/query/parse-query.ts';

const now = new Date('2024-03-10T12:00:00.000Z');

/** Every way to write the letters of a name, large or small, of the first so many letters. */
const spellingsOf = (name: string, letters: number): string[] =>
  Array.from({ length: 2 ** letters }, (_, at) =>
    [...name]
      .map((letter, index) => ((at >> index) & 1 ? letter.toUpperCase() : letter.toLowerCase()))
      .join(''),
  );

test('a zone is understood however it is spelled, and what is kept of it is kept once', (t) => {
  const { DateTimeFormat } = Intl;
  let made = 0;
  Intl.DateTimeFormat = class extends DateTimeFormat {
    constructor(...given: ConstructorParameters<typeof DateTimeFormat>) {
      super(...given);
      made += 1;
    }
  } as typeof DateTimeFormat;
  t.after(() => {
    Intl.DateTimeFormat = DateTimeFormat;
  });
  const echoes = spellingsOf('America/Port_of_Spain', 6).map((timeZone) => {
    const result = parseQuery('sent:2024-03-01', { now, timeZone });
    assert.ok(result.ok);
    assert.equal(result.parsed.timeZone, timeZone);
    return result.parsed.echo;
  });
  assert.equal(new Set(echoes).size, 1);
  assert.ok(made <= 4, `${made} formats were made for 64 spellings`);
});
