import type { z } from 'zod';
import {
  AppendAnswer,
  type AppendResult,
  Coverage,
  maxEventBytes,
  OutcomesAnswer,
} from '../../../schemas/api/archive-operations.ts';
import { OutcomesPending, VerifyLine } from '../../../schemas/api/http-bodies.ts';
import { decodeEvent } from '../../../services/core/conversation/decode-event.ts';
import { checkAnswer } from './check-answer.ts';
import { eventLine } from './event-inputs.ts';
import { diceOf, isPure, kindOf, violationOf } from './kinds.ts';
import { maxGrownBytes, maxInputMs, maxWaitMs } from './pure-range.ts';
import { type RequestInput, requestInput, searchInput } from './request-inputs.ts';
import { type FuzzedServer, type RawAnswer, startFuzzedServer } from './served-archive.ts';

const linesAtOnce = 40;
/** Inputs after which caches are full and code is compiled, so that what grows from then on is kept for ever. */
const warmUpShare = 0.4;

/** What walks the whole archive may take longer; nothing takes for ever. */
const isSlow = (route: string | undefined): boolean =>
  route === 'verify' || route === 'rebuildIndex' || route === 'retryQuarantine';

interface Line {
  readonly number: number;
  readonly bytes: Buffer;
}

export interface ServedResult {
  readonly violations: readonly string[];
  readonly seen: Readonly<Record<string, number>>;
}

/** Events, requests and searches sent to a server in a process of its own, in order. */
export const runServed = async (seed: number, from: number, to: number): Promise<ServedResult> => {
  await using server = await startFuzzedServer();
  return await new ServedRun(server, seed).run(from, to);
};

class ServedRun {
  readonly #server: FuzzedServer;
  readonly #seed: number;
  readonly #violations: string[] = [];
  readonly #seen: Record<string, number> = {};
  /** The most that an input took of a processor, what works beside it among it. */
  #slowestMs = 0;
  #lines: Line[] = [];

  constructor(server: FuzzedServer, seed: number) {
    this.#server = server;
    this.#seed = seed;
  }

  async run(from: number, to: number): Promise<ServedResult> {
    const server = this.#server;
    const warmAt = from + Math.floor((to - from) * warmUpShare);
    let heldBefore = await server.heldBytes();
    let residentBefore = await server.residentBytes();
    for (let number = from; number < to && server.death() === undefined; number += 1) {
      await this.#attempt(number);
      if (number !== warmAt) continue;
      heldBefore = await server.heldBytes();
      residentBefore = await server.residentBytes();
    }
    if (server.death() === undefined) {
      await this.#appendLines();
      await this.#checkWhole();
      const grown = (await server.heldBytes()) - heldBefore;
      this.#seen['grown MiB'] = Math.round(grown / 2 ** 20);
      this.#seen['resident MiB more'] = Math.round(
        ((await server.residentBytes()) - residentBefore) / 2 ** 20,
      );
      if (grown > maxGrownBytes)
        this.#violations.push(`seed ${this.#seed}: the server grew by ${grown} bytes`);
    }
    const seen = { ...this.#seen, 'slowest served ms': this.#slowestMs };
    return { violations: this.#violations, seen };
  }

  async #attempt(number: number): Promise<void> {
    const kind = kindOf(number);
    const dice = diceOf(this.#seed, number);
    if (kind === 'event') this.#lines.push({ number, bytes: eventLine(dice) });
    if (this.#lines.length >= linesAtOnce) await this.#appendLines();
    if (isPure(kind)) return;
    const request = kind === 'search' ? searchInput(dice, this.#server) : requestInput(dice, this.#server);
    const answer = await this.#send(number, request);
    for (const fault of answer === undefined ? [] : checkAnswer(request, answer))
      this.#violated(number, fault);
  }

  /** Sends it, again where it took too long: the archiver may have been at work beside it. */
  async #send(number: number, request: RequestInput): Promise<RawAnswer | undefined> {
    const limitMs = isSlow(request.route) ? maxWaitMs : maxInputMs;
    let answer: RawAnswer | undefined;
    for (let attempts = 0; attempts < 3; attempts += 1) {
      answer = await this.#server.exchange(request, maxWaitMs).catch(() => undefined);
      const death = this.#server.death();
      if (death !== undefined) {
        this.#violated(number, death);
        return undefined;
      }
      if (answer !== undefined && answer.usedMs <= limitMs) {
        this.#count(`${kindOf(number)} ${answer.status}`);
        if (!isSlow(request.route)) this.#slowestMs = Math.max(this.#slowestMs, answer.usedMs);
        return answer;
      }
    }
    this.#violated(
      number,
      `hung: ${answer === undefined ? 'no answer' : `${answer.usedMs} ms of processor time`}, three times`,
    );
    // One that never answers again would hold up every other input.
    if (answer === undefined) this.#server.kill();
    return answer;
  }

  /** What was appended gets an outcome, and what is readable and nothing else is accepted; only what is too long is refused. */
  async #appendLines(): Promise<void> {
    const lines = this.#lines.filter(({ bytes }) => bytes.some((byte) => byte > 0x20));
    this.#lines = [];
    const [first] = lines;
    if (first === undefined) return;
    const body = Buffer.concat(lines.flatMap(({ bytes }) => [bytes, Buffer.from('\n')]));
    const answer = await this.#post(first.number, { path: '/api/v1/events', mediaType: 'text/plain', body });
    if (answer === undefined) return;
    const { results } = AppendAnswer.parse(answer);
    if (results.length !== lines.length) return this.#violated(first.number, 'not every line was answered');
    const positions = results.flatMap((result) => ('position' in result ? [result.position] : []));
    const asked = Buffer.from(JSON.stringify({ positions }));
    const outcomes = await this.#outcomes(first.number, asked);
    if (outcomes === undefined) return;
    let next = 0;
    for (const [at, { number, bytes }] of lines.entries()) {
      const { status } = results[at]!;
      const expected = expectedStatus(stripped(bytes));
      if (status !== expected) this.#violated(number, `it is ${status} instead of ${expected}`);
      if (status === 'refused') continue;
      const outcome = outcomes[next++]?.outcome;
      if (outcome === undefined || outcome === 'control') this.#violated(number, `its outcome is ${outcome}`);
      else this.#count(`event ${outcome}`);
    }
  }

