import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { messageBody } from '../../services/importer/slack/message-body.ts';
import { mentionedPersons, readableText } from '../../services/importer/slack/slack-text.ts';
import { slackInstant } from '../../services/importer/slack/slack-time.ts';

const names = {
  person: (id: string) => ({ U1: '민수', U2: 'R&D <lab>' })[id],
  channel: (id: string) => ({ C1: 'general' })[id],
};
const readable = (text: string) => readableText(text, names);

describe('text of Slack', () => {
  test('names persons, channels and groups as people saw them', () => {
    assert.equal(
      readable('<@U1> and <@U2|old> and <@U9|Nina> and <@U9>'),
      '@민수 and @R&D <lab> and @Nina and @U9',
    );
    assert.equal(readable('<#C1|renamed> <#C1> <#C1|> <#C9>'), '#renamed #general #general #C9');
    assert.equal(readable('<!here> <!channel|channel> <!subteam^S1|@desk>'), '@here channel @desk');
    assert.equal(
      readable('<!subteam^S1> <!date^1392734382^{date}|Feb 18, 2014>'),
      '@subteam S1 Feb 18, 2014',
    );
  });

  test('shows where a link leads, once', () => {
    assert.equal(
      readable('<https://contoso.com/a?b=1&amp;c=2|the plan>'),
      'the plan (https://contoso.com/a?b=1&c=2)',
    );
    assert.equal(
      readable('<https://contoso.com> <http://contoso.com|contoso.com>'),
      'https://contoso.com http://contoso.com',
    );
    assert.equal(
      readable('<mailto:ann@contoso.com|ann@contoso.com> <mailto:x@y.z>'),
      'ann@contoso.com x@y.z',
    );
  });

  test('decodes its three entities once and leaves what is no mark', () => {
    assert.equal(
      readable('1 &lt; 2 &amp;&amp; 3 &gt; 2, &amp;lt; &quot; &copy;'),
      '1 < 2 && 3 > 2, &lt; &quot; &copy;',
    );
    assert.equal(readable('a < b and c > d <'), 'a < b and c > d <');
    assert.equal(readable('<<<<@U1'), '<<<<@U1');
  });

  test('a hostile text takes time in proportion to its length', () => {
    const text = '<'.repeat(200_000) + '<@U1'.repeat(50_000) + '&'.repeat(200_000);
    assert.equal(readable(text), text);
  });

  test('tells whom it mentions, each once', () => {
    assert.deepEqual(mentionedPersons('<@U1> <@U2|x> <@U1> <#C1> <!here> <@>'), ['U1', 'U2']);
  });

  test('is found in blocks and attachments where a bot writes it there, and not twice', () => {
    const section = { type: 'section', text: { type: 'mrkdwn', text: 'Deploy <@U1> &amp; co' } };
    const fields = {
      type: 'context',
      elements: [
        { type: 'plain_text', text: 'stage: blue' },
        { type: 'image', alt_text: 'no' },
      ],
    };
    assert.equal(
      messageBody({ text: 'Deploy', blocks: [section, fields] }, names).body,
      'Deploy\nDeploy @민수 & co\nstage: blue',
    );
    const attachments = [
      { pretext: 'alert', title: 'disk', fields: [{ title: 'host', value: 'h-7' }], fallback: 'unused' },
      { fallback: 'only this' },
    ];
    assert.equal(messageBody({ text: '', attachments }, names).body, 'alert\ndisk\nhost: h-7\nonly this');
    const rich = {
      type: 'rich_text',
      elements: [
        {
          type: 'rich_text_section',
          elements: [
            { type: 'text', text: 'a <b> & ' },
            { type: 'user', user_id: 'U1' },
            { type: 'link', url: 'https://x.example', text: 'x' },
            { type: 'emoji', name: 'wave' },
          ],
        },
      ],
    };
    assert.deepEqual(messageBody({ text: '', blocks: [rich] }, names), {
      body: 'a <b> & @민수x (https://x.example):wave:',
      mentioned: ['U1'],
    });
    assert.equal(messageBody({ text: 'said', blocks: [rich] }, names).body, 'said');
  });

  test('a timestamp is cut to milliseconds, not rounded', () => {
    assert.equal(slackInstant('1355517523.999999'), '2012-12-14T20:38:43.999Z');
    assert.equal(slackInstant('1355517523.000005'), '2012-12-14T20:38:43.000Z');
    assert.equal(slackInstant('1355517523.1'), '2012-12-14T20:38:43.100Z');
  });
});
