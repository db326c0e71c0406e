import assert from 'node:assert/strict';
import { after, afterEach, before, beforeEach, describe, test } from 'node:test';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { AppendAnswer } from '../../schemas/api/archive-operations.ts';
import {
  linesOf,
  messageDeleted,
  messageEdited,
  messageSent,
  participantJoined,
} from '../support/im-events.ts';
import { type MemoryEdition, newMemoryState, openMemory } from '../support/memory-edition.ts';
import { noBrowser, openBrowser } from '../support/open-browser.ts';
import { type ServedArchive, serveArchive } from '../support/serve-archive.ts';

const people = ['ann', 'bob', '김철수', '陳小美'];
const hostile = '<img src=x onerror="document.title=1"><script>document.title=2</script>';

/** Two hundred messages, 37 minutes apart; numbers make each one findable alone. */
const events = [
  participantJoined({ id: 'join', from: 'ann' }),
  ...Array.from({ length: 200 }, (_, n) =>
    messageSent({
      id: `m${n}`,
      body: `${['sudo apt-get upgrade works', '내부 거래 이야기', '不要在這裡談內線交易'][n % 3]} item${n}`,
      from: people[n % people.length]!,
      sentAt: new Date(Date.UTC(2026, 2, 1) + n * 37 * 60_000).toISOString(),
    }),
  ),
  messageEdited('m60', { id: 'e60', body: 'withdrawn', from: 'ann', sentAt: '2026-03-09T00:00:00.000Z' }),
  messageDeleted('m63', { id: 'd63', from: '陳小美', sentAt: '2026-03-09T00:00:00.000Z' }),
  messageSent({ id: 'hostile', body: hostile, from: 'mallory', sentAt: '2026-03-09T00:00:00.000Z' }),
  messageSent({ id: 'wide', body: `unbroken ${'x'.repeat(400)}`, sentAt: '2026-03-09T00:00:00.000Z' }),
];