  /** Asks again while the server says "not yet". */
  async #outcomes(
    number: number,
    body: Buffer,
  ): Promise<z.output<typeof OutcomesAnswer>['outcomes'] | undefined> {
    const call = { path: '/api/v1/outcomes', mediaType: 'application/json', body };
    for (let attempts = 0; attempts < 5; attempts += 1) {
      const answer = await this.#post(number, call);
      if (answer === undefined) return undefined;
      if (!OutcomesPending.safeParse(answer).success) return OutcomesAnswer.parse(answer).outcomes;
    }
    this.#violated(number, 'what was appended has no outcome after it was asked for five times');
    return undefined;
  }

  async #post(number: number, call: { path: string; mediaType: string; body: Buffer }): Promise<unknown> {
    const head = `POST ${call.path} HTTP/1.1\r\nHost: ${this.#server.host}\r\nConnection: close\r\nContent-Type: ${call.mediaType}\r\nContent-Length: ${call.body.length}\r\n\r\n`;
    const request = { bytes: Buffer.concat([Buffer.from(head), call.body]), isWhole: true };
    // The server itself waits up to 20 s for outcomes.
    const answer = await this.#server.exchange(request, 2 * maxWaitMs);
    if (answer.status >= 200 && answer.status < 300) return JSON.parse(answer.body);
    const what = `${call.path} was answered with ${answer.status} ${answer.body.slice(0, 300)}`;
    this.#violated(number, `${what} after ${answer.tookMs.toFixed(0)} ms`);
    return undefined;
  }

  /** Every event has its outcome, and the second program finds nothing else than the first made. */
  async #checkWhole(): Promise<void> {
    const get = Buffer.from(
      `GET /api/v1/coverage HTTP/1.1\r\nHost: ${this.#server.host}\r\nConnection: close\r\n\r\n`,
    );
    const answer = await this.#server.exchange({ bytes: get, isWhole: true }, maxWaitMs);
    const { totals } = Coverage.parse(JSON.parse(answer.body));
    const outcomes = Object.values(totals.outcomes).reduce((sum, count) => sum + count, 0);
    if (totals.pending !== 0 || outcomes !== totals.logged)
      this.#violations.push(`seed ${this.#seed}: coverage does not add up: ${JSON.stringify(totals)}`);
    const post = `POST /api/v1/verify HTTP/1.1\r\nHost: ${this.#server.host}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`;
    const { body } = await this.#server.exchange({ bytes: Buffer.from(post), isWhole: true }, maxWaitMs * 10);
    const last = VerifyLine.parse(JSON.parse(body.trim().split('\n').at(-1) ?? ''));
    if (last.kind !== 'report' || !last.report.ok || last.report.differences.length > 0)
      this.#violations.push(`seed ${this.#seed}: verify says ${JSON.stringify(last).slice(0, 1000)}`);
  }

  #violated(number: number, what: string): void {
    this.#violations.push(violationOf(this.#seed, number, what));
  }

  #count(what: string): void {
    this.#seen[what] = (this.#seen[what] ?? 0) + 1;
  }
}

/** Whatever it says, a line that is too long is not even read; every other one is kept. */
const expectedStatus = (line: Buffer): AppendResult['status'] => {
  if (line.length > maxEventBytes) return 'refused';
  return decodeEvent(line).ok ? 'accepted' : 'quarantined';
};

const carriageReturn = 0x0d;
/** As it was read of the request: a carriage return at its end belongs to the line end. */
const stripped = (bytes: Buffer): Buffer => (bytes.at(-1) === carriageReturn ? bytes.subarray(0, -1) : bytes);
