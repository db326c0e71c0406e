import { type ZipPart, zipOf } from './zip-writer.ts';

type Json = Readonly<Record<string, unknown>>;

/** A Slack export to be zipped: its index files and the day files by their paths. */
export interface SlackExport {
  readonly users?: readonly unknown[];
  readonly channels?: readonly unknown[];
  readonly groups?: readonly unknown[];
  readonly dms?: readonly unknown[];
  readonly mpims?: readonly unknown[];
  /** `general/2024-03-01.json` → its messages, or its bytes as they are. */
  readonly days: Readonly<Record<string, readonly unknown[] | string>>;
  readonly others?: readonly ZipPart[];
}

const team = 'T0HOLD001';

export const slackUser = (id: string, name: string, more: Json = {}): Json => ({
  id,
  team_id: team,
  name: name.toLowerCase().replaceAll(' ', '.'),
  deleted: false,
  color: '9f69e7',
  real_name: name,
  tz: 'Asia/Seoul',
  profile: {
    title: '',
    phone: '',
    real_name: name,
    display_name: '',
    email: `${name.toLowerCase().replaceAll(' ', '.')}@contoso.com`,
    team,
  },
  is_bot: false,
  is_restricted: false,
  is_ultra_restricted: false,
  updated: 1709251200,
  ...more,
});

/** `2024-03-01T09:00:00Z` and a counter, as Slack writes it. */
export const slackTs = (instant: string, micros = 0): string =>
  `${Date.parse(instant) / 1000}.${String(micros).padStart(6, '0')}`;

export const slackMessage = (user: string, ts: string, text: string, more: Json = {}): Json => ({
  client_msg_id: `00000000-0000-4000-8000-${ts.replace('.', '').slice(-12)}`,
  type: 'message',
  user,
  text,
  ts,
  team,
  ...more,
});

export const slackZip = ({ users, channels, groups, dms, mpims, days, others = [] }: SlackExport): Buffer => {
  const indexes = Object.entries({ users, channels, groups, dms, mpims }).flatMap(([name, list]) =>
    list === undefined ? [] : [{ name: `${name}.json`, content: JSON.stringify(list, undefined, 4) }],
  );
  const dayFiles = Object.entries(days).map(([name, list]) => ({
    name,
    content: typeof list === 'string' ? list : JSON.stringify(list, undefined, 4),
  }));
  return zipOf([...indexes, ...dayFiles, ...others]);
};

const channel = (id: string, name: string, members: readonly string[], more: Json = {}): Json => ({
  id,
  name,
  created: 1704067200,
  creator: members[0],
  is_archived: false,
  is_general: name === 'general',
  members,
  topic: { value: '', creator: '', last_set: 0 },
  purpose: { value: '', creator: '', last_set: 0 },
  ...more,
});

