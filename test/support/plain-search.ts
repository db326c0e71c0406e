import { type Hit, maxHighlights, type SearchAnswer, type SearchRequest } from '../../schemas/api/search.ts';
import type { Item, Version } from '../../schemas/archive/item.ts';
import { HoldfastError } from '../../services/core/errors.ts';

type Found = Pick<SearchAnswer, 'query' | 'echo' | 'total' | 'undetermined' | 'hits' | 'next' | 'warnings'>;

/** Plain words that must all be there, `"phrases"` and `sent>=` / `sent<=`; a small stand-in, not the language. */
export const plainSearch = (items: readonly Item[], request: SearchRequest): Found => {
  const { query } = request;
  const terms = termsOf(query);
  const all = items
    .flatMap((item) => hitOf(item, terms) ?? [])
    .sort((a, b) => b.item.firstOffset - a.item.firstOffset);
  const start = Number(request.after ?? 0);
  const next = start + request.limit < all.length ? { next: String(start + request.limit) } : {};
  return {
    query,
    echo: `(${terms.join(' AND ')})`,
    total: all.length,
    undetermined: 0,
    hits: all.slice(start, start + request.limit),
    warnings: warningsOf(query),
    ...next,
  };
};

const termsOf = (query: string): string[] => {
  const quotes = [...query.matchAll(/"/g)];
  if (quotes.length % 2 === 1) throw unterminated(query, quotes.at(-1)?.index ?? 0);
  const terms = [...query.matchAll(/"([^"]*)"|(\S+)/g)]
    .map((match) => match[1] ?? match[2] ?? '')
    .filter((term) => !/^[()]*$/.test(term));
  if (terms.length === 0) throw refused(query, { code: 'empty', message: 'There is nothing to search for.' });
  return terms;
};

const unterminated = (query: string, offset: number): HoldfastError =>
  refused(query, {
    code: 'unterminated-quote',
    message: 'The quote is not closed.',
    offset,
    length: 1,
    expected: 'a closing quote',
    fixes: [`${query}"`],
  });

const refused = (query: string, fault: object): HoldfastError =>
  new HoldfastError('QueryRefused', {
    faults: [{ offset: 0, length: query.length, fixes: [], ...fault }],
  });

const warningsOf = (query: string): SearchAnswer['warnings'] => {
  const at = query.search(/ and /);
  return at < 0
    ? []
    : [
        {
          code: 'lower-case-operator',
          class: 'meaning',
          message: '"and" is searched as a word.',
          offset: at + 1,
          length: 3,
          otherReading: query.replace(' and ', ' AND '),
          otherTotal: 2,
        },
      ];
};

const hitOf = (item: Item, terms: readonly string[]): Hit | undefined => {
  const versions = item.versions.filter((version) => terms.every((term) => holds(version, term)));
  if (versions.length === 0 || item.event !== 'message') return undefined;
  const highlights = versions.flatMap(({ number, body }) =>
    terms.flatMap((term) => highlightsOf(number, body ?? '', term)),
  );
  return {
    item,
    versions: versions.map(({ number }) => number),
    highlights: highlights.slice(0, maxHighlights),
    ...(highlights.length > maxHighlights ? { moreHighlights: true } : {}),
  };
};

const holds = (version: Version, term: string): boolean => {
  const date = /^sent([<>])=(\d{4}-\d\d-\d\d)$/.exec(term);
  if (date !== null) {
    const day = version.sentAt.slice(0, 10);
    return date[1] === '>' ? day >= date[2]! : day <= date[2]!;
  }
  return (version.body ?? '').toLowerCase().includes(term.toLowerCase());
};

const highlightsOf = (version: number, body: string, term: string): Hit['highlights'] => {
  const highlights: Hit['highlights'] = [];
  for (let at = indexOf(body, term, 0); at >= 0; at = indexOf(body, term, at + term.length))
    highlights.push({ version, part: 'body', offset: at, length: term.length });
  return highlights;
};

const indexOf = (text: string, term: string, from: number): number =>
  text.toLowerCase().indexOf(term.toLowerCase(), from);
