import type { Position } from '../../../services/ports/event-log.ts';

/** An append as the client knows it; without positions nobody knows what became of it. */
export interface Sent {
  readonly lines: readonly Buffer[];
  /** How far the governance stream was known to be when it was sent. */
  readonly governanceEnd: number;
  positions?: readonly Pick<Position, 'partition' | 'offset'>[];
}

/** What the test's client knows, whatever happened to the processes it spoke to. */
export interface History {
  readonly sent: Sent[];
  /** Purposes of reads, and whether they were answered. */
  readonly reads: Map<string, boolean>;
  governanceEnd: number;
}

export const newHistory = (): History => ({ sent: [], reads: new Map(), governanceEnd: 0 });
