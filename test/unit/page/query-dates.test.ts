import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readSentDates, writeSentDates } from '../../../services/search-api/page/query-dates.js';

const dates = { from: '2004-12-01', until: '2004-12-31' };
const none = { from: '', until: '' };

test('dates are written behind the query and read back', () => {
  const query = writeSentDates('sudo upgrade', dates);
  assert.equal(query, 'sudo upgrade sent>=2004-12-01 sent<=2004-12-31');
  assert.deepEqual(readSentDates(query), dates);
  assert.equal(writeSentDates(query, none), 'sudo upgrade');
});

test('new dates replace the old ones', () => {
  assert.equal(
    writeSentDates('sent>=2001-01-01 sudo sent<=2002-02-02', { from: '2004-12-01', until: '' }),
    'sudo sent>=2004-12-01',
  );
  assert.equal(writeSentDates('', dates), 'sent>=2004-12-01 sent<=2004-12-31');
});

test('what is joined by OR is put in parentheses, once', () => {
  const query = writeSentDates('a OR b', dates);
  assert.equal(query, '(a OR b) sent>=2004-12-01 sent<=2004-12-31');
  assert.equal(writeSentDates(query, { from: '2005-01-01', until: '' }), '(a OR b) sent>=2005-01-01');
  assert.equal(
    writeSentDates('(a) OR (b)', { from: '2005-01-01', until: '' }),
    '((a) OR (b)) sent>=2005-01-01',
  );
});

test('what stands in quotes, or only looks alike, stays as it is', () => {
  const quoted = '"sent>=2004-12-01  x"';
  assert.deepEqual(readSentDates(quoted), none);
  assert.equal(writeSentDates(quoted, none), quoted);
  assert.equal(
    writeSentDates('sent>=2004-12-01T10:00 presented<=2004-12-01', none),
    'sent>=2004-12-01T10:00 presented<=2004-12-01',
  );
});
