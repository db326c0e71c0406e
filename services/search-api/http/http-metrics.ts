import { Counter, collectDefaultMetrics, Histogram, Registry } from 'prom-client';
import type { AppendAnswer } from '../../../schemas/api/archive-operations.ts';

export interface ServedRequest {
  readonly method: string;
  /** The path as the route table writes it, so that ids never become labels; `none` for unknown ones. */
  readonly route: string;
  readonly status: number;
  readonly durationMs: number;
}

export interface HttpMetrics {
  /** Other parts of the process register their figures here too. */
  readonly registry: Registry;
  observeRequest(served: ServedRequest): void;
  countLines(answer: AppendAnswer): void;
  countProblem(code: string): void;
}

/** Figures of the process and of its HTTP server, for one scrape address. */
export const createHttpMetrics = (registry: Registry = new Registry()): HttpMetrics => {
  collectDefaultMetrics({ register: registry });
  const registers = [registry];
  const seconds = new Histogram({
    name: 'holdfast_http_request_duration_seconds',
    help: 'Time from the request to the end of its answer.',
    labelNames: ['method', 'route', 'status'],
    buckets: [0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1, 3, 10, 30],
    registers,
  });
  const lines = new Counter({
    name: 'holdfast_http_event_lines_total',
    help: 'Lines received by POST /api/v1/events.',
    labelNames: ['status'],
    registers,
  });
  const problems = new Counter({
    name: 'holdfast_http_problems_total',
    help: 'Answers that were problems, by code.',
    labelNames: ['code'],
    registers,
  });
  return {
    registry,
    observeRequest: ({ method, route, status, durationMs }) =>
      seconds.observe({ method, route, status }, durationMs / 1000),
    countLines: (answer) => {
      for (const status of ['accepted', 'quarantined', 'refused'] as const)
        lines.inc({ status }, answer[status]);
    },
    countProblem: (code) => problems.inc({ code }),
  };
};
