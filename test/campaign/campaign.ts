import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';

export interface CampaignOptions {
  /** The same seed attempts the same. */
  readonly seed: number;
  /** How much is attempted, in the campaign's own unit. */
  readonly count: number;
  /** Progress, for people. */
  readonly say?: (line: string) => void;
}

export interface CampaignResult {
  readonly attempted: number;
  /** One line each: what was violated, and what replays it. */
  readonly violations: readonly string[];
  /** There was no more to attempt: less than the count is no fault. */
  readonly isExhausted?: boolean;
  /** What was seen besides, such as how often each kind of fault was reached. */
  readonly seen?: Readonly<Record<string, number | string>>;
}

/** An attempt, many times over, to break what Holdfast promises. */
export interface Campaign {
  readonly name: string;
  readonly edition: 'both' | 'standard' | 'enterprise';
  /** What is counted, such as `seeds` or `kills`. */
  readonly unit: string;
  /** Which invariants of the architecture it checks, for people. */
  readonly invariants: string;
  /** How much `make test` attempts, and how much `make scoreboard`. */
  readonly counts: { readonly test: number; readonly scoreboard: number };
  run(options: CampaignOptions): Promise<CampaignResult>;
}

/** Where every run of the tests begins; `make scoreboard` takes others. */
export const testSeed = 1;

/** Runs a campaign as a test: says attempted and violated, and fails with what was violated. */
export const assertHolds = async (t: TestContext, campaign: Campaign): Promise<void> => {
  const count = campaign.counts.test;
  const { attempted, violations, seen } = await campaign.run({ seed: testSeed, count });
  t.diagnostic(
    `${campaign.name} (${campaign.edition}): ${attempted} ${campaign.unit} attempted, ${violations.length} violated${seen === undefined ? '' : ` ${JSON.stringify(seen)}`}`,
  );
  assert.deepEqual(violations.slice(0, 20), []);
  assert.ok(attempted >= count, `${attempted} of ${count} ${campaign.unit} were attempted`);
};
