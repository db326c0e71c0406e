import { BrokerLink } from './broker-link.ts';
import { addressText, type BrokerAddress, type ResolvedOptions } from './kafka-options.ts';

interface Line {
  readonly opening: Promise<BrokerLink>;
  link?: BrokerLink;
  hasFailed: boolean;
}

/** Links to brokers, at most one to each, opened when first needed and again after they broke. */
export class BrokerLines {
  readonly #options: ResolvedOptions;
  readonly #lines = new Map<string, Line>();
  #closed: Error | undefined;

  constructor(options: ResolvedOptions) {
    this.#options = options;
  }

  async to(address: BrokerAddress): Promise<BrokerLink> {
    if (this.#closed) throw this.#closed;
    const name = addressText(address);
    const line = this.#lines.get(name);
    if (line && !line.hasFailed && line.link?.isOpen !== false) return line.opening;
    return this.#open(name, address);
  }

  /** Drops every link; requests in flight fail with the reason. The lines can be used again. */
  hangUp(reason: Error): void {
    for (const { opening } of this.#lines.values()) {
      opening.then(
        (link) => link.hangUp(reason),
        () => undefined,
      );
    }
    this.#lines.clear();
  }

  close(reason: Error): void {
    this.#closed = reason;
    this.hangUp(reason);
  }

  #open(name: string, address: BrokerAddress): Promise<BrokerLink> {
    const opening = BrokerLink.open(address, this.#options);
    const line: Line = { opening, hasFailed: false };
    this.#lines.set(name, line);
    opening.then(
      (link) => {
        line.link = link;
      },
      () => {
        line.hasFailed = true;
      },
    );
    return opening;
  }
}