describe('search page', { skip: noBrowser }, () => {
  let edition: MemoryEdition;
  let served: ServedArchive;
  let browser: Browser;
  let page: Page;
  let complaints: string[];

  const open = async (options: BrowserContextOptions = {}): Promise<Page> => {
    const context = await browser.newContext({ locale: 'en-US', timezoneId: 'Asia/Seoul', ...options });
    const opened = await context.newPage();
    opened.on('pageerror', (error) => complaints.push(error.message));
    opened.on('console', (message) => {
      if (/Content.Security|Trusted|Refused/i.test(message.text())) complaints.push(message.text());
    });
    opened.on('request', (request) => {
      if (!request.url().startsWith(served.url)) complaints.push(`went to ${request.url()}`);
    });
    await opened.goto(served.url);
    await opened.locator('.examples button').first().waitFor();
    return opened;
  };
  const search = async (query: string) => {
    await page.fill('#query', query);
    await page.press('#query', 'Enter');
    await page.locator('.echo, .fault, .problem').first().waitFor();
  };
  const goTo = async (side: string, end: string) => {
    const lines = page.locator('.line');
    while ((await page.getByText(end).count()) === 0) {
      const before = await lines.count();
      await page.getByRole('button', { name: side }).click();
      await lines.nth(before).waitFor();
    }
  };
  const status = () => page.locator('#status').textContent();

  before(async () => {
    edition = await openMemory(newMemoryState());
    served = await serveArchive(edition.archive);
    browser = await openBrowser();
    const headers = { 'content-type': 'application/jsonl' };
    const init = { method: 'POST', headers, body: linesOf(events) };
    const answer = AppendAnswer.parse(await (await fetch(`${served.url}/api/v1/events`, init)).json());
    assert.equal(answer.accepted, events.length);
    const positions = answer.results.flatMap((result) => ('position' in result ? [result.position] : []));
    await edition.archive.outcomes(positions);
  });
  after(async () => {
    await browser?.close();
    await served?.[Symbol.asyncDispose]();
    await edition?.[Symbol.asyncDispose]();
  });
  beforeEach(async () => {
    complaints = [];
    page = await open();
  });
  afterEach(async () => {
    await page.context().close();
    assert.deepEqual(complaints, []);
  });

  test('it is all done by keyboard: search, open the conversation at a hit, come back', async () => {
    await page.keyboard.type('item61');
    await page.keyboard.press('Enter');
    await page.locator('.hit').waitFor();
    assert.equal(await status(), '1 item');
    assert.deepEqual(await page.locator('.hit mark').allTextContents(), ['item61']);
    await page.locator('.hit .opener').focus();
    await page.keyboard.press('Enter');
    await page.locator('.hit-line:focus').waitFor();
    assert.match((await page.locator('.hit-line').textContent()) ?? '', /내부 거래 이야기 item61/);
    assert.equal(await page.locator('.line').count(), 40);
    await page.keyboard.press('Escape');
    await page.locator('.hit .opener:focus').waitFor();
    assert.equal(await page.locator('#conversation').isVisible(), false);
  });

  test('a click on a hit opens its conversation, which goes on both ways to its ends', async () => {
    await search('item61');
    await page.locator('.hit .body').click();
    const line = (n: number) => page.locator('.line', { hasText: new RegExp(`item${n}(?!\\d)`) });
    await line(61).waitFor();
    assert.equal(await line(30).count(), 0);
    const earlier = page.getByRole('button', { name: 'Earlier' });
    await earlier.scrollIntoViewIfNeeded();
    const first = page.locator('.line', {
      hasText: (await page.locator('.line .body').first().textContent()) ?? '',
    });
    const topBefore = (await first.boundingBox())?.y ?? 0;
    await earlier.click();
    await line(30).waitFor();
    const topAfter = (await first.boundingBox())?.y ?? 0;
    assert.ok(
      Math.abs(topAfter - topBefore) < 60,
      `what was in view jumped from ${topBefore} to ${topAfter}`,
    );
    await goTo('Earlier', 'The conversation begins here.');
    assert.match((await page.locator('.line').first().textContent()) ?? '', /ann joined/);
    await goTo('Later', 'The archive has nothing later.');
    assert.equal(await page.locator('.line').count(), 203);
  });

  test('a fault is marked under its very characters, selected, explained and mended by a click', async () => {
    await search('내부거래 "이야기');
    const marked = page.locator('.caret .marked');
    assert.equal(await marked.textContent(), '"');
    const caret = await marked.evaluate((span) => {
      const { content, left } = getComputedStyle(span, '::after');
      return { content, left, width: span.getBoundingClientRect().width };
    });
    assert.match(caret.content, /\^/);
    assert.equal(caret.left, '0px');
    assert.ok(caret.width > 4);
    const selection = await page
      .locator('#query')
      .evaluate((box: HTMLTextAreaElement) => [box.selectionStart, box.selectionEnd]);
    assert.deepEqual(selection, [5, 6]);
    assert.match((await page.getByRole('alert').textContent()) ?? '', /Character 6:/);
    await page.getByRole('button', { name: '내부거래 "이야기"' }).click();
    await page.locator('.echo').waitFor();
    assert.equal(await page.inputValue('#query'), '내부거래 "이야기"');
    assert.equal(await page.locator('.fault').count(), 0);
  });

  test('dates are added to the query where they can be seen, and taken out again', async () => {
    await page.fill('#query', 'upgrade OR 거래');
    await page.fill('#sent-from', '2026-03-02');
    await page.fill('#sent-until', '2026-03-02');
    assert.equal(await page.inputValue('#query'), '(upgrade OR 거래) sent>=2026-03-02 sent<=2026-03-02');
    await page.fill('#query', 'upgrade sent>=2026-03-03');
    assert.equal(await page.inputValue('#sent-from'), '2026-03-03');
    assert.equal(await page.inputValue('#sent-until'), '');
    await page.fill('#sent-from', '');
    assert.equal(await page.inputValue('#query'), 'upgrade');
  });

  test('the time zone begins as the browser has it, is used for every time and remembered', async () => {
    assert.equal(await page.inputValue('#time-zone'), 'Asia/Seoul');
    await page.selectOption('#time-zone', 'America/New_York');
    await page.reload();
    await page.locator('.examples button').first().waitFor();
    assert.equal(await page.inputValue('#time-zone'), 'America/New_York');
    await search('item61');
    const time = page.locator('.hit time');
    const shownAt = new Intl.DateTimeFormat('en', {
      dateStyle: 'medium',
      timeStyle: 'medium',
      timeZone: 'America/New_York',
    });
    assert.equal(
      await time.textContent(),
      shownAt.format(new Date((await time.getAttribute('datetime')) ?? '')),
    );
    await page.locator('.certificate > summary').click();
    assert.match((await page.locator('.certificate').textContent()) ?? '', /America\/New_York/);
  });

  test('three languages, each with its own lang, chosen by the browser or by hand and remembered', async () => {
    for (const [language, tagline, total] of [
      ['ko', '대화를 찾고', '항목 1개'],
      ['zh-Hant', '找出說過的話', '1 個項目'],
      ['en', 'Find what was said', '1 item'],
    ] as const) {
      await search('item61');
      await page.selectOption('#language', language);
      assert.equal(await page.getAttribute('html', 'lang'), language);
      assert.match((await page.locator('header').first().textContent()) ?? '', new RegExp(tagline));
      assert.equal(await status(), total);
      assert.doesNotMatch((await page.locator('body').textContent()) ?? '', /\{\w+\}|undefined/);
      await page.reload();
      await page.locator('.examples button').first().waitFor();
      assert.equal(await page.inputValue('#language'), language);
    }
    const korean = await open({ locale: 'ko-KR' });
    assert.equal(await korean.getAttribute('html', 'lang'), 'ko');
    await korean.context().close();
  });

  test('more hits come at the end of those shown, which go on from there', async () => {
    await search('upgrade');
    assert.equal(await status(), '67 items');
    assert.equal(await page.locator('.hit').count(), 20);
    await page.getByRole('button', { name: 'Show more' }).click();
    await page.locator('.hit').nth(39).waitFor();
    assert.match((await page.locator('.paging').textContent()) ?? '', /40 of 67 shown/);
    const focused = await page.evaluate(() =>
      [...document.querySelectorAll('.opener')].indexOf(document.activeElement!),
    );
    assert.equal(focused, 20);
  });

  test('edits and deletions are marked, and the version that matches is the one shown', async () => {
    await search('item60');
    const hit = page.locator('.hit');
    assert.match((await hit.textContent()) ?? '', /edited/);
    assert.match((await hit.locator('.said').first().textContent()) ?? '', /item60/);
    assert.match((await hit.textContent()) ?? '', /Version 1 of 2 · Found in: text/);
    await hit.locator('.versions summary').click();
    assert.match((await hit.locator('.versions').textContent()) ?? '', /withdrawn/);
    assert.equal(await page.locator('#conversation').isVisible(), false);
    await search('item63');
    const deleted = page.locator('.hit .deleted');
    assert.match((await deleted.getAttribute('title')) ?? '', /Deleted by 陳小美/);
  });

  test('the certificate says what the answer covers, and shows the JSON it says it from', async () => {
    await search('nothing-like-it');
    assert.equal(await status(), '0 items');
    const certificate = page.locator('.certificate');
    assert.match((await certificate.locator('> summary').textContent()) ?? '', /Complete: 203 items covered/);
    await certificate.locator('> summary').click();
    const text = (await certificate.textContent()) ?? '';
    assert.match(text, /Partition \d: every event before offset 205/);
    assert.match(text, /Signed tree head/);
    await certificate.getByText('As JSON').click();
    const json = JSON.parse((await certificate.locator('pre').textContent()) ?? '');
    assert.equal(json.itemsCovered, 203);
  });

  test('a warning offers the other reading with what it finds', async () => {
    await search('apt-get and upgrade');
    assert.match((await page.locator('.warnings').textContent()) ?? '', /Check the meaning.*finds 67/);
    await page.getByRole('button', { name: 'apt-get AND upgrade' }).click();
    await page.locator('.warnings').waitFor({ state: 'detached' });
    assert.equal(await page.inputValue('#query'), 'apt-get AND upgrade');
  });

  test('nothing anybody wrote becomes part of the page', async () => {
    await search('onerror');
    assert.match((await page.locator('.hit .body').textContent()) ?? '', /^<img src=x/);
    await page.locator('.hit .opener').click();
    await page.locator('.hit-line').waitFor();
    assert.equal(await page.locator('#conversation img, #answer img, #answer script').count(), 0);
    assert.equal(await page.title(), 'Holdfast');
  });

  test('the Enter that ends a composition does not search', async () => {
    await page.fill('#query', '내부');
    await page.locator('#query').dispatchEvent('keydown', { key: 'Enter', isComposing: true });
    assert.equal(await page.locator('.examples button').count(), 3);
  });

  test('every control has a name that a screen reader can say', async () => {
    await search('upgrade');
    await page.locator('.hit .opener').first().click();
    await page.locator('.hit-line').waitFor();
    const controls = page.locator(
      'button:visible, select:visible, input:visible, textarea:visible, a:visible',
    );
    for (const control of await controls.all())
      assert.match(
        await control.ariaSnapshot(),
        /"[^"]+"/,
        await control.evaluate((element) => element.outerHTML),
      );
    assert.equal(await page.getByRole('status').count(), 1);
    assert.equal(await page.getByRole('search').count(), 1);
  });

  test('360 pixels are enough: nothing is cut off, and the conversation covers the page', async () => {
    await page.setViewportSize({ width: 360, height: 700 });
    const width = () => page.evaluate(() => document.documentElement.scrollWidth);
    await search('unbroken');
    await page.locator('.certificate > summary').click();
    assert.equal(await width(), 360);
    await page.locator('.hit .opener').click();
    await page.locator('.hit-line').waitFor();
    assert.equal(await width(), 360);
    assert.deepEqual(await page.locator('#conversation').boundingBox(), {
      x: 0,
      y: 0,
      width: 360,
      height: 700,
    });
    assert.equal(await page.locator('main').getAttribute('inert'), '');
    await page.getByRole('button', { name: 'Close' }).click();
    assert.equal(await page.locator('main').getAttribute('inert'), null);
  });

  test('when the server does not answer, the page says so', async () => {
    await page.context().setOffline(true);
    await search('noon');
    assert.match((await page.locator('.problem').textContent()) ?? '', /Is Holdfast still running\?/);
  });
});
