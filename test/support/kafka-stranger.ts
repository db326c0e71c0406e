import kafkajs from 'kafkajs';

const { CompressionCodecs, CompressionTypes, Kafka, logLevel } = kafkajs;

/** Snappy without compression: the length, then literals of at most 64 KiB. */
const snappyLiterals = (bytes: Buffer): Buffer => {
  const length: number[] = [];
  let rest = bytes.length;
  for (; rest > 127; rest >>>= 7) length.push((rest & 127) | 128);
  const parts: Buffer[] = [Buffer.from([...length, rest])];
  for (let at = 0; at < bytes.length; at += 65_536) {
    const part = bytes.subarray(at, at + 65_536);
    const tag = Buffer.from([61 << 2, 0, 0]);
    tag.writeUInt16LE(part.length - 1, 1);
    parts.push(tag, part);
  }
  return Buffer.concat(parts);
};

/** An LZ4 frame of blocks that are stored as they are. */
const lz4Stored = (bytes: Buffer): Buffer => {
  const parts: Buffer[] = [Buffer.from([0x04, 0x22, 0x4d, 0x18, 0x60, 0x40, 0x82])];
  for (let at = 0; at < bytes.length; at += 65_536) {
    const part = bytes.subarray(at, at + 65_536);
    const size = Buffer.alloc(4);
    size.writeUInt32LE(part.length + 0x8000_0000);
    parts.push(size, part);
  }
  return Buffer.concat([...parts, Buffer.alloc(4)]);
};

const codecOf = (compress: (bytes: Buffer) => Buffer) => () => ({
  compress: async ({ buffer }: { buffer: Buffer }) => compress(buffer),
  decompress: async () => Promise.reject(new Error('nobody reads with it')),
});

CompressionCodecs[CompressionTypes.Snappy] = codecOf(snappyLiterals);
CompressionCodecs[CompressionTypes.LZ4] = codecOf(lz4Stored);

export const codecs = {
  none: CompressionTypes.None,
  gzip: CompressionTypes.GZIP,
  snappy: CompressionTypes.Snappy,
  lz4: CompressionTypes.LZ4,
} as const;

export interface StrangeRecord {
  readonly key: string | Buffer | null;
  readonly value: string | Buffer | null;
  readonly partition?: number;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Another program that can reach the broker, and writes what it likes. */
export interface Stranger extends AsyncDisposable {
  send(topic: string, codec: keyof typeof codecs, records: readonly StrangeRecord[]): Promise<void>;
  /** Begins a transaction, writes, and takes it back. */
  abort(topic: string, records: readonly StrangeRecord[]): Promise<void>;
}

export const startStranger = async (broker: string): Promise<Stranger> => {
  const client = new Kafka({ brokers: [broker], clientId: 'stranger', logLevel: logLevel.NOTHING });
  const retry = { retries: 3, initialRetryTime: 100 };
  const producer = client.producer({ retry, allowAutoTopicCreation: false });
  const transactional = client.producer({
    retry: { ...retry, retries: 20 },
    transactionalId: `stranger-${process.pid}-${performance.now()}`,
    maxInFlightRequests: 1,
    idempotent: true,
  });
  await producer.connect();
  const toMessages = (records: readonly StrangeRecord[]) =>
    records.map(({ partition = 0, headers = {}, ...record }) => ({ ...record, partition, headers }));
  return {
    send: async (topic, codec, records) => {
      await producer.send({ topic, compression: codecs[codec], messages: toMessages(records) });
    },
    abort: async (topic, records) => {
      await transactional.connect();
      const transaction = await transactional.transaction();
      await transaction.send({ topic, messages: toMessages(records) });
      await transaction.abort();
    },
    [Symbol.asyncDispose]: async () => {
      await producer.disconnect();
      await transactional.disconnect();
    },
  };
};
