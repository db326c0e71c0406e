import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { SlackPeople, SlackUser } from '../../services/importer/slack/slack-people.ts';
import { countsOf, folderWith, importInto, noCounts } from '../support/import-folder.ts';
import { at, importExport, ofType, said } from '../support/import-slack.ts';
import { MemoryImportSink } from '../support/memory-import-sink.ts';
import { slackMessage, slackUser, slackZip, workspace } from '../support/slack-export.ts';

describe('an export of a workspace', () => {
  const sink = new MemoryImportSink();
  before(async () => {
    const report = await importExport(sink, workspace);
    assert.deepEqual(countsOf(report), { ...noCounts, read: 32, archived: 30, quarantined: 2 });
    assert.equal(report.files, 1);
    assert.equal(report.lostFiles, 0);
    assert.deepEqual(report.skippedFileReasons, { 'neither messages, people nor conversations': 2 });
  });

  test('has channels as rooms and direct and group messages as conversations, by their ids', () => {
    const conversations = new Map(sink.events.map(({ data }) => [data.conversation.id, data.conversation]));
    assert.deepEqual(
      [...conversations.values()].map(({ id, kind, name }) => [id, kind, name]),
      [
        ['slack:C0GENERAL', 'room', 'general'],
        ['slack:C0TRADES1', 'room', '交易-trades'],
        ['slack:C0QUIET01', 'room', 'quiet'],
        ['slack:G0SECRET1', 'room', 'secret-project'],
        ['slack:G0MPIM001', 'im', 'mpdm-annie--bob.stone--minsu-1'],
        ['slack:D0ANNBOB1', 'im', undefined],
      ],
    );
    assert.deepEqual(
      ofType(sink, 'room.created').map(({ data }) => [data.conversation.name, data.actor.name, data.sentAt]),
      [
        ['general', 'Ann Lee (annie)', '2024-01-01T00:00:00.000Z'],
        ['交易-trades', '김민수 (민수)', '2024-01-01T00:00:00.000Z'],
        ['quiet', 'Ann Lee (annie)', '2024-01-01T00:00:00.000Z'],
        ['secret-project', 'Ann Lee (annie)', '2024-01-01T00:00:00.000Z'],
      ],
    );
  });

  test('knows accounts, guests, partners and strangers apart', () => {
    const actors = [
      'corrected wording',
      'may I see',
      'by the partner',
      'nobody known',
      'Deploy of api',
      'build 42',
    ].map((words) => {
      const { actor } =
        words === 'corrected wording' ? ofType(sink, 'message.edited')[0]!.data : said(sink, words).data;
      return [actor.id, actor.address, actor.name, actor.class];
    });
    assert.deepEqual(actors, [
      ['slack:U0ANN0001', 'ann.lee@contoso.com', 'Ann Lee (annie)', 'internal'],
      ['slack:U0GUEST06', 'guest@auditors.example', 'Guest Auditor', 'federated'],
      ['slack:U0OTHER07', 'olga@partner.example', 'Olga Partner', 'federated'],
      ['slack:U0NOBODY9', 'U0NOBODY9', undefined, 'anonymous'],
      ['slack:B0WEBHOOK', 'B0WEBHOOK', 'Deploys', 'anonymous'],
      ['slack:U0BOT0008', 'U0BOT0008', 'buildbot', 'internal'],
    ]);
  });

  test('says who got a direct message, and of a room only who is known to have taken part', () => {
    const rosterOf = (words: string) => {
      const { members, complete } = said(sink, words).data.roster;
      return [members.map(({ id }) => id.slice('slack:U0'.length)), complete];
    };
    assert.deepEqual(rosterOf('between us'), [['ANN0001', 'BOB0002'], true]);
    assert.deepEqual(rosterOf('agreed'), [['BOB0002', 'ANN0001'], true]);
    assert.deepEqual(rosterOf('three of us'), [['KIM0003', 'ANN0001', 'BOB0002'], true]);
    assert.deepEqual(rosterOf('今日賣出五千股'), [['CHEN004', 'KIM0003'], false]);
    assert.deepEqual(rosterOf('may I see'), [['GUEST06'], false]);
  });

  test('has a thread in the order it was written, each reply with what it replies to', () => {
    const parent = said(sink, 'Morning @here, see the plan');
    const replies = sink.events.filter(
      ({ data }) => data.origin?.container.startsWith('C0GENERAL/1709283600.000100/') === true,
    );
    assert.deepEqual(
      replies.map(({ type, data }) => [type, 'body' in data ? data.body : '', data.sentAt.slice(11, 19)]),
      [
        ['holdfast.im.message.sent', '첫 번째 답장입니다', '09:03:00'],
        ['holdfast.im.message.sent', 'second reply', '09:05:00'],
        ['holdfast.im.message.edited', 'corrected wording', '09:11:00'],
      ],
    );
    for (const reply of replies.slice(0, 2))
      assert.equal('replyTo' in reply.data && reply.data.replyTo, parent.id);
    assert.equal(parent.data.replyTo, undefined);
    assert.equal(said(sink, 'also for the channel').data.replyTo, said(sink, 'may I see').id);
  });

  test('has reactions, deletions, files and what happened to a channel', () => {
    const parent = said(sink, 'Morning');
    assert.deepEqual(
      ofType(sink, 'reaction.added').map(({ data }) => [data.reaction, data.actor.name, data.item]),
      [
        ['+1', 'Bob Stone', parent.id],
        ['+1', '김민수 (민수)', parent.id],
      ],
    );
    assert.deepEqual(
      ofType(sink, 'message.deleted').map(({ data }) => [data.actor.name, data.origin?.container]),
      [['Slackbot', 'C0GENERAL/1709298000.000000']],
    );
    assert.deepEqual(said(sink, 'the contract').data.attachments, [
      { name: 'contract.pdf', mediaType: 'application/pdf', sizeBytes: 12_345 },
    ]);
    assert.equal(ofType(sink, 'participant.joined')[0]?.data.actor.name, 'Gone Person');
    assert.equal(ofType(sink, 'participant.left')[0]?.data.actor.name, 'Gone Person');
    assert.equal(ofType(sink, 'room.topic-changed')[0]?.data.topic, 'Quarter & close');
    assert.equal(said(sink, 'leaves for lunch').data.action, true);
    assert.equal(said(sink, 'Deploy').data.body, 'Deploy of api\nfailed on host-7\nStage: production');
  });

  test('keeps what is broken with its bytes, and what stands around it', () => {
    assert.equal(said(sink, 'before the break').data.sentAt, '2024-03-03T09:00:00.000Z');
    assert.equal(said(sink, 'after the break').data.session.id, '2024-03-03');
    assert.deepEqual(
      sink.unreadable.map(({ reason, unparsed }) => [
        reason,
        unparsed?.data.origin,
        Buffer.from(unparsed?.data.bytes ?? '', 'base64').toString(),
      ]),
      [
        [
          'not valid JSON',
          { source: 'slack', container: 'general/2024-03-03.json', line: 2 },
          '{"type":"message","user":"U0BOB0002", "text": broken}',
        ],
        [
          'the file ends inside of its array',
          { source: 'slack', container: 'general/2024-03-03.json', line: 4 },
          '{"type":"message","te',
        ],
      ],
    );
  });

  test('imported again, from a file of another name in another folder, appends nothing', async () => {
    const count = sink.decoded.length;
    const folder = await folderWith({ 'again/wrapped.zip': slackZip(workspace) });
    const report = await importInto(sink, [folder]);
    assert.deepEqual(countsOf(report), { ...noCounts, read: 32, duplicate: 32 });
    assert.equal(sink.decoded.length, count);
  });
});