/** A small workspace with a bit of everything. */
export const workspace: SlackExport = {
  users: [
    slackUser('U0ANN0001', 'Ann Lee', {
      profile: { real_name: 'Ann Lee', display_name: 'annie', email: 'ann.lee@contoso.com', team },
    }),
    slackUser('U0BOB0002', 'Bob Stone'),
    slackUser('U0KIM0003', '김민수', {
      profile: { real_name: '김민수', display_name: '민수', email: 'minsu.kim@contoso.com' },
    }),
    slackUser('U0CHEN004', '陳大文', {
      profile: { real_name: '陳大文', display_name: '', email: 'tm.chan@contoso.com' },
    }),
    slackUser('U0GONE005', 'Gone Person', { deleted: true }),
    slackUser('U0GUEST06', 'Guest Auditor', {
      is_restricted: true,
      profile: { real_name: 'Guest Auditor', email: 'guest@auditors.example' },
    }),
    slackUser('U0OTHER07', 'Olga Partner', {
      team_id: 'T0PARTNER',
      profile: { real_name: 'Olga Partner', email: 'olga@partner.example' },
    }),
    slackUser('U0BOT0008', 'buildbot', {
      is_bot: true,
      profile: { real_name: 'buildbot', bot_id: 'B0BUILD01', email: null },
    }),
  ],
  channels: [
    channel('C0GENERAL', 'general', ['U0ANN0001', 'U0BOB0002', 'U0KIM0003', 'U0CHEN004', 'U0GONE005']),
    channel('C0TRADES1', '交易-trades', ['U0KIM0003', 'U0CHEN004']),
    channel('C0QUIET01', 'quiet', ['U0ANN0001']),
  ],
  groups: [channel('G0SECRET1', 'secret-project', ['U0ANN0001', 'U0BOB0002', 'U0GUEST06'])],
  dms: [{ id: 'D0ANNBOB1', created: 1704067200, members: ['U0ANN0001', 'U0BOB0002'] }],
  mpims: [
    channel('G0MPIM001', 'mpdm-annie--bob.stone--minsu-1', ['U0ANN0001', 'U0BOB0002', 'U0KIM0003'], {
      created: 1709251200,
    }),
  ],
  days: {
    'general/2024-03-01.json': [
      slackMessage(
        'U0ANN0001',
        slackTs('2024-03-01T09:00:00Z', 100),
        'Morning <!here>, see <https://contoso.com/a?b=1&amp;c=2|the plan> &amp; tell <@U0BOB0002>',
        {
          thread_ts: slackTs('2024-03-01T09:00:00Z', 100),
          reply_count: 2,
          reactions: [{ name: '+1', users: ['U0BOB0002', 'U0KIM0003'], count: 2 }],
        },
      ),
      {
        type: 'message',
        subtype: 'channel_join',
        user: 'U0GONE005',
        text: '<@U0GONE005> has joined the channel',
        ts: slackTs('2024-03-01T09:01:00Z'),
      },
      slackMessage('U0BOB0002', slackTs('2024-03-01T09:05:00Z', 200), 'second reply', {
        thread_ts: slackTs('2024-03-01T09:00:00Z', 100),
      }),
      slackMessage('U0KIM0003', slackTs('2024-03-01T09:03:00Z', 300), '첫 번째 답장입니다', {
        thread_ts: slackTs('2024-03-01T09:00:00Z', 100),
      }),
      slackMessage('U0ANN0001', slackTs('2024-03-01T09:10:00Z'), 'corrected wording', {
        edited: { user: 'U0ANN0001', ts: slackTs('2024-03-01T09:11:00Z') },
        thread_ts: slackTs('2024-03-01T09:00:00Z', 100),
      }),
      slackMessage('U0BOB0002', slackTs('2024-03-01T09:20:00Z'), 'the contract', {
        files: [
          {
            id: 'F0CONTRACT',
            name: 'contract.pdf',
            title: 'Contract',
            mimetype: 'application/pdf',
            size: 12_345,
            mode: 'hosted',
            url_private: 'https://files.slack.com/files-pri/T0HOLD001-F0CONTRACT/contract.pdf',
          },
        ],
        upload: true,
      }),
      {
        type: 'message',
        subtype: 'bot_message',
        bot_id: 'B0WEBHOOK',
        username: 'Deploys',
        text: '',
        ts: slackTs('2024-03-01T09:30:00Z'),
        attachments: [
          {
            fallback: 'deploy failed',
            title: 'Deploy of api',
            text: 'failed on host-7',
            fields: [{ title: 'Stage', value: 'production', short: true }],
          },
        ],
      },
      slackMessage('U0BOT0008', slackTs('2024-03-01T09:31:00Z'), 'build 42 is green', {
        bot_id: 'B0BUILD01',
      }),
      {
        type: 'message',
        subtype: 'channel_topic',
        user: 'U0ANN0001',
        topic: 'Quarter &amp; close',
        text: '<@U0ANN0001> set the channel topic: Quarter &amp; close',
        ts: slackTs('2024-03-01T10:00:00Z'),
      },
      {
        type: 'message',
        subtype: 'me_message',
        user: 'U0BOB0002',
        text: 'leaves for lunch',
        ts: slackTs('2024-03-01T12:00:00Z'),
      },
      {
        type: 'message',
        subtype: 'tombstone',
        user: 'USLACKBOT',
        text: 'This message was deleted.',
        hidden: true,
        ts: slackTs('2024-03-01T13:00:00Z'),
      },
      {
        type: 'message',
        subtype: 'channel_leave',
        user: 'U0GONE005',
        text: '<@U0GONE005> has left the channel',
        ts: slackTs('2024-03-01T14:00:00Z'),
      },
    ],
    'general/2024-03-02.json': [],
    'general/2024-03-03.json':
      '[{"type":"message","user":"U0BOB0002","text":"before the break","ts":"1709456400.000100"},\n{"type":"message","user":"U0BOB0002", "text": broken},\n{"type":"message","user":"U0BOB0002","text":"after the break","ts":"1709456500.000100"},{"type":"message","te',
    '交易-trades/2024-03-01.json': [
      slackMessage('U0CHEN004', slackTs('2024-03-01T02:00:00Z'), '今日賣出五千股 <@U0KIM0003>'),
      slackMessage('U0KIM0003', slackTs('2024-03-01T02:01:00Z'), '확인했습니다 &lt;감사&gt;'),
      slackMessage('U0OTHER07', slackTs('2024-03-01T02:02:00Z'), 'noted by the partner'),
      slackMessage('U0NOBODY9', slackTs('2024-03-01T02:03:00Z'), 'said by nobody known'),
    ],
    'secret-project/2024-03-01.json': [
      slackMessage('U0GUEST06', slackTs('2024-03-01T11:00:00Z'), 'may I see the ledger?'),
      {
        type: 'message',
        subtype: 'thread_broadcast',
        user: 'U0BOB0002',
        text: 'also for the channel',
        ts: slackTs('2024-03-01T11:05:00Z'),
        thread_ts: slackTs('2024-03-01T11:00:00Z'),
      },
    ],
    'D0ANNBOB1/2024-03-01.json': [
      slackMessage('U0ANN0001', slackTs('2024-03-01T15:00:00Z'), 'just between us'),
      slackMessage('U0BOB0002', slackTs('2024-03-01T15:01:00Z'), 'agreed'),
    ],
    'mpdm-annie--bob.stone--minsu-1/2024-03-01.json': [
      slackMessage('U0KIM0003', slackTs('2024-03-01T16:00:00Z'), 'three of us'),
    ],
  },
  others: [
    { name: 'integration_logs.json', content: '[]' },
    { name: 'general/canvas_in_the_conversation.json', content: '{}' },
  ],
};
