import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { maxEventBytes } from '../../schemas/api/archive-operations.ts';
import { isHoldfastError } from '../../services/core/errors.ts';
import type { Archive, Steps } from '../../services/search-api/archive.ts';
import { connectArchive } from '../../services/search-api/http/connect-archive.ts';
import { messageSent } from '../support/im-events.ts';
import { type ServedArchive, serveArchive, testToken } from '../support/serve-archive.ts';
import type { OpenedArchive } from './http-api.contract.ts';

const caller = { actor: { id: 'local-operator' }, purpose: '조사 7 / 案件' };
const bytesOf = (value: unknown): Uint8Array => new TextEncoder().encode(JSON.stringify(value));
const textOf = (value: string): Uint8Array => new TextEncoder().encode(value);

const reportOf = async <Report>(steps: Steps<Report>): Promise<Report> => {
  for await (const step of steps) if (step.kind === 'report') return step.report;
  return assert.fail('no report');
};

/** The client is the archive over HTTP: same answers, same errors. The archive is empty when opened. */
export const describeHttpClient = (name: string, open: () => Promise<OpenedArchive>): void => {
  describe(`HTTP client of ${name}`, () => {
    let opened: OpenedArchive;
    let served: ServedArchive;
    let remote: Archive;

    before(async () => {
      opened = await open();
      served = await serveArchive(opened.archive);
      remote = connectArchive({ url: served.url, token: testToken });
    });
    after(async () => {
      await served[Symbol.asyncDispose]();
      await opened[Symbol.asyncDispose]();
    });

    test('every line gets its result in order, also lines that are no JSON Lines', async () => {
      const lines = [
        bytesOf(messageSent({ id: 'c1', body: 'first' })),
        textOf(''),
        textOf(JSON.stringify(messageSent({ id: 'c2', body: 'second' }), null, 2)),
        new Uint8Array(maxEventBytes + 1).fill(0x61),
        new Uint8Array([0x7b, 0xff, 0x7d]),
        bytesOf(messageSent({ id: 'c3', body: 'third' })),
      ];
      const { results, ...counts } = await remote.append(lines);
      assert.deepEqual(
        results.map(({ line, status }) => `${line} ${status}`),
        ['1 accepted', '2 quarantined', '3 accepted', '4 refused', '5 quarantined', '6 accepted'],
      );
      assert.deepEqual(counts, { accepted: 3, quarantined: 2, refused: 1 });
      const positions = results.flatMap((result) => ('position' in result ? [result.position] : []));
      const outcomes = await remote.outcomes(positions);
      assert.deepEqual(
        outcomes.map(({ outcome }) => outcome),
        ['archived', 'quarantined', 'archived', 'quarantined', 'archived'],
      );
    });

    test('many lines travel in several requests and keep their order', async () => {
      const lines = Array.from({ length: 12_000 }, (_, at) => textOf(`{"n":${at}}`));
      const { results, quarantined } = await remote.append(lines);
      assert.equal(quarantined, 12_000);
      assert.ok(results.every(({ line }, at) => line === at + 1));
    });

    test('reads answer what the archive itself answers', async () => {
      const { certificate: _here, ...here } = await opened.archive.search(caller, searchFor('second'));
      const { certificate, ...there } = await remote.search(caller, searchFor('second'));
      assert.deepEqual(there, here);
      assert.equal(certificate.undetermined, 0);
      assert.deepEqual(
        (await remote.item(caller, 'c2')).item,
        (await opened.archive.item(caller, 'c2')).item,
      );
      const page = await remote.conversation(caller, 'room-1', { around: 'c2', limit: 10 });
      assert.deepEqual(
        page.items.map(({ id }) => id),
        ['c1', 'c2', 'c3'],
      );
      assert.deepEqual(
        (await remote.coverage(caller)).totals,
        (await opened.archive.coverage(caller)).totals,
      );
      assert.deepEqual(
        await remote.quarantine(caller, undefined, 2),
        await opened.archive.quarantine(caller, undefined, 2),
      );
      assert.deepEqual(await remote.known([{ id: 'nobody', contentHash: '0'.repeat(64) }]), [false]);
    });

    test('changes and streamed operations work with the token', async () => {
      await remote.note(caller, { action: 'import.begin', purpose: 'case 7', detail: { files: 2 } });
      const { version } = await remote.scope(caller);
      const changed = await remote.setScope(caller, { scope: { who: 'everyone' }, expectedVersion: version });
      assert.equal(changed.version, version + 1);
      assert.ok((await remote.retryQuarantine(caller)).tried > 0);
      assert.equal((await reportOf(remote.verify(caller))).ok, true);
      assert.ok((await reportOf(remote.rebuildIndex(caller))).items >= 3);
      assert.deepEqual(await remote.readiness(), { ready: true });
    });

    test('problems come back as the same errors with their details', async () => {
      await assert.rejects(remote.search(caller, searchFor('open "quote')), (error: unknown) => {
        assert.ok(isHoldfastError(error, 'QueryRefused'));
        const [fault] = error.details.faults as { offset: number }[];
        return fault?.offset === 5;
      });
      await assert.rejects(remote.item(caller, 'nobody'), (error) => isHoldfastError(error, 'NotFound'));
      const stranger = connectArchive({ url: served.url });
      await assert.rejects(stranger.retryQuarantine(caller), (error) =>
        isHoldfastError(error, 'Unauthorized'),
      );
      await assert.rejects(
        remote.setScope(caller, { scope: { who: 'everyone' }, expectedVersion: 999 }),
        (error) => isHoldfastError(error, 'Conflict'),
      );
    });
  });
};

const searchFor = (query: string) => ({ query, limit: 20, sort: 'sent' }) as const;
