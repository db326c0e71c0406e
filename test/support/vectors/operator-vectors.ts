import { finds, type QueryVector } from './vector.ts';

const ann = { from: 'ann', to: ['carl'] };
const bob = { from: 'bob', to: ['carl'] };

/** AND, OR, NOT, side by side, warnings, pasted queries. */
export const operatorVectors: readonly QueryVector[] = [
  finds('alpha AND beta OR delta', {
    hit: ['alpha beta gamma', 'delta'],
    miss: ['alpha', 'beta'],
    warnings: ['mixedOperators'],
  }),
  finds('alpha beta OR delta', {
    hit: ['beta alpha', 'delta'],
    miss: ['alpha'],
    warnings: ['mixedOperators'],
  }),
  finds('(alpha AND beta) OR delta', { hit: ['delta', 'alpha beta'], miss: ['alpha'] }),
  finds('alpha AND (beta OR delta)', { hit: ['alpha delta'], miss: ['delta', 'alpha'] }),
  finds('alpha OR beta OR gamma', { hit: ['gamma', 'alpha'], miss: ['delta'] }),
  finds('alpha NOT beta', { hit: ['alpha'], miss: ['alpha beta'] }),
  finds('alpha AND NOT (beta OR gamma)', { hit: ['alpha delta'], miss: ['alpha gamma', 'alpha beta'] }),
  finds('alpha -(beta gamma)', { hit: ['alpha beta', 'alpha gamma'], miss: ['alpha beta gamma'] }),
  finds('alpha -"beta gamma"', { hit: ['alpha gamma beta'], miss: ['alpha beta gamma'] }),
  finds('NOT alpha', { hit: ['beta'], miss: ['alpha'] }),
  finds('-alpha', { hit: ['beta'], miss: ['alpha'] }),
  finds('NOT NOT alpha', { hit: ['alpha'], miss: ['beta'] }),
  finds('NOT (NOT alpha OR NOT beta)', { hit: ['alpha beta'], miss: ['alpha', 'beta'] }),
  finds('alpha OR NOT beta', { hit: ['alpha beta', 'gamma'], miss: ['beta'] }),
  finds('((((alpha))))', { hit: ['alpha'], miss: ['beta'] }),
  finds('(alpha)(beta)', { hit: ['alpha beta'], miss: ['alpha'] }),
  finds('alpha"beta gamma"', { hit: ['beta gamma alpha'], miss: ['alpha beta'] }),
  finds('alpha and beta', { hit: ['alpha and beta'], miss: ['alpha beta'], warnings: ['lowerCaseOperator'] }),
  finds('alpha or beta', { hit: ['alpha or beta'], miss: ['alpha'], warnings: ['lowerCaseOperator'] }),
  finds('alpha not beta', { hit: ['not alpha beta'], miss: ['alpha'], warnings: ['lowerCaseOperator'] }),
  finds('not alpha', { hit: ['not alpha'], miss: ['beta'], warnings: ['lowerCaseOperator'] }),
  finds('Alpha And beta', { hit: ['beta and alpha'], miss: ['alpha beta'], warnings: ['lowerCaseOperator'] }),
  finds('to be or not to be', {
    hit: ['To be, or not to be'],
    miss: ['to be'],
    warnings: ['lowerCaseOperator', 'lowerCaseOperator'],
  }),
  finds('alpha "and" beta', { hit: ['alpha and beta'], miss: ['alpha beta'] }),
  finds('"alpha and beta"', { hit: ['alpha and beta'], miss: ['beta and alpha'] }),
  finds('alpha and', { hit: ['and alpha'], miss: ['alpha'] }),
  finds('-from:ann -from:bob', {
    hit: [{ ...ann, from: 'carl', to: ['ann'], body: 'x' }],
    miss: [
      { ...ann, body: 'x' },
      { ...bob, body: 'x' },
    ],
  }),
  finds('from:ann from:bob', {
    hit: [
      { ...bob, body: 'x' },
      { ...ann, body: 'x' },
    ],
    miss: [{ from: 'carl', to: ['ann', 'bob'], body: 'x' }],
    warnings: ['sameProperty'],
  }),
  finds('from:ann from:bob budget', {
    hit: [
      { ...bob, body: 'budget' },
      { ...ann, body: 'budget' },
    ],
    miss: [{ ...ann, body: 'x' }],
    warnings: ['sameProperty'],
  }),
  finds('budget from:ann from:bob OR gamma', {
    hit: [{ ...bob, body: 'budget' }, 'gamma'],
    miss: [{ from: 'carl', body: 'budget' }],
    warnings: ['mixedOperators', 'sameProperty'],
  }),
  finds('from:ann AND from:bob', {
    miss: [
      { ...bob, body: 'x' },
      { ...ann, body: 'x' },
    ],
  }),
  finds('from:ann budget from:bob', {
    miss: [
      { ...bob, body: 'budget' },
      { ...ann, body: 'budget' },
    ],
  }),
  finds('from:(ann OR bob)', { hit: [{ ...bob, body: 'x' }], miss: [{ from: 'carl', body: 'x' }] }),
  finds('from:(ann bob)', {
    hit: [{ ...bob, body: 'x' }],
    miss: [{ from: 'carl', body: 'x' }],
    warnings: ['sameProperty'],
  }),
  finds('from:(ann OR bob) from:carl', {
    hit: [
      { from: 'carl', body: 'x' },
      { ...bob, body: 'x' },
    ],
    miss: [{ from: 'dora', body: 'x' }],
    warnings: ['sameProperty'],
  }),
  finds('NOT from:(ann OR bob)', { hit: [{ from: 'carl', body: 'x' }], miss: [{ ...bob, body: 'x' }] }),
  finds('kind:im kind:room', {
    hit: ['x', { kind: 'room', body: 'x' }],
    miss: [{ conversation: { kind: 'meeting' }, body: 'x' }],
    warnings: ['sameProperty'],
  }),
  finds('direction:internal direction:external', {
    hit: ['x', { direction: 'external', body: 'x' }],
    warnings: ['sameProperty'],
  }),
  finds('participants:ann AND participants:bob', {
    hit: ['x'],
    miss: [{ from: 'ann', to: ['carl'], body: 'x' }],
  }),
  finds('participants:ann OR participants:bob', {
    hit: ['x', { from: 'ann', to: ['carl'], body: 'x' }],
    miss: [{ from: 'carl', to: ['dora'], body: 'x' }],
  }),
  finds('participants:(ann AND bob)', { hit: ['x'], miss: [{ from: 'ann', to: ['carl'], body: 'x' }] }),
  finds('participants:ann -participants:bob', {
    hit: [{ from: 'ann', to: ['carl'], body: 'x' }],
    miss: ['x'],
  }),
  finds('“alpha beta” –gamma', {
    hit: ['alpha beta'],
    miss: ['alpha beta gamma', 'beta alpha'],
    warnings: ['pastedQuotes', 'pastedDash'],
  }),
  finds('„alpha beta“', { hit: ['alpha beta'], miss: ['beta alpha'], warnings: ['pastedQuotes'] }),
  finds('«alpha beta»', { hit: ['alpha beta'], miss: ['beta alpha'], warnings: ['pastedQuotes'] }),
  finds('‘alpha beta’', { hit: ['alpha beta'], miss: ['beta alpha'], warnings: ['pastedQuotes'] }),
  finds('“alpha" OR “beta”', { hit: ['alpha', 'beta'], miss: ['or'], warnings: ['pastedQuotes'] }),
  finds('“alpha“ OR “beta”', { hit: ['alpha', 'beta'], miss: ['or'], warnings: ['pastedQuotes'] }),
  finds('"alpha” OR "beta"', { hit: ['alpha', 'beta'], miss: ['or'], warnings: ['pastedQuotes'] }),
  finds('「alpha" OR 「beta」', { hit: ['alpha', 'beta'], miss: ['or'], warnings: ['pastedQuotes'] }),
  finds('”alpha beta” OR »gamma«', {
    hit: ['alpha beta', 'gamma'],
    miss: ['beta'],
    warnings: ['pastedQuotes'],
  }),
  finds('‘alpha OR ‘beta’', { hit: ['alpha', 'beta'], miss: ['or'], warnings: ['pastedQuotes'] }),
  finds('‘tis', { hit: ['’tis', 'tis'] }),
  finds('alpha\u00a0beta', { hit: ['beta alpha'], miss: ['alpha'], warnings: ['pastedSpace'] }),
  finds('—alpha', { hit: ['beta'], miss: ['alpha'], warnings: ['pastedDash'] }),
  finds('\ufeffalpha', { hit: ['alpha'] }),
  finds('alpha\r\n\tbeta', { hit: ['beta alpha'], miss: ['alpha'] }),
  finds('FROM:ann', { hit: [{ ...ann, body: 'x' }], miss: [{ ...bob, body: 'x' }] }),
  finds('NOT(alpha)', { hit: ['beta'], miss: ['alpha'] }),
  finds('wow', { hit: ['wow!'] }),
  finds('what?', { hit: ['what now'] }),
  finds('10:30', { hit: ['at 10:30'], miss: ['30:10'] }),
];
