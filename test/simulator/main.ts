import { parseArgs } from 'node:util';
import { type Operation, type Plan, planOf } from './plan.ts';
import { shrink } from './shrink.ts';
import { simulate } from './simulate.ts';

const usage = `make simulate SEED=n COUNT=m    runs the seeds n to n + m - 1
               KEEP=0,4,7         of one seed, only the operations with these numbers
               FAULTS=none        without lost, torn and doubled requests`;

const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: '1' },
    count: { type: 'string', default: '100' },
    keep: { type: 'string', default: '' },
    faults: { type: 'string', default: '' },
  },
});

const whole = (text: string, name: string): number => {
  const number = Number(text);
  if (Number.isSafeInteger(number) && number >= 0) return number;
  process.stderr.write(`${name} is a whole number, found "${text}".\n${usage}\n`);
  process.exit(2);
};

const numberOf = (plan: Plan, operation: Operation): number => plan.operations.indexOf(operation);

const kept = (plan: Plan): Plan => {
  const numbers = new Set(values.keep.split(',').map(Number));
  const operations =
    values.keep === '' ? plan.operations : plan.operations.filter((_, at) => numbers.has(at));
  const faults =
    values.faults === 'none' ? { lostRequest: 0, lostAnswer: 0, torn: 0, doubled: 0 } : plan.faults;
  return { ...plan, operations, faults };
};

const describe = (operation: Operation): string =>
  JSON.stringify(operation, (key, value: unknown) =>
    key === 'bytes' ? Buffer.from(Object.values(value as object)).toString() : value,
  );

const first = whole(values.seed, 'SEED');
const count = whole(values.count, 'COUNT');
const startedMs = performance.now();
let violated = 0;
for (let seed = first; seed < first + count; seed++) {
  const plan = kept(planOf(seed));
  const result = await simulate(plan);
  if (process.stdout.isTTY)
    process.stdout.write(`\rseed ${seed}, ${result.steps} steps, ${violated} violated `);
  if (result.violations.length === 0) continue;
  violated += 1;
  process.stdout.write(
    `\nseed ${seed} violates:\n${result.violations.map((line) => `  ${line}`).join('\n')}\n`,
  );
  const smallest = await shrink(plan, result);
  const full = planOf(seed);
  const numbers = smallest.operations.map((operation) =>
    numberOf(full, full.operations.find((one) => one.atMs === operation.atMs)!),
  );
  const isQuiet = Object.values(smallest.faults).every((rate) => rate === 0);
  process.stdout.write(
    `  smallest: make simulate SEED=${seed} COUNT=1 KEEP=${numbers.join(',')}${isQuiet ? ' FAULTS=none' : ''}\n` +
      smallest.operations.map((operation) => `    ${describe(operation)}\n`).join(''),
  );
}
const seconds = ((performance.now() - startedMs) / 1000).toFixed(1);
process.stdout.write(`\n${count} seeds attempted, ${violated} violated, in ${seconds} s\n`);
process.exitCode = violated === 0 ? 0 : 1;
