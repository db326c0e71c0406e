import { type RunCost, startCost, startGroupCost } from '../processor-time.ts';

/** Process groups of the engines; absent where they cannot be seen. */
export interface EnginePids {
  readonly kafka?: number | undefined;
  readonly elasticsearch?: number | undefined;
}

/** One run of a subject, in seconds from its first step towards the log until all is stored and accounted for; its own cost, and what the engines spent meanwhile. */
export interface RunFigures extends RunCost {
  /** Absent where the engine cannot be seen. */
  readonly kafkaCpuSeconds?: number | undefined;
  readonly elasticsearchCpuSeconds?: number | undefined;
  /** Most memory of the process so far. */
  readonly maxRssMb: number;
}

/** Begins to measure this process and the engines; the function returned tells what was spent since. */
export const startRun = ({ kafka, elasticsearch }: EnginePids): (() => RunFigures) => {
  const endKafka = startGroupCost(kafka);
  const endElasticsearch = startGroupCost(elasticsearch);
  const endCost = startCost();
  return () => ({
    ...endCost(),
    kafkaCpuSeconds: endKafka(),
    elasticsearchCpuSeconds: endElasticsearch(),
    maxRssMb: process.resourceUsage().maxRSS / 1024,
  });
};
