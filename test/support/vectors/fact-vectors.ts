import type { ItemSpec } from '../item-builder.ts';
import { finds, type QueryVector } from './vector.ts';

const body = 'x';
const twice: ItemSpec = { body: 'alpha beta', edits: [{ body: 'alpha' }] };
const deleted: ItemSpec = { body: 'alpha', deletedAt: '2024-03-05T10:00:00.000Z' };
const joined: ItemSpec = { event: 'join', kind: 'room', conversation: { kind: 'room' }, detail: 'alpha' };
const withFile: ItemSpec = { body: 'see plan', files: ['Q3 plan.xlsx', 'notes.txt'] };
const loneFile: ItemSpec = { kind: 'file', files: ['merger.pdf'] };

/** Kinds, events, places, versions, deletions, files that nobody read. */
export const factVectors: readonly QueryVector[] = [
  finds('alpha -beta', { hit: [twice], miss: ['alpha beta'], versions: [2] }),
  finds('alpha', { hit: [twice], versions: [1, 2] }),
  finds('beta', { hit: [twice], versions: [1] }),
  finds('alpha gamma', { miss: [{ body: 'alpha', edits: [{ body: 'gamma' }] }] }),
  finds('"alpha gamma"', { miss: [{ body: 'alpha', edits: [{ body: 'gamma' }] }] }),
  finds('alpha NEAR(5) gamma', { miss: [{ body: 'alpha', edits: [{ body: 'gamma' }] }] }),
  finds('NOT alpha', { hit: [{ body: 'alpha', edits: [{ body: 'gamma' }] }], versions: [2] }),
  finds('beta version:latest', { miss: [twice], hit: ['beta'] }),
  finds('beta version:original', { hit: [twice], miss: [{ body: 'a', edits: [{ body: 'beta' }] }] }),
  finds('alpha version:latest', { hit: [twice], miss: [deleted], versions: [2] }),
  finds('version:original version:latest', { hit: ['x'], miss: [twice] }),
  finds('NOT version:latest', { hit: [twice, deleted], miss: ['x'], versions: [1] }),
  finds('alpha', { hit: [deleted] }),
  finds('NOT alpha', { miss: [deleted] }),
  finds('deleted:true', { hit: [deleted], miss: ['alpha'] }),
  finds('alpha deleted:false', { hit: ['alpha'], miss: [deleted] }),
  finds('deleted:2024-03-05', { hit: [deleted], miss: ['x'] }),
  finds('deleted>2024-03-05', { miss: [deleted] }),
  finds('deleted<=2024-03-05T10:00Z', { hit: [deleted] }),
  finds('-deleted>=2024-01-01', { hit: ['x'], miss: [deleted] }),
  finds('edited:true', { hit: [twice], miss: ['x'], versions: [1, 2] }),
  finds('edited:FALSE alpha', { hit: ['alpha'], miss: [twice] }),
  finds('edited:2024-03-02', {
    hit: [{ body, edits: [{ body: 'y', at: '2024-03-02T23:59:59.999Z' }] }],
    miss: [twice, 'x'],
  }),
  finds('edited>=2024-03-03', {
    hit: [
      {
        body,
        edits: [
          { body: 'y', at: '2024-03-02T10:00:00.000Z' },
          { body: 'z', at: '2024-03-03T00:00:00.000Z' },
        ],
      },
    ],
  }),
  finds('from:bob', { hit: [{ from: 'ann', body, edits: [{ from: 'bob', body: 'y' }] }], versions: [2] }),
  finds('version:original', { miss: [{ originalMissing: true, edits: [{ body }] }], hit: ['x'] }),
  finds('edited:true', { hit: [{ originalMissing: true, edits: [{ body }] }], versions: [2] }),
  finds('NOT alpha', { miss: [{ originalMissing: true, deletedAt: '2024-03-05T10:00:00.000Z' }] }),
  finds('kind:im', {
    hit: ['x'],
    miss: [
      { kind: 'room', body },
      { conversation: { kind: 'meeting' }, body },
    ],
  }),
  finds('kind:CHAT', {
    hit: ['x', { kind: 'room', body }, { conversation: { kind: 'meeting' }, body }],
    miss: [loneFile],
  }),
  finds('kind:email', { miss: ['x'], hit: [{ kind: 'mail', body }], warnings: ['kindAlias'] }),
  finds('kind:microsoftteams', {
    hit: ['x', { kind: 'call', body }],
    miss: [{ kind: 'mail', body }],
    warnings: ['kindAlias'],
  }),
  finds('-kind:room', { hit: ['x'], miss: [{ kind: 'room', body }] }),
  finds('kind:(im OR file)', { hit: ['x', loneFile], miss: [{ kind: 'room', body }] }),
  finds('alpha', { miss: [joined, { ...joined, detail: 'alpha' }], hit: ['alpha'] }),
  finds('event:join', { hit: [joined], miss: ['alpha'] }),
  finds('event:join alpha', { miss: [joined] }),
  finds('event:join event:leave', {
    hit: [joined, { ...joined, event: 'leave' }],
    miss: ['x'],
    warnings: ['sameProperty'],
  }),
  finds('event:message OR event:join', { hit: ['x', joined], miss: [{ ...joined, event: 'topic' }] }),
  finds('NOT event:message', { hit: [joined], miss: ['x'] }),
  finds('event:call', {
    hit: [{ event: 'start', kind: 'call', conversation: { kind: 'call' } }],
    miss: [{ event: 'start' }, 'x'],
  }),
  finds('event:invite participants:carl', {
    hit: [{ event: 'invite', about: 'carl' }],
    miss: [{ event: 'invite', about: 'dora' }],
  }),
  finds('conversation:conversation', { hit: ['x'], miss: [{ conversation: { id: 'other' }, body }] }),
  finds('conversation:"irc:#ubuntu"', {
    hit: [{ conversation: { id: 'irc:#ubuntu' }, body }],
    miss: [{ conversation: { id: 'IRC:#ubuntu' }, body }],
  }),
  finds('conversation:"deal room"', {
    hit: [{ conversation: { name: 'The Deal Room 2' }, body }],
    miss: [{ conversation: { name: 'Room Deal' }, body }],
  }),
  finds('conversation:회의', { hit: [{ conversation: { name: '정기회의' }, body }], miss: ['x'] }),
  finds('conversation:conv*', {
    hit: ['x', { conversation: { id: 'z', name: 'New conveyor' }, body }],
    miss: [{ conversation: { id: 'reconv' }, body }],
  }),
  finds('room:ubuntu', {
    hit: [{ kind: 'room', conversation: { kind: 'room', name: '#ubuntu' }, body }],
    miss: [{ conversation: { name: '#ubuntu' }, body }],
  }),
  finds('conversation:ubuntu', {
    hit: [
      { kind: 'room', conversation: { kind: 'room', name: '#ubuntu' }, body },
      { conversation: { name: '#ubuntu' }, body },
    ],
  }),
  finds('room:a room:b', {
    hit: [{ kind: 'room', conversation: { kind: 'room', id: 'b' }, body }],
    warnings: ['sameProperty'],
  }),
  finds('session:2004-12-25', {
    hit: [{ session: '2004-12-25', body }],
    miss: ['x', { session: '2004-12-2', body }],
  }),
  finds('session:2004-12*', {
    hit: [{ session: '2004-12-25', body }],
    miss: [{ session: '2005-12-25', body }],
  }),
  finds('direction:external', { hit: [{ direction: 'external', body }], miss: ['x'] }),
  finds('attachmentnames:plan', { hit: [withFile], miss: [{ body: 'plan', files: ['notes.txt'] }] }),
  finds('plan', { hit: [withFile, { body: 'x', files: ['plan'] }] }),
  finds('"plan xlsx"', { hit: [withFile] }),
  finds('attachmentnames:"xlsx notes"', { miss: [withFile] }),
  finds('"xlsx notes"', { unknown: [withFile], miss: ['xlsx, x notes'] }),
  finds('attachmentnames:plan AND attachmentnames:notes', {
    hit: [withFile],
    miss: [{ body, files: ['plan'] }],
  }),
  finds('merger', { hit: [loneFile], miss: ['x'] }),
  finds('secret', { unknown: [withFile, loneFile], miss: ['x'] }),
  finds('NOT secret', { unknown: [withFile], hit: ['x'], miss: ['secret'] }),
  finds('body:secret', { miss: [withFile] }),
  finds('NOT body:secret', { hit: [withFile] }),
  finds('subject:secret', { miss: [withFile] }),
  finds('plan secret', { unknown: [withFile], miss: [{ body: 'plan' }] }),
  finds('plan OR secret', { hit: [withFile] }),
  finds('secret NEAR(3) plan', { unknown: [withFile] }),
  finds('plan -secret', { unknown: [withFile], hit: ['plan'] }),
  finds('from:zed secret', { miss: [withFile] }),
  finds('from:ann -from:zed plan', { hit: [withFile] }),
  finds('110234567890', { unknown: [withFile], hit: [{ body, files: ['110-234-567890.pdf'] }] }),
  finds('attachmentnames:110234567890', {
    hit: [{ body, files: ['110-234-567890.pdf'] }],
    miss: [{ body: '110-234-567890', files: ['a'] }],
  }),
];
