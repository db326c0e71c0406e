/** What goes on, on standard error: one line that changes on a terminal, else one in ten seconds. */
export interface ProgressLine {
  readonly say: (line: string) => void;
  /** What comes next begins a line of its own. */
  readonly end: () => void;
}

const betweenLinesMs = 10_000;

export const progressLine = (): ProgressLine => {
  const startedMs = performance.now();
  const { stderr } = process;
  let saidMs = Number.NEGATIVE_INFINITY;
  const seconds = () => `${String(Math.round((performance.now() - startedMs) / 1000)).padStart(5)} s  `;
  return {
    say: (line) => {
      if (stderr.isTTY) {
        stderr.write(`\r\x1b[K${`${seconds()}${line}`.slice(0, stderr.columns - 1)}`);
      } else if (performance.now() - saidMs >= betweenLinesMs) {
        saidMs = performance.now();
        stderr.write(`${seconds()}${line}\n`);
      }
    },
    end: () => void (stderr.isTTY && stderr.write('\r\x1b[K')),
  };
};
