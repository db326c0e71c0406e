import type { ItemSpec } from '../item-builder.ts';
import { finds, type QueryVector } from './vector.ts';

const body = 'x';
const kim = { id: 'P1', address: 'Soojin.Lee@it.contoso.com', name: '이수진 (Ann Lee)' };
const evil = { id: 'P9', address: 'ann@evilcontoso.com', name: 'Ann Leeds' };
const sip = { id: 'P3', address: 'sip:carl@contoso.com', name: 'Carl' };
const room: ItemSpec = {
  kind: 'room',
  conversation: { kind: 'room', id: 'irc:#ubuntu', name: '#ubuntu' },
  body,
};
const closed = { from: 'ann@contoso.com', to: ['bob@contoso.com'], body };
const mixed = { from: 'ann@contoso.com', to: ['bob@contoso.com', 'eve@other.org'], body };

/** Who wrote, received, took part, was present; addresses, domains, names; unknown rosters. */
export const peopleVectors: readonly QueryVector[] = [
  finds('from:ann', {
    hit: [{ from: 'ann', body }],
    miss: [
      { from: 'bob', to: ['ann'], body },
      { from: 'anna', body },
    ],
  }),
  finds('from:P1', {
    hit: [{ from: kim, body }],
    miss: [
      { from: { id: 'p1', address: 'q@x.org' }, body },
      { from: evil, body },
    ],
  }),
  finds('from:id:P1', {
    hit: [{ from: kim, body }],
    miss: [{ from: { id: 'P2', address: 'P1@x.org' }, body }],
  }),
  finds('from:id:"P1"', { hit: [{ from: kim, body }] }),
  finds('from:soojin.lee@it.contoso.com', { hit: [{ from: kim, body }], miss: [{ from: evil, body }] }),
  finds('from:ＳＯＯＪＩＮ.LEE@IT.contoso.com', { hit: [{ from: kim, body }] }),
  finds('from:="Soojin.Lee@it.contoso.com"', { hit: [{ from: kim, body }] }),
  finds('from:=soojin.lee@it.contoso.com', { miss: [{ from: kim, body }] }),
  finds('from:carl@contoso.com', {
    hit: [
      { from: sip, body },
      { from: 'carl@contoso.com', body },
    ],
  }),
  finds('from:="sip:carl@contoso.com"', {
    hit: [{ from: sip, body }],
    miss: [{ from: 'carl@contoso.com', body }],
  }),
  finds('from:contoso.com', {
    hit: [
      { from: kim, body },
      { from: sip, body },
      { from: 'x@contoso.com', body },
    ],
    miss: [{ from: evil, body }],
  }),
  finds('from:contoso.com', { hit: [{ from: 'contoso.com@x.org', body }] }),
  finds('only:(contoso.com)', { miss: [{ from: 'contoso.com@x.org', to: [], body }] }),
  finds('from:!contoso.com', { hit: [{ from: 'contoso.com@x.org', body }] }),
  finds('from:it.contoso.com', { hit: [{ from: kim, body }], miss: [{ from: sip, body }] }),
  finds('from:@contoso.com', { hit: [{ from: sip, body }], miss: [{ from: evil, body }] }),
  finds('from:@localhost', { hit: [{ from: 'bob@localhost', body }], miss: [{ from: 'localhost', body }] }),
  finds('from:com', { miss: [{ from: sip, body }] }),
  finds('from:soojin.lee', { hit: [{ from: kim, body }] }),
  finds('from:"ann lee"', {
    hit: [{ from: kim, body }],
    miss: [
      { from: evil, body },
      { from: 'ann', body },
    ],
  }),
  finds('from:lee', { hit: [{ from: kim, body }], miss: [{ from: evil, body }] }),
  finds('from:이수진', { hit: [{ from: kim, body }], miss: [{ from: evil, body }] }),
  finds('from:수진', { hit: [{ from: kim, body }] }),
  finds('from:수', { hit: [{ from: kim, body }] }),
  finds('from:이진', { miss: [{ from: kim, body }] }),
  finds('from:le*', {
    hit: [
      { from: kim, body },
      { from: evil, body },
    ],
    miss: [{ from: sip, body }],
  }),
  finds('from:"ann le*"', {
    hit: [
      { from: kim, body },
      { from: evil, body },
    ],
  }),
  finds('from:ann@*', {
    hit: [
      { from: evil, body },
      { from: 'ann', body },
    ],
    miss: [{ from: kim, body }],
  }),
  finds('from:an*', {
    hit: [
      { from: 'ann', body },
      { from: kim, body },
    ],
    miss: [{ from: 'bob', body }],
  }),
  finds('to:bob', { hit: [{ to: ['bob', 'carl'], body }], miss: [{ from: 'bob', to: ['ann'], body }] }),
  finds('-to:bob', { hit: [{ to: ['carl'], body }], miss: [{ to: ['bob', 'carl'], body }] }),
  finds('recipients:bob', { hit: [{ to: ['bob'], body }], miss: [{ from: 'bob', to: ['ann'], body }] }),
  finds('participants:bob', {
    hit: [
      { to: ['bob'], body },
      { from: 'bob', to: ['ann'], body },
    ],
    miss: [{ to: ['carl'], body }],
  }),
  finds('NOT participants:contoso.com', {
    hit: [{ from: 'a@x.org', to: ['b@y.org'], body }],
    miss: [closed, mixed],
  }),
  finds('participants:!contoso.com', { hit: [mixed], miss: [closed] }),
  finds('from:!ann', { hit: [{ from: 'bob', body }], miss: [{ from: 'ann', body }] }),
  finds('to:!contoso.com', {
    hit: [mixed],
    miss: [closed, { ...mixed, from: 'eve@other.org', to: ['bob'] }],
  }),
  finds('only:(contoso.com)', { hit: [closed], miss: [mixed] }),
  finds('only:(ann, bob, other.org)', { hit: [mixed, closed], miss: [{ ...mixed, to: ['zed@zed.org'] }] }),
  finds('NOT only:(contoso.com)', { hit: [mixed], miss: [closed] }),
  finds('only:(id:ann, ="bob@contoso.com")', {
    hit: [{ from: 'ann', to: ['bob'], body }],
    miss: [{ from: 'ann', to: ['carl'], body }],
  }),
  finds('between:(ann, bob)', {
    hit: [
      { from: 'ann', to: ['bob', 'carl'], body },
      { from: 'bob', to: ['ann'], body },
    ],
    miss: [
      { from: 'carl', to: ['ann', 'bob'], body },
      { from: 'ann', to: ['carl'], body },
    ],
  }),
  finds('between:(이수진, "Ann Leeds")', {
    hit: [{ from: evil, to: [kim], body }],
    miss: [{ from: evil, to: ['bob'], body }],
  }),
  finds('-between:(ann, bob) budget', {
    hit: [{ from: 'ann', to: ['carl'], body: 'budget' }],
    miss: [{ body: 'budget' }],
  }),
  finds('to:ubuntu', { hit: [room], miss: [{ conversation: { name: 'ubuntu' }, body }] }),
  finds('to:#ubuntu', { hit: [room] }),
  finds('to:bob', { miss: [{ ...room, to: ['bob'] }] }),
  finds('participants:bob', { hit: [{ ...room, mentions: ['bob'] }], miss: [{ ...room, to: ['bob'] }] }),
  finds('participants:bob@contoso.com', { hit: [{ ...room, to: ['bob'], mentions: ['bob'] }] }),
  finds('present:bob', {
    hit: [
      { ...room, to: ['bob'] },
      { to: ['bob'], body },
    ],
    miss: [{ ...room, to: ['carl'] }],
  }),
  finds('present:ann', { hit: [room] }),
  finds('-present:bob', { hit: [{ ...room, to: ['carl'] }], miss: [{ ...room, to: ['bob'] }] }),
  finds('present:!contoso.com', { hit: [{ ...room, to: ['eve@other.org'] }], miss: [room] }),
  finds('between:(ann, bob)', { hit: [{ ...room, mentions: ['bob'] }], miss: [room] }),
  finds('present:bob', {
    unknown: [{ ...room, to: ['carl'], complete: false }],
    hit: [{ ...room, to: ['bob'], complete: false }],
  }),
  finds('-present:bob', {
    unknown: [{ ...room, to: ['carl'], complete: false }],
    miss: [{ ...room, to: ['bob'], complete: false }],
  }),
  finds('participants:bob', { miss: [{ ...room, to: ['carl'], complete: false }] }),
  finds('to:bob', { unknown: [{ to: ['carl'], complete: false, body }], hit: [{ complete: false, body }] }),
  finds('participants:bob', { unknown: [{ to: ['carl'], complete: false, body }] }),
  finds('from:bob', { miss: [{ from: 'ann', complete: false, body }] }),
  finds('only:(contoso.com)', {
    unknown: [{ ...closed, complete: false }],
    miss: [{ ...mixed, complete: false }],
  }),
  finds('participants:!contoso.com', {
    unknown: [{ ...closed, complete: false }],
    hit: [{ ...mixed, complete: false }],
  }),
  finds('between:(ann, zed)', {
    unknown: [{ complete: false, body }],
    miss: [{ from: 'carl', complete: false, body }],
  }),
  finds('to:bob alpha', {
    unknown: [{ to: ['carl'], complete: false, body: 'alpha' }],
    miss: [{ to: ['carl'], complete: false, body }],
  }),
  finds('to:bob OR alpha', {
    hit: [{ to: ['carl'], complete: false, body: 'alpha' }],
    unknown: [{ to: ['carl'], complete: false, body }],
  }),
];
