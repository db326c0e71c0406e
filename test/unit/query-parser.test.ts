import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { parseQuery } from '../../services/core/query/parse-query.ts';
import { queryLimits } from '../../services/core/query/query-limits.ts';
import { threadCpuMs } from '../support/thread-cpu.ts';

const options = { now: new Date('2024-03-10T12:00:00.000Z'), timeZone: 'UTC' };
const codeOf = (text: string) => {
  const result = parseQuery(text, options);
  return result.ok ? undefined : result.faults[0]?.code;
};
const echoOf = (text: string) => {
  const result = parseQuery(text, options);
  assert.ok(result.ok, JSON.stringify(result));
  return result.parsed.echo;
};

const queryOf = (text: string) => {
  const result = parseQuery(text, options);
  assert.ok(result.ok, JSON.stringify(result));
  return result.parsed.query;
};

describe('the query', () => {
  it('looks once for what is said twice side by side, and the echo says what was written', () => {
    const many = (text: string, operator: string) => Array(400).fill(text).join(` ${operator} `);
    assert.deepEqual(queryOf(many('recipients:!contoso.com', 'OR')), queryOf('recipients:!contoso.com'));
    assert.deepEqual(queryOf(many('(a -b)', 'AND')), queryOf('a -b'));
    assert.deepEqual(queryOf(many('up*', 'OR NOT')), queryOf('up* OR NOT up*'));
    assert.deepEqual(queryOf('(a OR b) (b OR a) (a OR b)'), queryOf('(a OR b) (b OR a)'));
    assert.equal(echoOf('a OR a'), '(a OR a) AND event:message');
  });
});

describe('the echo', () => {
  it('shows every operator with its parentheses, the default event and the default distance', () => {
    assert.equal(echoOf('alpha beta OR delta'), '((alpha AND beta) OR delta) AND event:message');
    assert.equal(echoOf('a NEAR b'), '(a NEAR(8) b) AND event:message');
    assert.equal(echoOf('회의 ONEAR 록'), '(회의 ONEAR(24) 록) AND event:message');
    assert.equal(echoOf('event:join'), 'event:join');
    assert.equal(echoOf('NOT (a OR event:join)'), 'NOT (a OR event:join)');
  });

  it('shows dates as instants of the zone asked in', () => {
    const result = parseQuery('sent:yesterday sent<=2024-01-01', { ...options, timeZone: 'Asia/Seoul' });
    assert.ok(result.ok);
    assert.equal(
      result.parsed.echo,
      'sent:2024-03-08T15:00:00.000Z..2024-03-09T14:59:59.999Z AND sent<=2024-01-01T14:59:59.999Z AND event:message',
    );
  });

  it('quotes what would not be read back as one word', () => {
    assert.equal(
      echoOf("let's “say no” AT&T and*"),
      '"let\'s" AND "say no" AND "AT&T" AND "and*" AND event:message',
    );
    assert.equal(
      echoOf('from:="a b@c" conversation:"irc:#x"'),
      'from:="a b@c" AND conversation:"irc:#x" AND event:message',
    );
  });
});

describe('warnings', () => {
  it('have a class, a place and the other reading', () => {
    const result = parseQuery('x alpha and beta', options);
    assert.ok(result.ok);
    const [warning] = result.parsed.warnings;
    assert.deepEqual(
      { ...warning, message: '' },
      {
        code: 'lowerCaseOperator',
        class: 'meaning',
        message: '',
        offset: 8,
        length: 3,
        otherReading: 'x alpha AND beta',
      },
    );
  });

  it('name the instants a time stands for that clocks showed twice', () => {
    const result = parseQuery('sent:2024-11-03T01:30', { ...options, timeZone: 'America/New_York' });
    assert.ok(result.ok);
    assert.match(
      result.parsed.warnings[0]?.message ?? '',
      /from 2024-11-03T05:30:00\.000Z to 2024-11-03T06:30:59\.999Z/,
    );
  });

  it('give the reading in which OR binds tighter', () => {
    const result = parseQuery('a (x) OR -b c OR d', options);
    assert.ok(result.ok);
    assert.equal(result.parsed.warnings[0]?.otherReading, 'a AND ((x) OR -b) AND (c OR d)');
  });
});

