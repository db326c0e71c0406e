import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readFigures, readReadme, withFigures } from '../support/figures.ts';

test('the README says what figures/*.json hold; `node test/campaign/write-figures.ts` writes it', async () => {
  const readme = await readReadme();
  assert.equal(withFigures(readme, await readFigures()), readme);
});

test('a page without a place for figures is refused, and a place is filled once', async () => {
  const figures = await readFigures();
  assert.throws(() => withFigures('nothing', figures), /no place for figures\/scoreboard.json/);
  const once = withFigures(await readReadme(), figures);
  assert.equal(withFigures(once, figures), once);
});
