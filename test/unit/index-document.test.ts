import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { IndexDocument } from '../../schemas/archive/index-document.ts';
import { partSeparator } from '../../services/core/analysis/special-tokens.ts';
import { itemHash } from '../../services/core/item/canonical.ts';
import { toIndexDocument } from '../../services/core/item/index-document.ts';
import { encodePrefix, encodeValue } from '../../services/core/item/key-text.ts';
import { keysOf } from '../../services/core/item/keys.ts';
import { buildItem, type ItemSpec } from '../support/item-builder.ts';

const keysOfFirst = (spec: ItemSpec): string[] => {
  const item = buildItem(spec);
  return keysOf(item, item.versions[0]!);
};
// What FTS5 `ascii` or a white-space analyzer would split at or fold.
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are among what must not occur
const breaksEngines = /[\s\u0000-\u002f\u003a-\u0060\u007b-\u007f\ud800-\udfff]/;
const anyText = fc.string({
  unit: fc.oneof(
    fc.constantFrom(...'aB9 @.:#-\u3000\ue02e회👍\ud800'),
    fc.string({ unit: 'binary', minLength: 1, maxLength: 1 }),
  ),
  maxLength: 300,
});
const runs = { numRuns: 2000, seed: 20260728 };

describe('the text of a key', () => {
  it('is one token in every engine and never too long for one', () => {
    fc.assert(
      fc.property(anyText, (value) => {
        const encoded = encodeValue(value);
        assert.ok(!breaksEngines.test(encoded.replace(/[\ud800-\udbff][\udc00-\udfff]/g, '')));
        assert.ok(encoded.length <= 253);
      }),
      runs,
    );
  });

  it('is equal for equal values only', () => {
    fc.assert(
      fc.property(anyText, anyText, (one, other) => {
        assert.equal(encodeValue(one) === encodeValue(other), one === other);
        assert.notEqual(encodeValue(`${one}x`), encodeValue(one));
      }),
      runs,
    );
    assert.notEqual(encodeValue('P'), encodeValue('p'));
    assert.notEqual(encodeValue('x'.repeat(300)), encodeValue(`${'x'.repeat(299)}y`));
  });

  it('begins with the text of every beginning that can be asked for', () => {
    fc.assert(
      fc.property(anyText, fc.nat(100), (value, length) => {
        const beginning = [...value].slice(0, length).join('');
        const asked = encodePrefix(beginning);
        if (asked !== undefined) assert.ok(encodeValue(value).startsWith(asked));
      }),
      runs,
    );
  });
});

describe('the keys of a version', () => {
  it('name each person once under the letter of the part they took', () => {
    const keys = keysOfFirst({ from: 'ann', to: ['bob'], body: 'x' });
    assert.ok(keys.includes('fiann') && keys.includes('tibob'));
    assert.ok(!keys.some((key) => key.startsWith('w')));
    assert.equal(new Set(keys).size, keys.length);
  });

  it('hold the room instead of recipients, and bystanders apart', () => {
    const keys = keysOfFirst({
      kind: 'room',
      conversation: { kind: 'room', id: 'r1' },
      to: ['bob'],
      body: 'x',
    });
    assert.ok(keys.includes('oir1') && keys.includes('wibob'));
    assert.ok(!keys.some((key) => key.startsWith('t') || key.startsWith('g')));
  });

  it('say where a roster may lack somebody', () => {
    assert.ok(keysOfFirst({ body: 'x', complete: false }).includes('ht'));
    const inRoom = keysOfFirst({ kind: 'room', conversation: { kind: 'room' }, body: 'x', complete: false });
    assert.ok(inRoom.includes('hr') && !inRoom.includes('ht'));
    assert.ok(!keysOfFirst({ body: 'x' }).some((key) => key.startsWith('h')));
  });

  it('stay bounded for a roster of long names', () => {
    const to = Array.from({ length: 20 }, (_, index) => ({ id: `p${index}`, name: '이름'.repeat(128) }));
    assert.ok(keysOfFirst({ to, body: 'x' }).every((key) => key.length <= 255));
  });
});

describe('an index document', () => {
  it('is valid, holds the item and every version, and is the same for the same item', () => {
    const spec: ItemSpec = {
      body: 'Café 110-234',
      subject: 'S&P',
      files: ['a b.txt', 'c.txt'],
      edits: [{ body: 'x' }],
      deletedAt: '2024-03-05T10:00:00.000Z',
    };
    const item = buildItem(spec);
    const document = IndexDocument.parse(toIndexDocument(item));
    assert.deepEqual(JSON.parse(document.item), JSON.parse(JSON.stringify(item)));
    assert.equal(document.itemHash, itemHash(item));
    assert.equal(document.deletedAt, Date.parse('2024-03-05T10:00:00.000Z'));
    assert.equal(document.edits.length, 1);
    const [first, second] = document.versions;
    assert.equal(first?.body, 'cafe 110 234');
    assert.equal(first?.subject, 's \ue026 p');
    assert.equal(first?.names, `a b txt ${partSeparator} c txt`);
    assert.deepEqual(first?.joined.split(' '), ['110234', '\ue062110234']);
    assert.equal(first?.unread, true);
    assert.equal(second?.body, 'x');
    assert.deepEqual(toIndexDocument(buildItem(spec)), document);
  });

  it('takes the time of the log for live messages and of the source for imports', () => {
    const item = buildItem({ body: 'x' });
    const [version] = item.versions;
    const later = { ...item, versions: [{ ...version!, loggedAt: '2024-05-01T00:00:00.000Z' as const }] };
    assert.equal(
      toIndexDocument({ ...later, versions: later.versions }).sent,
      Date.parse('2024-05-01T00:00:00.000Z'),
    );
    assert.equal(toIndexDocument({ ...later, importId: 'i' }).sent, Date.parse(version!.sentAt));
  });

  it('is made also of an item that has facts but no version yet', () => {
    const item = buildItem({ originalMissing: true, deletedAt: '2024-03-05T10:00:00.000Z' });
    const document = IndexDocument.parse(toIndexDocument(item));
    assert.deepEqual(document.versions, []);
    assert.equal(document.sent, Date.parse('2024-03-05T10:00:00.000Z'));
  });

  it('has no text for system items', () => {
    const [version] = toIndexDocument(buildItem({ event: 'topic', detail: 'alpha' })).versions;
    assert.equal(version?.body, '');
    assert.equal(version?.subject, '');
  });
});