describe('faults', () => {
  it('of several terms are told together, in order', () => {
    const result = parseQuery('"!!!" a* kind:x', options);
    assert.ok(!result.ok);
    assert.deepEqual(
      result.faults.map(({ code, offset }) => [code, offset]),
      [
        ['nothingToSearch', 0],
        ['prefixTooShort', 6],
        ['invalidValue', 14],
      ],
    );
  });
});

describe('an answer is bounded', () => {
  it('to twenty faults and ten other readings, because each repeats the query', () => {
    const refusal = parseQuery('!!! '.repeat(500), options);
    assert.equal(refusal.ok ? 0 : refusal.faults.length, 20);
    const answer = parseQuery('(a b OR c) '.repeat(100), options);
    assert.ok(answer.ok);
    assert.equal(answer.parsed.warnings.length, 100);
    assert.equal(answer.parsed.warnings.filter((warning) => warning.otherReading !== undefined).length, 10);
  });
});

describe('a refusal is bounded', () => {
  it('in what it repeats of the query, and in time', () => {
    for (const piece of [
      'a:b ',
      '“',
      '‘ ',
      'a~ ',
      '!!! ',
      'from:a,b ',
      'abc:(',
      'sent:x ',
      '보낸:a ',
      'x',
      'x\u200b',
    ]) {
      const query = piece.repeat(Math.floor(queryLimits.bytes / Buffer.byteLength(piece)));
      const startedMs = threadCpuMs();
      const size = JSON.stringify(parseQuery(query, options)).length;
      assert.ok(threadCpuMs() - startedMs < 1000, piece);
      assert.ok(size < 400_000, `${piece} ${size}`);
    }
    const long = parseQuery(`${'n'.repeat(20_000)}:x`, options);
    assert.ok(!long.ok && long.faults.every(({ message }) => message.length < 300));
  });
});

describe('the parser is bounded', () => {
  it('answers ten thousand parentheses in under 50 ms', () => {
    const query = `${'('.repeat(10_000)}alpha${')'.repeat(10_000)}`;
    parseQuery(query, options);
    const startedMs = threadCpuMs();
    assert.equal(echoOf(query), 'alpha AND event:message');
    const open = codeOf('('.repeat(10_000));
    assert.ok(threadCpuMs() - startedMs < 1000, 'two queries');
    assert.equal(open, 'unmatchedParenthesis');
  });

  it('takes 64 KiB and refuses one byte more', () => {
    assert.equal(codeOf(`"${'한 '.repeat(16_383)}"`), undefined);
    assert.equal(codeOf('x'.repeat(queryLimits.bytes)), undefined);
    assert.equal(codeOf('x'.repeat(queryLimits.bytes + 1)), 'queryTooLong');
    assert.equal(codeOf('한'.repeat(queryLimits.bytes / 3 + 1)), 'queryTooLong');
    assert.equal(codeOf('x '.repeat(queryLimits.bytes / 2 + 1)), 'queryTooLong');
  });

  it('takes back every echo, also of a thousand terms, twenty levels and nearly 64 KiB', () => {
    const words = (write: (index: number) => string) =>
      Array.from({ length: 1000 }, (_, index) => write(index)).join(' ');
    let deep = 'x';
    for (let level = 0; level < 20; level += 1) deep = level % 2 === 0 ? `(${deep} y)` : `-${deep}`;
    for (const query of [
      words((index) => `w${index}`),
      words((index) => `-w${index}`),
      words((index) => `${'w'.repeat(60)}${index}`),
      words(() => 'deleted:today'),
      Array.from({ length: 500 }, () => 'kind:microsoftteams').join(' OR '),
      `attachmentnames:(${words((index) => (index < 999 ? `a-${index} OR` : 'b'))})`,
      'x'.repeat(queryLimits.bytes),
      `"${'한 '.repeat(16_383)}"`,
      deep,
    ]) {
      const first = parseQuery(query, options);
      assert.ok(first.ok, JSON.stringify(first).slice(0, 300));
      const again = parseQuery(first.parsed.echo, options);
      assert.ok(again.ok, `${query.slice(0, 40)} ${JSON.stringify(again).slice(0, 300)}`);
      assert.deepEqual(again.parsed.query, first.parsed.query);
      assert.equal(again.parsed.echo, first.parsed.echo);
    }
  });

  it('takes a thousand terms and refuses one more', () => {
    const words = (count: number) => Array.from({ length: count }, (_, index) => `w${index}`).join(' OR ');
    assert.equal(codeOf(words(1000)), undefined);
    assert.equal(codeOf(words(1001)), 'tooManyTerms');
    assert.equal(
      codeOf(`only:(${Array.from({ length: 1001 }, (_, index) => `p${index}`).join(', ')})`),
      'tooManyTerms',
    );
  });

  it('counts levels after like operators are one', () => {
    const nested = (levels: number, operators: readonly string[]) => {
      let query = 'x';
      for (let level = 0; level < levels; level += 1)
        query = `(y ${operators[level % operators.length]} ${query})`;
      return query;
    };
    assert.equal(codeOf(nested(900, ['AND'])), undefined);
    assert.equal(codeOf(nested(20, ['AND', 'OR'])), undefined);
    assert.equal(codeOf(nested(21, ['AND', 'OR'])), 'tooDeep');
    assert.equal(codeOf(`${'NOT '.repeat(20)}x`), undefined);
    assert.equal(codeOf(`${'NOT '.repeat(21)}x`), 'tooDeep');
    assert.equal(codeOf(`${'-('.repeat(5000)}x${')'.repeat(5000)}`), 'tooDeep');
  });

  it('answers hostile repetitions quickly', () => {
    const started = performance.now();
    for (const piece of [
      '‘ ',
      '“',
      '"a" ',
      'a!',
      'from:',
      'NEAR ',
      '- ',
      'a~',
      '*',
      'x NEAR(',
      'between:(',
      ',',
      '!!! ',
      '\u200b',
      'a?b',
      '(a OR ',
    ])
      codeOf(piece.repeat(Math.floor(20_000 / piece.length)));
    assert.ok(performance.now() - started < 20_000);
  });
});

