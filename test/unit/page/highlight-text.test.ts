import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { excerptOf, segmentsOf } from '../../../services/search-api/page/highlight-text.js';

test('segments join to the text and mark exactly what the spans cover', () => {
  const spans = fc.array(fc.record({ offset: fc.nat(60), length: fc.nat(20) }), { maxLength: 6 });
  fc.assert(
    fc.property(fc.string({ maxLength: 60 }), spans, (text, given) => {
      const segments = segmentsOf(text, given);
      assert.equal(segments.map((segment) => segment.text).join(''), text);
      const marked = segments.flatMap((segment) => Array<boolean>(segment.text.length).fill(segment.marked));
      const wanted = [...Array(text.length).keys()].map((at) =>
        given.some(({ offset, length }) => at >= offset && at < offset + length),
      );
      assert.deepEqual(marked, wanted);
    }),
    { seed: 7, numRuns: 500 },
  );
});

test('the excerpt of a long text shows its first highlight and cuts no character in two', () => {
  const text = `${'👍'.repeat(1_000)}upgrade${'가'.repeat(1_000)}`;
  const { text: shown, spans } = excerptOf(text, [{ offset: 2_000, length: 7 }]);
  const [span] = spans;
  assert.equal(shown.slice(span!.offset, span!.offset + span!.length), 'upgrade');
  assert.ok(shown.isWellFormed());
  assert.ok(shown.length < 700);
  const last = excerptOf(text, [{ offset: text.length - 1, length: 1 }]);
  assert.equal(last.text.slice(last.spans[0]!.offset), '가');
});

test('without highlights a long text is shown from its beginning', () => {
  const { text } = excerptOf('a'.repeat(2_000), []);
  assert.ok(text.startsWith('aaa') && text.endsWith('…'));
});
