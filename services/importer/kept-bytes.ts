import { createHash, type Hash } from 'node:crypto';

/** What of a line or element is held in memory; of a longer one the rest is only counted and hashed. */
export const maxKeptBytes = 1024 * 1024;

export interface TakenBytes {
  /** All bytes, or the first `maxKeptBytes`. */
  readonly bytes: Uint8Array;
  /** Only of what was cut. */
  readonly cut?: { readonly totalBytes: number; readonly sha256: string };
}

/** Gathers bytes with bounded memory, however many come. */
export class KeptBytes {
  #parts: Uint8Array[] = [];
  #keptBytes = 0;
  #totalBytes = 0;
  #hash: Hash | undefined;

  get isEmpty(): boolean {
    return this.#totalBytes === 0;
  }

  add(part: Uint8Array): void {
    if (part.length === 0) return;
    this.#totalBytes += part.length;
    if (this.#hash === undefined && this.#totalBytes > maxKeptBytes) {
      this.#hash = createHash('sha256');
      for (const kept of this.#parts) this.#hash.update(kept);
    }
    this.#hash?.update(part);
    const kept = part.subarray(0, maxKeptBytes - this.#keptBytes);
    if (kept.length === 0) return;
    this.#parts.push(kept);
    this.#keptBytes += kept.length;
  }

  /** What was gathered; begins anew. */
  take(): TakenBytes {
    const bytes = this.#parts.length === 1 ? this.#parts[0]! : Buffer.concat(this.#parts);
    const cut =
      this.#hash === undefined
        ? undefined
        : { totalBytes: this.#totalBytes, sha256: this.#hash.digest('hex') };
    this.#parts = [];
    this.#keptBytes = 0;
    this.#totalBytes = 0;
    this.#hash = undefined;
    return cut === undefined ? { bytes } : { bytes, cut };
  }
}
