import { type Route, type RouteName, routes } from '../../../schemas/api/routes.ts';
import type { Dice } from '../../support/dice.ts';
import { eventInput } from './event-inputs.ts';
import { damageBytes, mutateJson, mutateText } from './mutate.ts';
import { oddStrings } from './odd-values.ts';
import { queryInput } from './query-inputs.ts';
import type { RawRequest } from './served-archive.ts';

export interface RequestInput extends RawRequest {
  /** Where it is sure which route answers. */
  readonly route?: RouteName;
  readonly isHead?: boolean;
}

/** What one installation is called by. */
export interface Served {
  readonly host: string;
  readonly token: string;
}

const zones = [
  'Asia/Seoul',
  'America/St_Johns',
  'Asia/Seoul',
  'aSIA/sEOUL',
  'Mars/Olympus',
  '+09:00',
  'UTC',
  '',
  'Etc/GMT+12',
  'x'.repeat(64),
  '\0',
];
const cursor = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');
const now = '2024-03-01T00:00:00.000Z';
const cursors = [
  cursor({ after: cursor(['sent', 1, 1]), offsets: [0, 0, 0, 0], now }),
  cursor({ after: cursor(['sent', Number.MAX_VALUE, -1]), offsets: [1, 1, 1, 1], now }),
  cursor({ after: cursor(['sent', '1', null]), offsets: [9e15, 0, 0, 0], now }),
  cursor({ after: '', offsets: [], now: '0000-01-01T00:00:00Z' }),
  cursor(['sent', 1, 1]),
  '0/0',
  '3/99999',
  '9999/999999999999999',
];

export const searchBody = (dice: Dice): object => ({
  query: queryInput(dice),
  limit: dice.pick([0, 1, 20, 500]),
  sort: dice.pick(['sent', 'conversation']),
  ...(dice.oneIn(8) ? { facets: ['kind', 'conversation', 'sender', 'day', 'week', 'month', 'terms'] } : {}),
  ...(dice.oneIn(6) ? { timeZone: dice.pick(zones) } : {}),
  ...(dice.oneIn(12) ? { after: dice.pick(cursors) } : {}),
  ...(dice.oneIn(5) ? { purpose: dice.pick(oddStrings).slice(0, 1024) } : {}),
});

const position = (dice: Dice): object => ({
  stream: dice.pick(['im', 'im', 'im', 'governance', 'audit']),
  generation: dice.pick([1, 1, 1, 2]),
  partition: dice.pick([0, 1, 2, 3, 4, 99, Number.MAX_SAFE_INTEGER]),
  offset: dice.pick([0, 1, 2, 3, Number.MAX_SAFE_INTEGER]),
});

const bodies: Partial<Record<RouteName, (dice: Dice) => unknown>> = {
  search: searchBody,
  known: (dice) => ({ events: [{ id: `event-${dice.below(4000)}`, contentHash: '0'.repeat(64) }] }),
  outcomes: (dice) => ({ positions: Array.from({ length: dice.below(4) }, () => position(dice)) }),
  note: (dice) => ({
    action: 'import.begin',
    purpose: dice.pick(oddStrings).slice(0, 1024),
    detail: { files: ['a'] },
  }),
  setScope: (dice) => ({
    // The scope itself stays: what the other inputs say must be archived.
    scope: { who: 'everyone' },
    commandId: `command-${dice.below(50)}`,
    expectedVersion: dice.below(100),
    reason: dice.pick(oddStrings).slice(0, 1024),
  }),
};

const bodyOf = (dice: Dice, name: RouteName): Buffer | undefined => {
  if (name === 'appendEvents') {
    const lines = Array.from({ length: 1 + dice.below(4) }, () => eventInput(dice));
    return Buffer.concat(lines.flatMap((line) => [line, Buffer.from('\n')]));
  }
  const made = bodies[name]?.(dice);
  if (made === undefined) return dice.oneIn(20) ? Buffer.from('{}') : undefined;
  return damageBytes(dice, Buffer.from(mutateJson(dice, made)));
};

const segment = (dice: Dice): string => {
  if (dice.oneIn(3))
    return dice.pick(['event-1', 'c1', 'page.js', 'c%31', '%00', '%ff', '%', '..', '%2e%2e%2f', ';', '']);
  const text = dice.pick(oddStrings).slice(0, 3000);
  return text.isWellFormed() ? encodeURIComponent(text) : text.replaceAll(/[^!-~]/g, '?');
};

