import { z } from 'zod';
import {
  AppendAnswer,
  AuditNote,
  Coverage,
  KnownAnswer,
  KnownRequest,
  OutcomesAnswer,
  OutcomesRequest,
  QuarantineAnswer,
  RetryReport,
  ScopeAnswer,
  SetScopeRequest,
} from './archive-operations.ts';
import {
  ConversationPath,
  Health,
  ItemPath,
  maxAppendBytes,
  OutcomesPending,
  QuarantineRequest,
  Readiness,
  RebuildLine,
  VerifyLine,
} from './http-bodies.ts';
import {
  ConversationAnswer,
  ConversationRequest,
  ItemAnswer,
  SearchAnswer,
  SearchRequest,
} from './search.ts';

export interface RouteAnswer {
  readonly description: string;
  readonly mediaType: string;
  readonly schema: z.ZodType;
}

/** One call of the HTTP API. The server mounts exactly these; openapi.json describes exactly these. */
export interface Route {
  readonly method: 'get' | 'put' | 'post';
  /** Express form: `:name` stands for one segment. */
  readonly path: string;
  readonly summary: string;
  /** Changes how the archive is run: needs the token in server.json. */
  readonly admin: boolean;
  readonly params?: z.ZodObject;
  readonly query?: z.ZodObject;
  readonly body?: {
    readonly schema: z.ZodType;
    readonly mediaTypes: readonly string[];
    readonly maxBytes: number;
    /** The handler reads the body itself, piece by piece; otherwise it is one JSON value. */
    readonly streamed: boolean;
  };
  readonly answers: Readonly<Record<number, RouteAnswer>>;
  /** Codes of the error table it may answer with, besides those every route has. */
  readonly refusals: readonly string[];
}

/** Codes any call may be answered with. */
export const commonRefusals = ['BadRequest', 'Forbidden', 'Internal', 'RequestTimeout'] as const;
const unavailable = ['IndexUnavailable', 'AuditUnavailable', 'GovernanceStale'] as const;
const changing = ['ReadOnly', 'LogFull', 'LogUnavailable', 'Overloaded'] as const;

const json = (description: string, schema: z.ZodType): RouteAnswer => ({
  description,
  mediaType: 'application/json',
  schema,
});
const lines = (description: string, schema: z.ZodType): RouteAnswer => ({
  description,
  mediaType: 'application/jsonl',
  schema,
});
const text = (description: string, mediaType: string): RouteAnswer => ({
  description,
  mediaType,
  schema: z.string(),
});
const jsonBody = <S extends z.ZodType>(schema: S, maxBytes: number) =>
  ({ schema, mediaTypes: ['application/json'], maxBytes, streamed: false }) as const;

const kibibyte = 1024;
const mebibyte = 1024 * kibibyte;

