import { planOf } from './plan.ts';
import { simulate } from './simulate.ts';

/** Prints the first seed of `first` to `last` that violates something, and what: for a process with a mutation. */
const [first = 1, last = 2000] = process.argv.slice(2).map(Number);
for (let seed = first; seed <= last; seed++) {
  const [violation] = (await simulate(planOf(seed))).violations;
  if (violation === undefined) continue;
  process.stdout.write(JSON.stringify({ seed, violation }));
  break;
}
