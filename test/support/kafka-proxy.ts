import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** What happens to an answer to a Produce request; the broker has stored the batch by then. */
export type ProduceFate = 'forward' | 'cut' | 'refuse';

export interface KafkaProxy extends AsyncDisposable {
  /** What the broker must advertise, so that clients stay behind the proxy. */
  readonly address: string;
  /** Answers cut off or turned into refusals so far. */
  readonly harmed: number;
  /** Decides on every answer from now on. */
  decide(fateOf: () => ProduceFate): void;
  /** Where the broker listens; it may start after the proxy. */
  forwardTo(port: number): void;
}

const produce = 0;
const outOfOrderSequence = 45;

/** A proxy that reads just enough of the protocol to know answers to Produce requests, and can lose them. */
export const startKafkaProxy = async (): Promise<KafkaProxy> => {
  const sockets = new Set<Socket>();
  let target = 0;
  let harmed = 0;
  let fateOf: () => ProduceFate = () => 'forward';

  const server = createServer((client) => {
    const broker = connect(target, '127.0.0.1');
    const produced = new Set<number>();
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
      if (frame.readInt16BE(4) === produce) produced.add(frame.readInt32BE(8));
      broker.write(frame);
    });
    eachFrame(broker, (frame) => {
      const fate = produced.delete(frame.readInt32BE(4)) ? fateOf() : 'forward';
      if (fate !== 'forward') harmed += 1;
      if (fate === 'cut') end();
      else client.write(fate === 'refuse' ? refusal(frame) : frame);
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

/** The same answer, as if every partition's batch had been out of order. */
const refusal = (frame: Buffer): Buffer => {
  const refused = Buffer.from(frame);
  let at = 14 + frame.readInt16BE(12);
  const partitions = frame.readInt32BE(at);
  at += 4;
  // index, error code, first offset, log time, log start
  for (let n = 0; n < partitions; n++) refused.writeInt16BE(outOfOrderSequence, at + n * 30 + 4);
  return refused;
};
