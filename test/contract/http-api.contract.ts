import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import {
  AppendAnswer,
  Coverage,
  QuarantineAnswer,
  ScopeAnswer,
} from '../../schemas/api/archive-operations.ts';
import { RebuildLine, VerifyLine } from '../../schemas/api/http-bodies.ts';
import { Problem } from '../../schemas/api/problem.ts';
import { ConversationAnswer, ItemAnswer, maxHighlights, SearchAnswer } from '../../schemas/api/search.ts';
import type { Archive } from '../../services/search-api/archive.ts';
import {
  linesOf,
  messageDeleted,
  messageEdited,
  messageSent,
  participantJoined,
} from '../support/im-events.ts';
import { type ServedArchive, serveArchive, testToken } from '../support/serve-archive.ts';

export interface OpenedArchive extends AsyncDisposable {
  readonly archive: Archive;
}

const events = [
  participantJoined({ id: 'j1', from: 'ann' }),
  messageSent({
    id: 'm1',
    body: '내부 거래 meeting at noon',
    from: 'ann',
    sentAt: '2026-03-01T09:00:00.000Z',
  }),
  messageSent({ id: 'm2', body: 'see you at noon', from: 'bob', sentAt: '2026-03-01T09:01:00.000Z' }),
  messageSent({ id: 'm3', body: 'noon is fine', from: 'ann', sentAt: '2026-03-02T09:00:00.000Z' }),
  messageEdited('m3', { id: 'e3', body: 'one is fine', from: 'ann', sentAt: '2026-03-02T09:01:00.000Z' }),
  messageDeleted('m2', { id: 'd2', from: 'bob', sentAt: '2026-03-02T09:02:00.000Z' }),
];

