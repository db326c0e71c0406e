import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** What happens to a broker's answer: it arrives, its connection breaks, or each partition's error becomes this. */
export type Fate = 'forward' | 'cut' | { readonly code: number };

type PartitionApi = 'Produce' | 'Fetch';
/** Of an answer to CreateTopics only the connection can break. */
export type HarmedApi = PartitionApi | 'CreateTopics';

export interface KafkaProxy extends AsyncDisposable {
  /** What the broker must advertise, so that clients stay behind the proxy. */
  readonly address: string;
  /** Answers cut off or turned into refusals so far. */
  readonly harmed: number;
  /** Decides on every answer from now on. */
  decide(fateOf: (api: HarmedApi) => Fate): void;
  /** Where the broker listens; it may start after the proxy. */
  forwardTo(port: number): void;
}

/** By the numbers of the protocol. */
const apis: Readonly<Record<number, HarmedApi>> = { 0: 'Produce', 1: 'Fetch', 19: 'CreateTopics' };

/** Where in an answer's frame the topics begin, and what each partition takes besides its records. */
const layouts = { Produce: { topicsAt: 8, partitionBytes: 30 }, Fetch: { topicsAt: 18, partitionBytes: 0 } };

/** A proxy that reads just enough of the protocol to know answers to these requests, and can lose or change them. */
export const startKafkaProxy = async (): Promise<KafkaProxy> => {
  const sockets = new Set<Socket>();
  let target = 0;
  let harmed = 0;
  let fateOf: (api: HarmedApi) => Fate = () => 'forward';

  const server = createServer((client) => {
    const broker = connect(target, '127.0.0.1');
    const asked = new Map<number, HarmedApi>();
    const end = () => {
      client.destroy();
      broker.destroy();
    };
    for (const socket of [client, broker]) {
      sockets.add(socket);
      socket.on('error', end).on('close', () => {
        sockets.delete(socket);
        end();
      });
    }
    eachFrame(client, (frame) => {
      const api = apis[frame.readInt16BE(4)];
      if (api) asked.set(frame.readInt32BE(8), api);
      broker.write(frame);
    });
    eachFrame(broker, (frame) => {
      const api = asked.get(frame.readInt32BE(4));
      asked.delete(frame.readInt32BE(4));
      const fate = api ? fateOf(api) : 'forward';
      if (fate !== 'forward') harmed += 1;
      if (fate === 'cut') end();
      else client.write(fate === 'forward' || !isOfPartitions(api) ? frame : withCode(frame, api, fate.code));
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    address: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    get harmed() {
      return harmed;
    },
    decide: (decision) => {
      fateOf = decision;
    },
    forwardTo: (port) => {
      target = port;
    },
    [Symbol.asyncDispose]: async () => {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
};

const eachFrame = (socket: Socket, take: (frame: Buffer) => void): void => {
  let rest: Buffer = Buffer.alloc(0);
  socket.on('data', (bytes: Buffer) => {
    rest = rest.length === 0 ? bytes : Buffer.concat([rest, bytes]);
    while (rest.length >= 4 && rest.length >= 4 + rest.readInt32BE(0)) {
      const length = 4 + rest.readInt32BE(0);
      take(rest.subarray(0, length));
      rest = rest.subarray(length);
    }
  });
};

const isOfPartitions = (api: HarmedApi | undefined): api is PartitionApi =>
  api === 'Produce' || api === 'Fetch';

/** The same answer of one topic, as if each partition (of a Fetch, its only one) had met this error. */
const withCode = (frame: Buffer, api: PartitionApi, code: number): Buffer => {
  const changed = Buffer.from(frame);
  const { topicsAt, partitionBytes } = layouts[api];
  const partitionsAt = topicsAt + 4 + 2 + frame.readInt16BE(topicsAt + 4);
  for (let n = 0; n < frame.readInt32BE(partitionsAt); n++) {
    changed.writeInt16BE(code, partitionsAt + 4 + n * partitionBytes + 4);
  }
  return changed;
};