const parameter = (dice: Dice): string => {
  const name = dice.pick([
    'limit',
    'from',
    'before',
    'around',
    'session',
    'after',
    '__proto__',
    'limit[]',
    '',
    'a',
  ]);
  const odd = segment(dice);
  return `${name}=${dice.pick(['0', '1', '-1', '1e3', '1e400', '501', 'event-1', ...cursors, odd, odd, odd])}`;
};

const targetOf = (dice: Dice, { path }: Route): string => {
  const filled = path.replace(/:\w+/, () => segment(dice));
  const query = dice.oneIn(2)
    ? ''
    : `?${Array.from({ length: 1 + dice.below(3) }, () => parameter(dice)).join('&')}`;
  const target = dice.oneIn(15) ? mutateText(dice, `${filled}${query}`) : `${filled}${query}`;
  // What is fuzzed is the address, not the framing: that has inputs of its own.
  return target.replaceAll(/[^!-~]/g, '').slice(0, 10_000) || '/';
};

const oddHeaders = [
  'Holdfast-Purpose: %ED%A0%80',
  'Holdfast-Purpose: %00%0a',
  `Holdfast-Purpose: ${'%EA%B0%80'.repeat(1025)}`,
  'Content-Encoding: gzip',
  'Transfer-Encoding: chunked',
  'Content-Length: 99999999999999',
  'Content-Length: -1',
  'Expect: 100-continue',
  'Expect: everything',
  'Origin: http://evil.example',
  'Sec-Fetch-Site: cross-site',
  'Upgrade: websocket\r\nConnection: Upgrade',
  'Range: bytes=0-0',
  'X-HTTP-Method-Override: DELETE',
  'Host: evil.example',
  `X-Long: ${'x'.repeat(20_000)}`,
  `X-Odd: ${'\x7f\xff'}`,
  'no colon here',
];

const mediaTypes = [
  'application/json; charset=utf-16',
  'text/html',
  '',
  'APPLICATION/JSON',
  'application/json;;;=',
];
const methods = [
  'GET',
  'HEAD',
  'POST',
  'PUT',
  'DELETE',
  'OPTIONS',
  'PATCH',
  'TRACE',
  'PROPFIND',
  'get',
  'G\0T',
];

/** Called rarely: they walk the whole archive. */
const costly = new Set<RouteName>(['verify', 'rebuildIndex', 'retryQuarantine']);
const names = (Object.keys(routes) as RouteName[]).flatMap((name) =>
  Array(costly.has(name) ? 1 : 60).fill(name),
);

/** The bytes of a request to one of the routes, as they go into a socket. */
export const requestInput = (dice: Dice, { host, token }: Served): RequestInput => {
  const name: RouteName = dice.pick(names);
  const route: Route = routes[name];
  const body = bodyOf(dice, name);
  const own = route.method.toUpperCase();
  const method = dice.oneIn(12) ? dice.pick(methods) : own;
  const target = dice.oneIn(3) ? route.path : targetOf(dice, route);
  const mediaType = dice.oneIn(12) ? dice.pick(mediaTypes) : route.body?.mediaTypes[0];
  const odd = dice.oneIn(6) ? [dice.pick(oddHeaders)] : [];
  const head = [
    `${method} ${target} HTTP/1.${dice.oneIn(30) ? 0 : 1}`,
    ...(dice.oneIn(40) ? [] : [`Host: ${host}`]),
    'Connection: close',
    ...(route.admin ? [`Authorization: ${dice.oneIn(6) ? 'Bearer wrong' : `Bearer ${token}`}`] : []),
    ...(body === undefined ? [] : [`Content-Type: ${mediaType}`, `Content-Length: ${body.length}`]),
    ...odd,
  ];
  const text = Buffer.from(`${head.join('\r\n')}\r\n\r\n`, 'latin1');
  const damaged = dice.oneIn(40) ? damageBytes(dice, text, 1) : text;
  return {
    ...(method === own && target === route.path ? { route: name } : {}),
    isHead: method === 'HEAD',
    isWhole: damaged === text && !/^(?:Content-Length|Transfer-Encoding)/.test(odd[0] ?? ''),
    bytes: body === undefined ? damaged : Buffer.concat([damaged, body]),
  };
};

/** A search as somebody's program would send it, whatever its query. */
export const searchInput = (dice: Dice, { host }: Served): RequestInput => {
  const body = Buffer.from(JSON.stringify(searchBody(dice)));
  const head = [
    'POST /api/v1/search HTTP/1.1',
    `Host: ${host}`,
    'Connection: close',
    'Content-Type: application/json',
    `Content-Length: ${body.length}`,
  ];
  return {
    route: 'search',
    isWhole: true,
    bytes: Buffer.concat([Buffer.from(`${head.join('\r\n')}\r\n\r\n`), body]),
  };
};