/** What the HTTP API promises over any archive: one that is empty when opened. */
export const describeHttpApi = (name: string, open: () => Promise<OpenedArchive>): void => {
  describe(`HTTP API over ${name}`, () => {
    let opened: OpenedArchive;
    let served: ServedArchive;
    const call = (path: string, init: RequestInit = {}) => fetch(new URL(path, served.url), init);
    const post = (path: string, body: unknown, headers: Record<string, string> = {}) =>
      call(path, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        body: JSON.stringify(body),
      });
    const search = async (query: string, more: object = {}) => {
      const response = await post('/api/v1/search', { query, ...more });
      assert.equal(response.status, 200);
      return SearchAnswer.parse(await response.json());
    };
    const problemOf = async (response: Response) => {
      assert.match(response.headers.get('content-type') ?? '', /^application\/problem\+json/);
      return Problem.parse(await response.json());
    };

    before(async () => {
      opened = await open();
      served = await serveArchive(opened.archive);
      const response = await call('/api/v1/events', {
        method: 'POST',
        headers: { 'content-type': 'application/x-ndjson' },
        body: `${linesOf(events)}\n{"not":"an event"}\n`,
      });
      assert.equal(response.status, 207);
      const answer = AppendAnswer.parse(await response.json());
      assert.deepEqual([answer.accepted, answer.quarantined, answer.refused], [6, 1, 0]);
      assert.deepEqual(
        answer.results.map(({ line }) => line),
        [1, 2, 3, 4, 5, 6, 8],
      );
      const positions = answer.results.flatMap((result) => ('position' in result ? [result.position] : []));
      const outcomes = await post('/api/v1/outcomes', { positions });
      assert.equal(outcomes.status, 200);
      const { outcomes: kinds } = (await outcomes.json()) as { outcomes: { outcome: string }[] };
      assert.deepEqual(
        kinds.map(({ outcome }) => outcome),
        [...Array(6).fill('archived'), 'quarantined'],
      );
    });
    after(async () => {
      await served[Symbol.asyncDispose]();
      await opened[Symbol.asyncDispose]();
    });

    test('a search answers hits with highlights, the exact total, an echo and a certificate', async () => {
      const answer = await search('noon', { limit: 1 });
      assert.equal(answer.total, 3);
      assert.equal(answer.hits.length, 1);
      assert.equal(answer.certificate.itemsCovered >= 3, true);
      const { hits } = await search('noon', { limit: 2, after: answer.next });
      assert.equal(hits.length, 2);
      const korean = (await search('거래')).hits[0];
      assert.deepEqual(korean?.highlights[0], { version: 1, part: 'body', offset: 3, length: 2 });
    });

    test('versions and deletions are part of the hit', async () => {
      const { hits } = await search('noon');
      const edited = hits.find(({ item }) => item.id === 'm3');
      assert.deepEqual(edited?.versions, [1]);
      assert.equal(edited?.item.versions.length, 2);
      assert.ok(hits.find(({ item }) => item.id === 'm2')?.item.deletion);
    });

    test('a refused query names position and fix', async () => {
      const response = await post('/api/v1/search', { query: 'noon "meeting' });
      assert.equal(response.status, 400);
      const problem = await problemOf(response);
      assert.equal(problem.code, 'QueryRefused');
      assert.equal(problem.faults?.[0]?.offset, 5);
      assert.deepEqual(problem.faults?.[0]?.fixes, ['noon "meeting"']);
    });

    test('a query of 64 KiB is taken, one character more is not', async () => {
      const word = 'noonday ';
      const longest = word.repeat(8 * 1024);
      const taken = await post('/api/v1/search', { query: longest });
      // Whether that many terms are searched is for the query language to say; the body is not too long.
      assert.ok([200, 400].includes(taken.status));
      if (taken.status === 400) assert.equal((await problemOf(taken)).code, 'QueryRefused');
      const refused = await problemOf(await post('/api/v1/search', { query: `${longest}x` }));
      assert.equal(refused.code, 'BadRequest');
      assert.equal(refused.issues?.[0]?.path, 'query');
    });

    test('an item is shown with all its versions', async () => {
      const response = await call('/api/v1/items/m3');
      const { item } = ItemAnswer.parse(await response.json());
      assert.deepEqual(
        item.versions.map(({ body }) => body),
        ['noon is fine', 'one is fine'],
      );
      assert.equal((await problemOf(await call('/api/v1/items/nobody'))).status, 404);
    });

    test('a conversation is paged both ways around an item', async () => {
      const page = async (query: string) =>
        ConversationAnswer.parse(await (await call(`/api/v1/conversations/room-1?${query}`)).json());
      const around = await page('around=m2&limit=2');
      assert.ok(around.items.some(({ id }) => id === 'm2'));
      const all = await page('limit=10');
      assert.deepEqual(
        all.items.map(({ id }) => id),
        ['j1', 'm1', 'm2', 'm3'],
      );
      const m2 = all.items[2]!;
      assert.deepEqual(
        (await page(`before=${m2.firstOffset}&limit=1`)).items.map(({ id }) => id),
        ['m1'],
      );
      assert.deepEqual(
        (await page(`from=${m2.firstOffset + 1}`)).items.map(({ id }) => id),
        ['m3'],
      );
      assert.equal((await call('/api/v1/conversations/nowhere')).status, 404);
    });

    test('coverage accounts for every event', async () => {
      const { totals } = Coverage.parse(await (await call('/api/v1/coverage')).json());
      assert.equal(totals.logged, 7);
      assert.equal(totals.accounted, 7);
      assert.equal(totals.outcomes.quarantined, 1);
    });

    test('what is in the ledger already is known by id and content', async () => {
      const response = await post('/api/v1/known', {
        events: [
          { id: 'm1', contentHash: '0'.repeat(64) },
          { id: 'nobody', contentHash: '0'.repeat(64) },
        ],
      });
      assert.deepEqual(await response.json(), { known: [false, false] });
    });

    test('the quarantine is listed with reason and bytes', async () => {
      const answer = QuarantineAnswer.parse(await (await call('/api/v1/quarantine?limit=1')).json());
      assert.equal(answer.total, 1);
      const entry = answer.entries[0];
      assert.equal(Buffer.from(entry?.bytes ?? '', 'base64').toString(), '{"not":"an event"}');
    });

    test('administrative calls need the token, the others do not', async () => {
      const calls = [
        ['PUT', '/api/v1/scope', { scope: { who: 'everyone' } }],
        ['POST', '/api/v1/quarantine/retry', undefined],
        ['POST', '/api/v1/rebuild-index', undefined],
        ['POST', '/api/v1/notes', { action: 'import.begin', purpose: 'case 7', detail: {} }],
      ] as const;
      for (const [method, path, body] of calls) {
        const init = (authorization: string): RequestInit => ({
          method,
          headers: { authorization, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
          body: body === undefined ? null : JSON.stringify(body),
        });
        for (const authorization of ['', 'Bearer wrong', `Basic ${testToken}`, `Bearer ${testToken}x`]) {
          const refused = await call(path, init(authorization));
          assert.equal((await problemOf(refused)).code, 'Unauthorized', path);
          assert.equal(refused.headers.get('www-authenticate'), 'Bearer');
        }
        const taken = await call(path, init(`Bearer ${testToken}`));
        await taken.text();
        assert.equal(taken.status, 200, path);
      }
    });

    test('the scope is read and set, and a lost race is a conflict', async () => {
      const before = ScopeAnswer.parse(await (await call('/api/v1/scope')).json());
      const set = (expectedVersion: number) =>
        call('/api/v1/scope', {
          method: 'PUT',
          headers: { 'content-type': 'application/json', authorization: `Bearer ${testToken}` },
          body: JSON.stringify({ scope: { who: 'everyone' }, expectedVersion, reason: 'test' }),
        });
      const changed = ScopeAnswer.parse(await (await set(before.version)).json());
      assert.equal(changed.version, before.version + 1);
      assert.equal((await problemOf(await set(before.version))).code, 'Conflict');
    });

    test('verify and rebuild stream progress and end with the report', async () => {
      const linesFrom = async (path: string) => {
        const response = await call(path, {
          method: 'POST',
          headers: { authorization: `Bearer ${testToken}` },
        });
        assert.match(response.headers.get('content-type') ?? '', /^application\/jsonl/);
        return (await response.text())
          .trimEnd()
          .split('\n')
          .map((line) => JSON.parse(line));
      };
      const verified = (await linesFrom('/api/v1/verify')).map((line) => VerifyLine.parse(line));
      const report = verified.at(-1);
      assert.ok(report?.kind === 'report' && report.report.ok);
      const rebuilt = (await linesFrom('/api/v1/rebuild-index')).map((line) => RebuildLine.parse(line));
      assert.equal(rebuilt.at(-1)?.kind, 'report');
      assert.equal((await search('noon')).total, 3);
    });

    test('a hit carries the first of very many highlights and says that there are more', async () => {
      const body = 'tick '.repeat(50_000).trimEnd();
      const response = await call('/api/v1/events', {
        method: 'POST',
        headers: { 'content-type': 'application/x-ndjson' },
        body: `${linesOf([messageSent({ id: 'm4', body, from: 'ann', sentAt: '2026-03-03T09:00:00.000Z' })])}\n`,
      });
      const { results } = AppendAnswer.parse(await response.json());
      const positions = results.flatMap((result) => ('position' in result ? [result.position] : []));
      await (await post('/api/v1/outcomes', { positions })).text();
      const { hits } = await search('tick');
      assert.deepEqual(
        hits.map(({ highlights, moreHighlights }) => [highlights.length, moreHighlights]),
        [[maxHighlights, true]],
      );
      assert.equal(hits[0]?.highlights.at(-1)?.offset, 5 * (maxHighlights - 1));
      assert.ok((await search('noon')).hits.every((hit) => !('moreHighlights' in hit)));
    });

    test('health and readiness answer', async () => {
      assert.deepEqual(await (await call('/healthz')).json(), { status: 'ok' });
      assert.deepEqual(await (await call('/readyz')).json(), { ready: true });
    });
  });
};
