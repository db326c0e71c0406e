import type { VerifyReport } from '../../../schemas/api/archive-operations.ts';
import type { CampaignResult } from '../campaign.ts';
import type { Change } from './change.ts';
import type { Verdict } from './verdict.ts';

/** Counts what was found, by whom, and what was not. */
export class Tally {
  readonly #say: (line: string) => void;
  readonly #seen = new Map<string, number>();
  readonly #violations: string[] = [];
  attempted = 0;

  constructor(say: (line: string) => void) {
    this.#say = say;
  }

  /** Not counted as attempted: nothing that can be read back is other than before, or the next start put it right. */
  without(effect: 'harmless' | 'made good' | 'unwitnessed tail', line: string): void {
    this.#count(effect);
    this.#say(`${line}: ${effect}`);
  }

  /** A tail that no head covers is counted, before and after part of it was cut off. */
  judgeTail({ ok, counted, expected }: { ok: boolean; counted: number; expected: number }): void {
    this.attempted += 1;
    this.#count('unwitnessed tail');
    const line = `the tail after the last head: ${counted} events counted of ${expected}`;
    if (ok && counted === expected && expected > 0) this.#say(line);
    else this.#missed(line, ok ? 'another number' : 'called wrong');
  }

  judge(kind: string, line: string, change: Change, verdict: Verdict): void {
    this.attempted += 1;
    this.#count(kind);
    if (verdict.kind === 'refused') this.#found(line, 'refused', verdict.because);
    else if (verdict.kind === 'failed') this.#missed(line, `verify failed: ${verdict.because}`);
    else this.#judgeReport(line, change, verdict.report);
  }

  #judgeReport(line: string, change: Change, { ok, differences }: VerifyReport): void {
    const isNamed = change.isNamedBy === undefined || differences.some(change.isNamedBy);
    if (ok) this.#missed(line, 'not detected');
    else if (isNamed) this.#found(line, 'reported', JSON.stringify(differences[0]));
    else this.#missed(line, `detected, but not named: ${JSON.stringify(differences.slice(0, 3))}`);
  }

  result(): CampaignResult {
    const without = (this.#seen.get('harmless') ?? 0) + (this.#seen.get('made good') ?? 0);
    if (without > 10 + this.attempted / 4)
      this.#violations.push(`${without} changes had no effect: too many to be true`);
    return { attempted: this.attempted, violations: this.#violations, seen: Object.fromEntries(this.#seen) };
  }

  #found(line: string, how: string, what: string): void {
    this.#count(how);
    this.#say(`${line}: ${how}: ${what}`);
  }

  #missed(line: string, how: string): void {
    this.#violations.push(`${line}: ${how}`);
    this.#say(`${line}: VIOLATED: ${how}`);
  }

  #count(what: string): void {
    this.#seen.set(what, (this.#seen.get(what) ?? 0) + 1);
  }
}
