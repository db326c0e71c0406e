import { readdirSync, readFileSync } from 'node:fs';
import { cpuSecondsOf } from '../bench/processor-time.ts';
import { slopeOf } from '../bench/statistics.ts';
import { monotonicMs } from './schedule.ts';

/** A process that is watched; an engine is a launcher and a server. */
export interface Watched {
  readonly name: string;
  readonly pids: readonly number[];
}

export interface ProcessFigures {
  readonly name: string;
  readonly cpuSeconds: number;
  /** Resident, with the pages of files that are mapped, such as segments of an index. */
  readonly maxRssMib: number;
  /** Of what is its own: pages of mapped files grow with the data, and the system takes them back. Least squares over all samples. */
  readonly ownMibPerMinute: number;
  readonly maxDescriptors: number;
  readonly descriptorsPerMinute: number;
}

interface Sample {
  readonly minutes: number;
  readonly rssMib: number;
  readonly ownMib: number;
  readonly descriptors: number;
}

/** Every process of a group that lives now; none where the system does not tell. */
export const groupMembers = (group: number): number[] => {
  try {
    return readdirSync('/proc').flatMap((name) =>
      /^\d+$/.test(name) && groupOf(name) === group ? [Number(name)] : [],
    );
  } catch {
    return [];
  }
};

const groupOf = (pid: string): number | undefined => {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[2]);
  } catch {
    return undefined;
  }
};

const memoryMibOf = (pid: number): { readonly rss: number; readonly own: number } => {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  const mibOf = (line: RegExp) => Number(line.exec(status)?.[1] ?? 0) / 1024;
  return { rss: mibOf(/^VmRSS:\s+(\d+) kB$/m), own: mibOf(/^RssAnon:\s+(\d+) kB$/m) };
};

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

/** Looks at processes once a second until it is stopped; where the system does not tell, there are no figures. */
export class ProcessSampler {
  readonly #watched: readonly Watched[];
  readonly #samples: ReadonlyMap<string, Sample[]>;
  readonly #cpuBefore: ReadonlyMap<string, number>;
  readonly #timer: NodeJS.Timeout;
  readonly #startedMs = monotonicMs();

  constructor(watched: readonly Watched[]) {
    this.#watched = watched;
    this.#samples = new Map(watched.map(({ name }) => [name, []]));
    this.#cpuBefore = new Map(watched.map((one) => [one.name, cpuOf(one)]));
    this.#timer = setInterval(() => this.#look(), 1000);
  }

  stop(): ProcessFigures[] {
    clearInterval(this.#timer);
    return this.#watched.flatMap((one) => {
      const samples = this.#samples.get(one.name) ?? [];
      if (samples.length < 2) return [];
      const over = (of: (sample: Sample) => number) =>
        slopeOf(samples.map((each) => [each.minutes, of(each)]));
      return [
        {
          name: one.name,
          cpuSeconds: cpuOf(one) - (this.#cpuBefore.get(one.name) ?? 0),
          maxRssMib: Math.max(...samples.map(({ rssMib }) => rssMib)),
          ownMibPerMinute: over(({ ownMib }) => ownMib),
          maxDescriptors: Math.max(...samples.map(({ descriptors }) => descriptors)),
          descriptorsPerMinute: over(({ descriptors }) => descriptors),
        },
      ];
    });
  }

  #look(): void {
    const minutes = (monotonicMs() - this.#startedMs) / 60_000;
    for (const { name, pids } of this.#watched) {
      try {
        const memory = pids.map(memoryMibOf);
        const descriptors = sum(pids.map((pid) => readdirSync(`/proc/${pid}/fd`).length));
        const rssMib = sum(memory.map(({ rss }) => rss));
        const ownMib = sum(memory.map(({ own }) => own));
        this.#samples.get(name)?.push({ minutes, rssMib, ownMib, descriptors });
      } catch {
        // It ended, or the system does not tell.
      }
    }
  }
}

const cpuOf = ({ pids }: Watched): number => sum(pids.map((pid) => cpuSecondsOf(pid) ?? 0));
