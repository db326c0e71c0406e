import { noFaults } from './network.ts';
import { type Operation, type Plan, planOf } from './plan.ts';
import { shrink } from './shrink.ts';
import { type SimulationResult, simulate } from './simulate.ts';

const usage = `make simulate SEED=n COUNT=m    runs the seeds n to n + m - 1
  KEEP=0,4,7     only the operations with these numbers
  FAULTS=none    without lost, torn and doubled requests`;

const { SEED = '1', COUNT = '100', KEEP = '', FAULTS = '' } = process.env;

const refuse = (what: string): never => {
  process.stderr.write(`${what}\n${usage}\n`);
  process.exit(2);
};

const whole = (text: string, name: string): number =>
  /^\d{1,9}$/.test(text) ? Number(text) : refuse(`${name} is a whole number, found "${text}".`);

if (!['', 'none'].includes(FAULTS)) refuse(`FAULTS is none or absent, found "${FAULTS}".`);
if (!/^(\d+(,\d+)*)?$/.test(KEEP)) refuse(`KEEP is a list of numbers such as 0,4,7, found "${KEEP}".`);

/** The plan with what is kept of it. */
const kept = (plan: Plan): Plan => {
  const numbers = new Set(KEEP.split(',').map(Number));
  const operations = KEEP === '' ? plan.operations : plan.operations.filter((_, at) => numbers.has(at));
  if (operations.length === 0)
    refuse(`Seed ${plan.seed} has the operations 0 to ${plan.operations.length - 1}.`);
  return { ...plan, operations, ...(FAULTS === 'none' ? { faults: noFaults } : {}) };
};

const describe = (operation: Operation): string =>
  JSON.stringify(operation, (key, value: unknown) =>
    key === 'bytes' ? Buffer.from((value as { readonly data: number[] }).data).toString() : value,
  );

const report = async (seed: number, plan: Plan, result: SimulationResult): Promise<void> => {
  process.stdout.write(
    `\nseed ${seed} violates:\n${result.violations.map((line) => `  ${line}\n`).join('')}`,
  );
  const smallest = await shrink(plan, result);
  const timesOf = planOf(seed).operations.map(({ atMs }) => atMs);
  const numbers = smallest.operations.map(({ atMs }) => timesOf.indexOf(atMs));
  const isQuiet = Object.values(smallest.faults).every((rate) => rate === 0);
  process.stdout.write(
    `  smallest found: make simulate SEED=${seed} COUNT=1 KEEP=${numbers.join(',')}${isQuiet ? ' FAULTS=none' : ''}\n` +
      smallest.operations.map((operation) => `    ${describe(operation)}\n`).join(''),
  );
};

const first = whole(SEED, 'SEED');
const count = whole(COUNT, 'COUNT');
if (count === 0) refuse('COUNT is at least 1.');
const startedMs = performance.now();
let violated = 0;
for (let seed = first; seed < first + count; seed++) {
  const plan = kept(planOf(seed));
  const result = await simulate(plan);
  if (process.stdout.isTTY)
    process.stdout.write(`\rseed ${seed}: ${result.steps} steps; ${violated} violated so far `);
  if (result.violations.length === 0) continue;
  violated += 1;
  await report(seed, plan, result);
}
const seconds = ((performance.now() - startedMs) / 1000).toFixed(1);
process.stdout.write(
  `\n${count} ${count === 1 ? 'seed' : 'seeds'} attempted, ${violated} violated, in ${seconds} s\n`,
);
process.exitCode = violated === 0 ? 0 : 1;
