import { finds, type QueryVector } from './vector.ts';

/** Distances: strictly between, one part, no overlap. */
export const nearVectors: readonly QueryVector[] = [
  finds('move NEAR(2) offline', {
    hit: ['let’s move this offline', 'offline then move'],
    miss: ['move a b c offline'],
  }),
  finds('offline ONEAR(2) move', { miss: ['let’s move this offline'], hit: ['offline x move'] }),
  finds('move ONEAR(0) offline', { hit: ['move offline'], miss: ['offline move', 'move it offline'] }),
  finds('a NEAR(0) b', { hit: ['a b', 'b a'], miss: ['a x b'] }),
  finds('a NEAR(1) b', { hit: ['a x b'], miss: ['a x y b'] }),
  finds('alpha NEAR beta', {
    hit: ['alpha 1 2 3 4 5 6 7 8 beta', 'beta alpha'],
    miss: ['alpha 1 2 3 4 5 6 7 8 9 beta'],
  }),
  finds('a NEAR(3) a', { hit: ['a a', 'a x a'], miss: ['a', 'a 1 2 3 4 a'] }),
  finds('"a b" NEAR(5) "b c"', { hit: ['a b b c', 'b c a b'], miss: ['a b c'] }),
  finds('"a b a" NEAR(9) "a b a"', { hit: ['a b a a b a', 'a b a x a b a'], miss: ['a b a b a'] }),
  finds('회의록 NEAR(0) 초안', {
    hit: ['회의록 초안', '초안 회의록', '회의록초안'],
    miss: ['회의록의 초안'],
  }),
  finds('회의록 ONEAR(0) 초안', { hit: ['회의록 초안'], miss: ['초안 회의록'] }),
  finds('회의 NEAR(1) 초안', { hit: ['회의록 초안'], miss: ['회의록의 초안'] }),
  finds('회 NEAR(0) 의', { hit: ['회의', '의회'], miss: ['회록의', '회'] }),
  finds('內線 NEAR 交易', {
    hit: [`內線${'甲'.repeat(24)}交易`, '交易內線'],
    miss: [`內線${'甲'.repeat(25)}交易`],
  }),
  finds('insider NEAR 거래', { hit: ['insider 의 거래'], miss: ['insider'] }),
  finds('ab NEAR(1) 회의', { hit: ['ab 의 회의'], miss: ['ab 의 록 회의'] }),
  finds('brand* NEAR(2) order', { hit: ['order for brandon'], miss: ['order 1 2 3 brandon'] }),
  finds('"order brand*" NEAR(1) now', { hit: ['order branding it now'], miss: ['order it branding now'] }),
  finds('(buy OR sell) NEAR(2) (stock OR share*)', {
    hit: ['sell my shares', 'stock to buy'],
    miss: ['sell a b c shares', 'buy sell', 'stock share'],
  }),
  finds('(a OR "a b") NEAR(0) c', { hit: ['a b c', 'a c'], miss: ['a b x c'] }),
  finds('sudo apt-get NEAR(5) upgrade', {
    hit: ['sudo apt-get update && apt-get upgrade'],
    miss: ['apt-get upgrade', 'sudo apt-get 1 2 3 4 5 6 upgrade'],
  }),
  finds('subject:(a NEAR(1) b)', {
    hit: [{ subject: 'a b', body: 'x' }],
    miss: [{ subject: 'a', body: 'b' }, 'a b'],
  }),
  finds('subject:a NEAR(1) subject:b', { hit: [{ subject: 'b a', body: 'x' }], miss: ['a b'] }),
  finds('a NEAR(5) b', { miss: [{ subject: 'a', body: 'b' }] }),
  finds('NOT a NEAR(1) b', { hit: ['a x y b', 'a'], miss: ['a b'] }),
  finds('-a NEAR(1) b', { hit: ['c'], miss: ['b a'] }),
  finds('a NEAR(1) b OR c NEAR(1) d', { hit: ['d c', 'a b'], miss: ['a x y c x y b x y d'] }),
  finds('(a NEAR(1) b) AND (b NEAR(1) c)', { hit: ['a b c', 'a b x x x b c'], miss: ['a b x x x c'] }),
  finds('👍 NEAR(1) 승인', { hit: ['승인 👍', '👍 승인'], miss: ['승인 a b 👍'] }),
  finds('$100 NEAR(1) wire', { hit: ['wire $100', 'wire of $100'], miss: ['wire of the $100'] }),
  finds('attachmentnames:(plan NEAR(0) final)', {
    hit: [{ body: 'x', files: ['final-plan.doc'] }],
    miss: [{ body: 'plan final' }, { body: 'x', files: ['plan', 'final'] }],
  }),
  finds('x NEAR(100) y', { hit: [`x ${'z '.repeat(100)}y`], miss: [`x ${'z '.repeat(101)}y`] }),
];
