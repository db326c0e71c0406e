import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { AppendAnswer } from '../../schemas/api/archive-operations.ts';
import type { SearchAnswer } from '../../schemas/api/search.ts';
import type { ImEvent } from '../../schemas/events/im-event.ts';
import { isHoldfastError } from '../../services/core/errors.ts';
import type { Archive, Steps } from '../../services/search-api/archive.ts';
import { bytesOf, deleted, edited, joined, reacted, sent } from '../support/event-builder.ts';
import { importSample } from '../support/import-sample.ts';

/** An edition under test, with what an operator could do to it. */
export interface EditionUnderTest extends AsyncDisposable {
  readonly archive: Archive;
  /** Closes it and opens it again on the same state; `withoutIndex`: the index is lost in between. */
  reopen(options?: { withoutIndex?: boolean }): Promise<EditionUnderTest>;
}

const caller = { actor: { id: 'tester' }, purpose: 'scenario' };

const append = async (archive: Archive, events: readonly (ImEvent | string)[]): Promise<AppendAnswer> => {
  const lines = events.map((event) => (typeof event === 'string' ? Buffer.from(event) : bytesOf(event)));
  const answer = await archive.append(lines);
  await archive.outcomes(answer.results.flatMap((result) => ('position' in result ? [result.position] : [])));
  return answer;
};

const search = (archive: Archive, query: string, limit = 20): Promise<SearchAnswer> =>
  archive.search(caller, { query, limit, sort: 'sent', timeZone: 'UTC' });
const idsOf = ({ hits }: SearchAnswer): string[] => hits.map(({ item }) => item.id);

const reportOf = async <Report>(steps: Steps<Report>): Promise<Report> => {
  for await (const step of steps) if (step.kind === 'report') return step.report;
  throw new Error('no report');
};