const pieces = fc.constantFrom(
  ...'alpha|회의록|内|👍|C++|110-234|let’s| | | | |(|)|"|“|”|‘|’|AND|OR|NOT|and|NEAR|NEAR(3)|ONEAR|-|–|*|from:|to:|participants:|subject:|subject:(|from:(|between:(|only:(|,|sent:|sent>=|2024-01-01|..|today|kind:|im|event:|join|=|!|id:|foo:|:|（|）|：|\u00a0|\u200b|\ud800|\ue000|/s|w/5|~|deleted:true|conversation:|room:x|ann@contoso.com|contoso.com'.split(
    '|',
  ),
);
const queries = fc.oneof(
  { weight: 5, arbitrary: fc.array(pieces, { maxLength: 14 }).map((list) => list.join('')) },
  { weight: 3, arbitrary: fc.array(pieces, { maxLength: 10 }).map((list) => list.join(' ')) },
  { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 60 }) },
);

describe('any text', () => {
  it('is answered or refused at a place inside it, never thrown at', () => {
    let answered = 0;
    fc.assert(
      fc.property(queries, (text) => {
        const result = parseQuery(text, options);
        if (result.ok) answered += 1;
        else assert.ok(result.faults.length > 0);
        for (const { offset, length } of result.ok ? result.parsed.warnings : result.faults)
          assert.ok(offset >= 0 && length >= 0 && offset + length <= text.length, text);
      }),
      { numRuns: 5000, seed: 20260728 },
    );
    assert.ok(answered > 200, `${answered} of 5000 were queries`);
  });

  it('that is a query has an echo that is the same query', () => {
    fc.assert(
      fc.property(queries, (text) => {
        const first = parseQuery(text, options);
        if (!first.ok) return;
        const again = parseQuery(first.parsed.echo, { now: new Date(0), timeZone: 'America/Lima' });
        assert.ok(again.ok, `${JSON.stringify(text)} => ${first.parsed.echo}`);
        assert.deepEqual(again.parsed.query, first.parsed.query, first.parsed.echo);
        assert.equal(again.parsed.echo, first.parsed.echo);
      }),
      { numRuns: 8000, seed: 4711 },
    );
  });
});
