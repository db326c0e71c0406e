import type { RunFigures } from './run-figures.ts';

/** What a child says to who measures it. */
export type Told =
  | { readonly kind: 'ready' }
  | { readonly kind: 'done'; readonly figures: RunFigures }
  | { readonly kind: 'failed'; readonly reason: string };

/** In a child process: answers every message with the figures of a run, until the parent hangs up. */
export const serveRuns = async <Order>(run: (order: Order) => Promise<RunFigures>): Promise<void> => {
  const tell = (told: Told): void => void process.send?.(told);
  process.on('message', (order: Order) => {
    run(order).then(
      (figures) => tell({ kind: 'done', figures }),
      (error: unknown) =>
        tell({ kind: 'failed', reason: error instanceof Error ? `${error.stack}` : String(error) }),
    );
  });
  tell({ kind: 'ready' });
};