/** What every edition must do, end to end. */
export const describeArchive = (
  edition: string,
  open: () => Promise<EditionUnderTest>,
  { skip = false }: { readonly skip?: string | false } = {},
): void => {
  describe(`S5 S65: ${edition}: the archive, end to end`, { skip }, () => {
    test('a real day goes in, a phrase someone said is found, the conversation around it is shown, and all verifies', async () => {
      await using under = await open();
      const { archive } = under;
      const report = await importSample(archive, '2004-12-25');
      assert.equal(
        report.read,
        report.archived + Object.values(report.skipped).reduce((sum, count) => sum + count, 0),
      );
      const answer = await search(archive, '"subversion gnome client"');
      assert.equal(answer.total, 1);
      const [hit] = answer.hits;
      assert.equal(hit?.item.versions[0]?.author.address, 'intinig');
      const [mark] = hit?.highlights ?? [];
      assert.equal(
        hit?.item.versions[0]?.body?.slice(mark?.offset, (mark?.offset ?? 0) + (mark?.length ?? 0)),
        'subversion gnome client',
      );
      assert.equal(answer.certificate.pending, 0);
      const page = await archive.conversation(caller, hit?.item.conversation.id ?? '', {
        around: hit?.item.id,
        limit: 10,
      });
      const at = page.items.findIndex(({ id }) => id === hit?.item.id);
      assert.match(page.items[at - 1]?.versions[0]?.body ?? '', /Any version of mplayer/);
      const verified = await reportOf(archive.verify(caller));
      assert.deepEqual(verified.differences, []);
      assert.equal(verified.ok, true);
    });

    test('importing the same file again archives nothing twice', async () => {
      await using under = await open();
      const first = await importSample(under.archive, '2004-12-25');
      const again = await importSample(under.archive, '2004-12-25');
      assert.equal(again.archived, 0);
      assert.equal(again.duplicate, first.archived);
      assert.equal(
        (await search(under.archive, 'mplayer')).total,
        (await search(under.archive, 'mplayer')).total,
      );
    });

    test('what was said before an edit and before a deletion is still found, and says so', async () => {
      await using under = await open();
      const { archive } = under;
      await append(archive, [
        sent({ id: 'm', body: 'alpha beta' }),
        edited({ item: 'm', body: 'alpha' }),
        deleted({ item: 'm' }),
        reacted({ item: 'm', reaction: '👍' }),
      ]);
      const before = await search(archive, 'beta');
      assert.deepEqual(idsOf(before), ['m']);
      assert.deepEqual(before.hits[0]?.versions, [1]);
      assert.deepEqual((await search(archive, 'alpha -beta')).hits[0]?.versions, [2]);
      assert.deepEqual(idsOf(await search(archive, 'alpha deleted:true')), ['m']);
      assert.equal((await search(archive, 'alpha version:latest')).total, 0);
      assert.equal((await archive.item(caller, 'm')).item.reactions?.[0]?.reaction, '👍');
    });

    test('an edit before its original is found at once and completed later', async () => {
      await using under = await open();
      await append(under.archive, [edited({ item: 'm', body: 'corrected' })]);
      assert.deepEqual(idsOf(await search(under.archive, 'corrected')), ['m']);
      await append(under.archive, [sent({ id: 'm', body: 'original wording' })]);
      assert.deepEqual(idsOf(await search(under.archive, 'wording')), ['m']);
      assert.equal((await reportOf(under.archive.verify(caller))).ok, true);
    });

    test('the index is lost: after reopening, the same queries give the same ids, and all verifies', async () => {
      const queries = ['mplayer', 'the', '"media player"', 'from:crimsun', 'event:join', 'totem OR xine'];
      await using under = await open();
      await importSample(under.archive, '2004-12-25');
      await append(under.archive, [
        sent({ id: 'm', body: 'alpha beta' }),
        edited({ item: 'm', body: 'alpha' }),
        sent({ id: 'm', body: 'conflict' }),
      ]);
      const before = await Promise.all(
        queries.map(async (query) => idsOf(await search(under.archive, query, 500))),
      );
      await using again = await under.reopen({ withoutIndex: true });
      const after = await Promise.all(
        queries.map(async (query) => idsOf(await search(again.archive, query, 500))),
      );
      assert.deepEqual(after, before);
      assert.equal((await reportOf(again.archive.verify(caller))).ok, true);
    });

    test('rebuild-index gives the same answers while searches and new events go on', async () => {
      await using under = await open();
      const { archive } = under;
      await importSample(archive, '2004-12-25');
      const before = idsOf(await search(archive, 'mplayer', 500));
      const { items } = (await archive.coverage(caller)).totals;
      const rebuilding = reportOf(archive.rebuildIndex(caller));
      await append(archive, [sent({ id: 'late', body: 'said during the rebuild' })]);
      assert.deepEqual(idsOf(await search(archive, 'mplayer', 500)), before);
      const report = await rebuilding;
      // As of its end: the event may have been archived just after.
      assert.ok([items, items + 1].includes(report.items), `${report.items} items`);
      assert.equal((await archive.coverage(caller)).totals.items, items + 1);
      assert.deepEqual(idsOf(await search(archive, 'mplayer', 500)), before);
      assert.deepEqual(idsOf(await search(archive, '"during the rebuild"')), ['late']);
      assert.equal((await reportOf(archive.verify(caller))).ok, true);
    });

    test('paging concatenates to the whole, also when something is archived in between', async () => {
      await using under = await open();
      const { archive } = under;
      await append(
        archive,
        Array.from({ length: 25 }, (_, n) =>
          sent({ id: `p${n}`, body: `page word${n}`, conversation: `c${n % 5}` }),
        ),
      );
      const whole = idsOf(await search(archive, 'page', 500));
      const pages: string[] = [];
      let after: string | undefined;
      do {
        const page = await archive.search(caller, {
          query: 'page',
          limit: 7,
          sort: 'sent',
          timeZone: 'UTC',
          ...(after === undefined ? {} : { after }),
        });
        assert.equal(page.total, 25);
        pages.push(...idsOf(page));
        after = page.next;
        await append(archive, [sent({ body: 'page too late for this search' })]);
      } while (after !== undefined);
      assert.deepEqual(pages, whole);
    });

    test('a listed scope refuses what nobody listed took part in, from the change on, and coverage counts it', async () => {
      await using under = await open();
      const { archive } = under;
      await append(archive, [sent({ id: 'before', body: 'scoped', by: 'eve' })]);
      await archive.setScope(caller, { scope: { who: 'users', users: ['ann@contoso.example'] } });
      await append(archive, [
        sent({ id: 'out', body: 'scoped', by: 'eve' }),
        sent({ id: 'in', body: 'scoped', by: 'ann' }),
      ]);
      assert.deepEqual(idsOf(await search(archive, 'scoped')).sort(), ['before', 'in']);
      assert.equal((await archive.coverage(caller)).totals.outcomes.refused, 1);
      await archive.setScope(caller, { scope: { who: 'everyone' } });
      await append(archive, [sent({ id: 'later', body: 'scoped', by: 'eve' })]);
      assert.deepEqual(idsOf(await search(archive, 'scoped')).sort(), ['before', 'in', 'later']);
      assert.equal((await reportOf(archive.verify(caller))).ok, true);
    });

    test('a scope change that expected another version is a conflict and changes nothing', async () => {
      await using under = await open();
      const { version } = await under.archive.scope(caller);
      await under.archive.setScope(caller, { scope: { who: 'everyone' }, expectedVersion: version });
      await assert.rejects(
        under.archive.setScope(caller, { scope: { who: 'users', users: ['ann'] }, expectedVersion: version }),
        (error) => isHoldfastError(error, 'Conflict'),
      );
      assert.deepEqual((await under.archive.scope(caller)).scope, { who: 'everyone' });
    });

    test('who asks what became of something never logged is told so, and does not wait for it', async () => {
      await using under = await open();
      const { results } = await under.archive.append([bytesOf(sent({ id: 'm', body: 'alpha' }))]);
      const [position] = results.flatMap((result) => ('position' in result ? [result.position] : []));
      assert(position !== undefined);
      const never = [
        { offset: position.offset + 1 },
        { partition: 99 },
        { generation: 2 },
        { stream: 'audit' as const },
      ];
      for (const part of never)
        await assert.rejects(under.archive.outcomes([{ ...position, ...part }]), (error) =>
          isHoldfastError(error, 'BadRequest'),
        );
      assert.deepEqual(await under.archive.outcomes([position]), [{ outcome: 'archived' }]);
    });

    test('the same command sent twice is applied once', async () => {
      await using under = await open();
      const request = { scope: { who: 'everyone' as const }, commandId: 'command-1' as ImEvent['id'] };
      const first = await under.archive.setScope(caller, request);
      const second = await under.archive.setScope(caller, request);
      assert.equal(second.version, first.version);
    });

    test('what cannot be read is kept, counted, shown with its bytes, and a retry changes nothing while it stays so', async () => {
      await using under = await open();
      const { archive } = under;
      const bad = [
        '{"type":"holdfast.im.message.teleported"}',
        'not json',
        JSON.stringify({ ...sent({ id: 'x', body: 'y' }), surprise: 1 }),
      ];
      const answer = await append(archive, bad);
      assert.deepEqual([answer.accepted, answer.quarantined], [0, 3]);
      await append(archive, [sent({ id: 'good', body: 'after the bad' })]);
      const page = await archive.quarantine(caller, undefined, 10);
      assert.equal(page.total, 3);
      assert.deepEqual(
        page.entries.map(({ bytes }) => Buffer.from(bytes ?? '', 'base64').toString()).sort(),
        [...bad].sort(),
      );
      assert(page.entries.every(({ reason }) => reason.length > 0));
      assert.deepEqual(await archive.retryQuarantine(caller), { tried: 3, redriven: 0, stillUnreadable: 3 });
      assert.equal((await search(archive, '"after the bad"')).certificate.quarantined, 3);
    });

    test('the same id with other content is kept beside the first and shown as a conflict', async () => {
      await using under = await open();
      await append(under.archive, [
        sent({ id: 'm', body: 'first words' }),
        sent({ id: 'm', body: 'second words' }),
        sent({ id: 'm', body: 'elsewhere words', conversation: 'c7' }),
      ]);
      const answer = await search(under.archive, 'words');
      assert.equal(answer.total, 3);
      assert.equal(answer.hits.filter(({ item }) => item.conflictsWith === 'm').length, 2);
      assert.equal((await under.archive.coverage(caller)).totals.outcomes.conflict, 2);
      assert.equal((await reportOf(under.archive.verify(caller))).ok, true);
    });

    test('system items are found only when asked for', async () => {
      await using under = await open();
      await append(under.archive, [
        joined({ id: 'j', by: 'bob' }),
        sent({ id: 'm', body: 'hello', by: 'bob' }),
      ]);
      assert.deepEqual(idsOf(await search(under.archive, 'from:bob')), ['m']);
      assert.deepEqual(idsOf(await search(under.archive, 'from:bob event:join')), ['j']);
    });

    test('a refused query names the position, and refusals and searches are both audited', async () => {
      await using under = await open();
      await assert.rejects(search(under.archive, 'alpha "open'), (error) => {
        assert(isHoldfastError(error, 'QueryRefused'));
        const [fault] = error.details.faults as { offset: number }[];
        assert.equal(fault?.offset, 6);
        return true;
      });
      const first = await search(under.archive, 'alpha');
      const second = await search(under.archive, 'alpha');
      assert.equal(first.certificate.auditOffset, 1);
      assert.equal(second.certificate.auditOffset, 2);
    });
  });
};
