import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { faultCodes, warningCodes } from '../../services/core/query/fault.ts';
import { highlight } from '../../services/core/query/highlight.ts';
import { matchItem } from '../../services/core/query/match-item.ts';
import { parseQuery } from '../../services/core/query/parse-query.ts';
import { queryVectors } from '../support/query-vectors.ts';
import { refusedQueries } from '../support/vectors/refused-queries.ts';

describe('the pure matcher answers every vector', () => {
  for (const [number, vector] of queryVectors.entries())
    it(`${number}: ${vector.query.slice(0, 80)}`, () => {
      const result = parseQuery(vector.query, vector);
      assert.ok(result.ok, JSON.stringify(result));
      const { query, warnings } = result.parsed;
      assert.deepEqual(warnings.map(({ code }) => code).sort(), [...vector.warnings].sort());
      for (const item of vector.items) {
        const { truth, versions } = matchItem(query, item);
        const expected = vector.hits.includes(item.id)
          ? 'true'
          : vector.unknown.includes(item.id)
            ? 'unknown'
            : 'false';
        assert.equal(truth, expected, `${item.id} ${JSON.stringify(item.versions.map(({ body }) => body))}`);
        if (vector.versions[item.id] !== undefined) assert.deepEqual(versions, vector.versions[item.id]);
        for (const { offset, length, part, version } of highlight(query, item, versions).highlights) {
          const stored = item.versions.find((one) => one.number === version);
          const text = part === 'body' ? stored?.body : part === 'subject' ? stored?.subject : undefined;
          assert.ok(offset >= 0 && length > 0 && (text === undefined || offset + length <= text.length));
        }
      }
    });
});

describe('the echo of every vector', () => {
  it('read again is the same query and the same echo, without a warning about meaning', () => {
    for (const vector of queryVectors) {
      const first = parseQuery(vector.query, vector);
      assert.ok(first.ok);
      // Limits are written as instants, so neither the zone nor the time of asking matters any more.
      const again = parseQuery(first.parsed.echo, { now: new Date(0), timeZone: 'Asia/Kathmandu' });
      assert.ok(again.ok, `${vector.query} => ${first.parsed.echo} ${JSON.stringify(again)}`);
      assert.deepEqual(again.parsed.query, first.parsed.query, first.parsed.echo);
      assert.equal(again.parsed.echo, first.parsed.echo);
      assert.deepEqual(
        again.parsed.warnings.filter((warning) => warning.class === 'meaning'),
        [],
      );
    }
  });

  it('comes with other readings that can be read', () => {
    for (const vector of queryVectors) {
      const result = parseQuery(vector.query, vector);
      for (const { otherReading } of result.ok ? result.parsed.warnings : [])
        if (otherReading !== undefined) assert.ok(parseQuery(otherReading, vector).ok, otherReading);
    }
  });
});

describe('the tables of codes', () => {
  it('have a vector for every code but those of size, which the parser tests have', () => {
    const refused = new Set<string>(refusedQueries.map(({ code }) => code));
    const ofSize = new Set(['queryTooLong', 'tooManyTerms', 'tooDeep']);
    assert.deepEqual(
      faultCodes.filter((code) => !refused.has(code) && !ofSize.has(code)),
      [],
    );
    const warned = new Set<string>(queryVectors.flatMap(({ warnings }) => warnings));
    assert.deepEqual(
      warningCodes.filter((code) => !warned.has(code)),
      [],
    );
  });
});

describe('a query that cannot be answered is refused', () => {
  for (const refused of refusedQueries)
    it(`${refused.code}: ${refused.query.slice(0, 80)}`, () => {
      const result = parseQuery(refused.query, refused);
      assert.ok(!result.ok, result.ok ? result.parsed.echo : '');
      const [fault] = result.faults;
      assert.equal(fault?.code, refused.code, JSON.stringify(result.faults));
      assert.ok(fault.offset >= 0 && fault.offset + fault.length <= refused.query.length);
      if (refused.at !== undefined)
        assert.equal(refused.query.slice(fault.offset, fault.offset + fault.length), refused.at);
      if (refused.fixes !== undefined) assert.deepEqual(fault.fixes, refused.fixes);
      for (const fix of fault.fixes) {
        const fixed = parseQuery(fix, refused);
        // Of several faults a correction takes away one.
        assert.ok(fixed.ok || fixed.faults.length < result.faults.length, fix);
      }
    });
});
