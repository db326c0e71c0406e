/** Randomness, injected everywhere so that a seed replays a run. */
export interface Random {
  /** `count` cryptographically strong bytes. */
  bytes(count: number): Uint8Array;
}
