import { fork } from 'node:child_process';
import { once } from 'node:events';
import type { Campaign, CampaignResult } from './campaign.ts';
import type { CampaignAnswer } from './campaign-child.ts';
import type { ScoreboardRow } from './scoreboard-report.ts';

export interface CampaignRun {
  readonly seed: number;
  readonly count: number;
  readonly signal: AbortSignal;
  readonly say: (line: string) => void;
}

const keptViolations = 20;

/** Runs a campaign in a process of its own. What ends without a result, or attempts less, is a violation. */
export const runCampaign = async (campaign: Campaign, run: CampaignRun): Promise<ScoreboardRow> => {
  const { name, edition, unit, invariants } = campaign;
  const startedMs = performance.now();
  const { attempted, violations, isExhausted = false, seen } = await resultOf(campaign, run);
  const isShort = violations.length === 0 && attempted < run.count && !isExhausted;
  const all = isShort ? [`only ${attempted} of ${run.count} ${unit} were attempted`] : violations;
  return {
    campaign: name,
    edition,
    invariants,
    unit,
    attempted,
    violated: all.length,
    seed: run.seed,
    seconds: Math.round((performance.now() - startedMs) / 100) / 10,
    ...(seen === undefined ? {} : { seen }),
    violations: all.slice(0, keptViolations),
  };
};

const resultOf = async (
  { name, edition }: Campaign,
  { seed, count, signal, say }: CampaignRun,
): Promise<CampaignResult> => {
  const child = fork(
    new URL('./campaign-child.ts', import.meta.url),
    [name, edition, `${seed}`, `${count}`],
    {
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    },
  );
  const complaint = lastLines(child.stderr!);
  let answered: Exclude<CampaignAnswer, { kind: 'say' }> | undefined;
  child.on('message', (answer: CampaignAnswer) => {
    if (answer.kind === 'say') return say(answer.line);
    answered = answer;
    // Not left to end by itself: Node may wait for ever for a compiler's thread (nodejs/node issue 54918).
    child.kill('SIGKILL');
  });
  const stop = (): void => void child.kill('SIGTERM');
  signal.addEventListener('abort', stop);
  const [code, killedBy] = await once(child, 'close');
  signal.removeEventListener('abort', stop);
  if (answered?.kind === 'result') return answered.result;
  const said = answered?.reason ?? complaint();
  const how = signal.aborted ? 'was stopped' : answered ? 'crashed' : `crashed with ${code ?? killedBy}`;
  return { attempted: 0, violations: [`${name} with seed ${seed} ${how}: ${said}`] };
};

/** Of what a process complained about. */
const lastLines = (stream: NodeJS.ReadableStream): (() => string) => {
  let text = '';
  stream.setEncoding('utf8').on('data', (more: string) => {
    text = (text + more).slice(-2000);
  });
  return () => text.trim();
};
