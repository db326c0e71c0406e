import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AppendAnswer } from '../../schemas/api/archive-operations.ts';
import { maxHighlights } from '../../schemas/api/search.ts';
import { linesOf, messageSent } from '../support/im-events.ts';
import { newMemoryState, openMemory } from '../support/memory-edition.ts';
import { noBrowser, openBrowser } from '../support/open-browser.ts';
import { serveArchive } from '../support/serve-archive.ts';

const notices = {
  en: 'More places match than the 1,000 that are marked',
  ko: '일치하는 곳이 표시된 1,000곳보다 더 있음',
  'zh-Hant': '符合處不止已標示的 1,000 處',
};

test('the page says where more places match than are marked', { skip: noBrowser }, async () => {
  await using edition = await openMemory(newMemoryState());
  await using served = await serveArchive(edition.archive);
  const response = await fetch(`${served.url}/api/v1/events`, {
    method: 'POST',
    headers: { 'content-type': 'application/jsonl' },
    body: linesOf([messageSent({ id: 'm1', body: 'often '.repeat(3_000).trimEnd() })]),
  });
  const { results } = AppendAnswer.parse(await response.json());
  await edition.archive.outcomes(
    results.flatMap((result) => ('position' in result ? [result.position] : [])),
  );
  await using browser = await openBrowser();
  for (const [locale, hasText] of Object.entries(notices)) {
    const page = await browser.newPage({ locale });
    await page.goto(served.url);
    await page.locator('.examples button').first().waitFor();
    await page.fill('#query', 'often');
    await page.press('#query', 'Enter');
    await page.locator('.hit .why', { hasText }).waitFor();
    await page.locator('.hit .opener').click();
    const line = page.locator('.hit-line');
    await line.locator('.why', { hasText }).waitFor();
    assert.equal(await line.locator('mark').count(), maxHighlights);
    await page.close();
  }
});