describe('folders and people', () => {
  const message = (text: string) => slackMessage('U0BOB0002', at('09:00:00'), text);

  test('a folder no index names is a room of its own, or by its form a conversation of that id', async () => {
    const sink = new MemoryImportSink();
    await importExport(sink, {
      channels: [],
      days: {
        'old-stuff/2024-03-01.json': [message('a')],
        'D0123456789/2024-03-01.json': [message('b')],
        'C0123456789/2024-03-01.json': [message('c')],
      },
    });
    assert.deepEqual(
      sink.events.map(({ data }) => [data.conversation.id, data.conversation.kind, data.conversation.name]),
      [
        ['slack:C0123456789', 'room', undefined],
        ['slack:D0123456789', 'im', undefined],
        ['slack:#old-stuff', 'room', 'old-stuff'],
      ],
    );
  });

  test('two conversations of one name do not get the messages of each other', async () => {
    const sink = new MemoryImportSink();
    await importExport(sink, {
      channels: [{ id: 'C0AAAAAAAA', name: 'desk' }],
      groups: [{ id: 'G0BBBBBBBB', name: 'desk' }],
      days: { 'desk/2024-03-01.json': [message('whose?')] },
    });
    assert.equal(sink.events[0]?.data.conversation.id, 'slack:#desk');
  });

  test('an export wrapped in a folder is read like one that is not', async () => {
    const plain = new MemoryImportSink();
    const days = { 'general/2024-03-01.json': [message('same')] };
    const channels = [{ id: 'C0GENERAL', name: 'general' }];
    await importExport(plain, { channels, days });
    const wrapped = new MemoryImportSink();
    const report = await importExport(wrapped, {
      days: { 'My Export/general/2024-03-01.json': [message('same')] },
      others: [
        { name: 'My Export/', content: '' },
        { name: 'My Export/channels.json', content: JSON.stringify(channels) },
        { name: '__MACOSX/My Export/._channels.json', content: 'x' },
      ],
    });
    assert.equal(wrapped.events[0]?.id, plain.events[0]?.id);
    assert.equal(report.skippedFiles.length, 1);
  });

  test('a user or channel that cannot be read is kept; those around it are known', async () => {
    const sink = new MemoryImportSink();
    const report = await importExport(sink, {
      users: [{ name: 'no id' }, slackUser('U0BOB0002', 'Bob Stone'), { id: 'U\u0007' }],
      channels: [{ id: '' }, { id: 'C0GENERAL', name: 'general' }],
      days: { 'general/2024-03-01.json': [message('hello')] },
    });
    assert.deepEqual(countsOf(report), { ...noCounts, read: 4, archived: 1, quarantined: 3 });
    assert.equal(said(sink, 'hello').data.actor.name, 'Bob Stone');
  });

  test('the organisation is the one most members are of, on Enterprise Grid across its workspaces', () => {
    const people = new SlackPeople();
    const add = (user: object) => assert.ok(people.add(SlackUser.parse(user)));
    add(slackUser('U1', 'A', { team_id: 'T1', enterprise_user: { enterprise_id: 'E1' } }));
    add(slackUser('U2', 'B', { team_id: 'T2', enterprise_user: { enterprise_id: 'E1' } }));
    add(slackUser('U3', 'C', { team_id: 'T3' }));
    add(slackUser('U4', 'D', { team_id: 'T1', is_stranger: true }));
    assert.deepEqual(
      ['U1', 'U2', 'U3', 'U4', 'U5', 'USLACKBOT'].map((id) => people.person(id)?.class),
      ['internal', 'internal', 'federated', 'federated', 'anonymous', 'internal'],
    );
    const workspacePeople = new SlackPeople();
    workspacePeople.add(SlackUser.parse(slackUser('U1', 'A')));
    assert.equal(workspacePeople.person('U9', { name: 'Zoe', team: 'T0ELSE' })?.class, 'federated');
    assert.equal(workspacePeople.person('U9', { team: 'T0HOLD001' })?.class, 'anonymous');
  });
});