export const routes = {
  appendEvents: {
    method: 'post',
    path: '/api/v1/events',
    summary:
      'Appends events, one JSON object a line (or one event as application/json). Durable when answered; lines are taken in order, and sending them again is harmless.',
    admin: false,
    body: {
      schema: z.string(),
      mediaTypes: ['application/jsonl', 'application/x-ndjson', 'text/plain', 'application/json'],
      maxBytes: maxAppendBytes,
      streamed: true,
    },
    answers: {
      200: json('Every line was accepted.', AppendAnswer),
      207: json('Some lines were quarantined or refused; each result says so.', AppendAnswer),
    },
    refusals: ['TooLarge', 'UnsupportedMedia', ...changing],
  },
  search: {
    method: 'post',
    path: '/api/v1/search',
    summary: 'Searches; every answer carries its certificate.',
    admin: false,
    // 64 KiB of query text, every character of it written as an escape.
    body: jsonBody(SearchRequest, 512 * kibibyte),
    answers: { 200: json('Hits, total and certificate.', SearchAnswer) },
    refusals: ['QueryRefused', 'TooLarge', 'UnsupportedMedia', ...unavailable],
  },
  item: {
    method: 'get',
    path: '/api/v1/items/:id',
    summary: 'One item with all its versions and facts.',
    admin: false,
    params: ItemPath,
    answers: { 200: json('The item.', ItemAnswer) },
    refusals: ['NotFound', ...unavailable],
  },
  conversation: {
    method: 'get',
    path: '/api/v1/conversations/:id',
    summary: 'A page of a conversation: around an item, from or before an offset, or the newest.',
    admin: false,
    params: ConversationPath,
    query: ConversationRequest,
    answers: { 200: json('Items in order of position.', ConversationAnswer) },
    refusals: ['NotFound', ...unavailable],
  },
  coverage: {
    method: 'get',
    path: '/api/v1/coverage',
    summary: 'What became of every event in the log.',
    admin: false,
    answers: { 200: json('Counts per partition and outcome.', Coverage) },
    refusals: ['LedgerUnavailable', ...unavailable],
  },
  known: {
    method: 'post',
    path: '/api/v1/known',
    summary: 'Which events are already accounted for with this very content.',
    admin: false,
    body: jsonBody(KnownRequest, mebibyte),
    answers: { 200: json('One answer an event, in the order asked.', KnownAnswer) },
    refusals: ['TooLarge', 'UnsupportedMedia', 'LedgerUnavailable'],
  },
  outcomes: {
    method: 'post',
    path: '/api/v1/outcomes',
    summary: 'Waits up to 20 s until every position has its outcome and is searchable.',
    admin: false,
    body: jsonBody(OutcomesRequest, 256 * kibibyte),
    answers: {
      200: json('One outcome a position, in the order asked.', OutcomesAnswer),
      202: json('Not yet; ask again.', OutcomesPending),
    },
    refusals: ['TooLarge', 'UnsupportedMedia', 'LedgerUnavailable'],
  },
  note: {
    method: 'post',
    path: '/api/v1/notes',
    summary: 'Writes the beginning or end of an import into the audit stream.',
    admin: true,
    body: jsonBody(AuditNote, 256 * kibibyte),
    answers: { 200: json('Written.', Health) },
    refusals: ['Unauthorized', 'TooLarge', 'UnsupportedMedia', 'AuditUnavailable', ...changing],
  },
  quarantine: {
    method: 'get',
    path: '/api/v1/quarantine',
    summary: 'Events that could not be understood, with bytes, position and reason.',
    admin: false,
    query: QuarantineRequest,
    answers: { 200: json('In order of position.', QuarantineAnswer) },
    refusals: ['LedgerUnavailable', ...unavailable],
  },
  retryQuarantine: {
    method: 'post',
    path: '/api/v1/quarantine/retry',
    summary: 'Reads the quarantined events again, after an upgrade.',
    admin: true,
    answers: { 200: json('How many were understood now.', RetryReport) },
    refusals: ['Unauthorized', 'LedgerUnavailable', ...unavailable, ...changing],
  },
  scope: {
    method: 'get',
    path: '/api/v1/scope',
    summary: 'Whose conversations are archived.',
    admin: false,
    answers: { 200: json('The scope in force.', ScopeAnswer) },
    refusals: ['AuditUnavailable', 'GovernanceStale'],
  },
  setScope: {
    method: 'put',
    path: '/api/v1/scope',
    summary: 'Sets whose conversations are archived from now on.',
    admin: true,
    body: jsonBody(SetScopeRequest, 16 * mebibyte),
    answers: { 200: json('The scope now in force.', ScopeAnswer) },
    refusals: [
      'Unauthorized',
      'Conflict',
      'TooLarge',
      'UnsupportedMedia',
      'AuditUnavailable',
      'GovernanceStale',
      ...changing,
    ],
  },
  verify: {
    method: 'post',
    path: '/api/v1/verify',
    summary: 'Recomputes everything from the log; stops when the caller hangs up.',
    admin: false,
    answers: { 200: lines('Progress, then the report.', VerifyLine) },
    refusals: ['LedgerUnavailable', 'LogUnavailable', ...unavailable],
  },
  rebuildIndex: {
    method: 'post',
    path: '/api/v1/rebuild-index',
    summary: 'Makes a new index from the log while searches go on; stops when the caller hangs up.',
    admin: true,
    answers: { 200: lines('Progress, then the report.', RebuildLine) },
    refusals: ['Unauthorized', 'Conflict', 'LedgerUnavailable', ...unavailable, ...changing],
  },
  health: {
    method: 'get',
    path: '/healthz',
    summary: 'The process runs.',
    admin: false,
    answers: { 200: json('It runs.', Health) },
    refusals: [],
  },
  readiness: {
    method: 'get',
    path: '/readyz',
    summary: 'The log can be written and the archiver runs.',
    admin: false,
    answers: { 200: json('Ready.', Readiness), 503: json('Not ready, and why.', Readiness) },
    refusals: [],
  },
  metrics: {
    method: 'get',
    path: '/metrics',
    summary: 'Figures for Prometheus.',
    admin: false,
    answers: { 200: text('Prometheus text format.', 'text/plain') },
    refusals: [],
  },
  openapi: {
    method: 'get',
    path: '/openapi.json',
    summary: 'This description.',
    admin: false,
    answers: { 200: json('OpenAPI 3.1.', z.looseObject({ openapi: z.string() })) },
    refusals: [],
  },
  page: {
    method: 'get',
    path: '/',
    summary: 'The search page.',
    admin: false,
    answers: { 200: text('The page.', 'text/html') },
    refusals: [],
  },
  pageFile: {
    method: 'get',
    path: '/page/:file',
    summary: 'Scripts and styles of the search page.',
    admin: false,
    params: z.strictObject({ file: z.string().max(64) }),
    answers: { 200: text('The file, in its own media type.', '*/*') },
    refusals: ['NotFound'],
  },
} as const satisfies Record<string, Route>;

export type Routes = typeof routes;
export type RouteName = keyof Routes;
