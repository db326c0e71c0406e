import { hash } from 'node:crypto';
import type { Failpoint } from '../../../services/core/failpoint.ts';

/** One process of a chain and the place where it dies. */
export interface Kill {
  readonly seed: number;
  readonly link: number;
  readonly edition: 'standard' | 'enterprise';
  /** Absent in the last process of a chain, which ends when it is told to. */
  readonly point?: Failpoint;
  readonly nth: number;
  /** Turns of the event loop later. */
  readonly turns: number;
}

interface Aim {
  /** The furthest pass a seed may choose; fewer for what a process passes rarely. */
  readonly furthest: number;
  /** Where dying a little later makes a difference: something was sent. */
  readonly laterIn?: readonly Kill['edition'][];
}

/** A row for each failpoint, as in docs/failpoints.md. */
export const aims: Readonly<Record<Failpoint, Aim>> = {
  'archiver.fetched': { furthest: 24 },
  'archiver.prepared': { furthest: 24 },
  'archiver.decided': { furthest: 16 },
  'index.put-sent': { furthest: 16, laterIn: ['enterprise'] },
  'index.put-in-part': { furthest: 40 },
  'archiver.put': { furthest: 16 },
  'archiver.range-won': { furthest: 4 },
  'ledger.quarantine-recorded': { furthest: 4 },
  'archiver.settling': { furthest: 1 },
  'archiver.backing-off': { furthest: 1 },
  'archiver.partition-lost': { furthest: 3 },
  'sqlite.committing': { furthest: 24 },
  'index.swapping': { furthest: 2 },
  'audit.append-sent': { furthest: 6, laterIn: ['standard', 'enterprise'] },
};

export const failpoints = Object.keys(aims) as readonly Failpoint[];

/** What was put and not recorded is then recorded otherwise, and the next two die before that was set right. */
const follow: readonly Failpoint[] = ['archiver.range-won', 'archiver.settling'];

/** Every point once, in an order of the seed's own; low seeds die early in a process, while it recovers. */
export const planChain = (seed: number, edition: Kill['edition']): readonly Kill[] => {
  const after = seed % 2 === 0 ? follow : follow.toReversed();
  return failpoints
    .filter((point) => !follow.includes(point))
    .toSorted((a, b) => (draw(seed, a) < draw(seed, b) ? -1 : 1))
    .flatMap((point): Failpoint[] => (point === 'archiver.put' ? [point, ...after] : [point]))
    .map((point, link) => ({ seed, link, edition, point, ...aimAt(seed, point, edition) }));
};

const aimAt = (seed: number, point: Failpoint, edition: Kill['edition']) => {
  const { furthest, laterIn = [] } = aims[point];
  const [a = 0, b = 0] = hash('sha256', `aim ${seed} ${point}`, 'buffer');
  // Large documents are put once in a process.
  const within = point === 'index.put-in-part' && edition === 'enterprise' ? 1 : furthest;
  const reach = Math.max(1, Math.ceil((within * (1 + (seed % 4))) / 4));
  return { nth: 1 + (a % reach), turns: laterIn.includes(edition) ? b % 5 : 0 };
};

const draw = (seed: number, point: Failpoint): string => hash('sha256', `order ${seed} ${point}`, 'hex');

export const describeKill = ({ edition, seed, link, point, nth, turns }: Kill): string =>
  `${edition} seed ${seed} link ${link} at ${point}:${nth}:${turns}`;
