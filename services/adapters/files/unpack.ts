import { Readable } from 'node:stream';
import { createInflateRaw, inflateRawSync } from 'node:zlib';
import { hasSystemCode } from './folder-fault.ts';

/** What takes about a millisecond to inflate is inflated at once. */
const maxAtOnceBytes = 256 * 1024;

export interface Packed {
  readonly isDeflated: boolean;
  readonly packedBytes: number;
  readonly sizeBytes: number;
}

/**
 * The unpacked bytes of what `blocks` packs. Ends in an error as soon as more come out than were declared, or when
 * fewer did: what is declared bounds what is inflated.
 */
export async function* unpack(
  blocks: AsyncIterable<Uint8Array>,
  { isDeflated, packedBytes, sizeBytes }: Packed,
): AsyncGenerator<Uint8Array> {
  let total = 0;
  const isSmall = Math.max(packedBytes, sizeBytes) <= maxAtOnceBytes;
  for await (const block of isDeflated
    ? isSmall
      ? inflateAtOnce(blocks, sizeBytes)
      : inflate(blocks)
    : blocks) {
    total += block.length;
    if (total > sizeBytes) throw tooMuch(sizeBytes);
    yield block;
  }
  if (total < sizeBytes) throw new Error(`only ${total} of the ${sizeBytes} bytes it declares`);
}

const tooMuch = (sizeBytes: number): Error => new Error(`more than the ${sizeBytes} bytes it declares`);

async function* inflateAtOnce(
  blocks: AsyncIterable<Uint8Array>,
  sizeBytes: number,
): AsyncGenerator<Uint8Array> {
  const packed = Buffer.concat(await Array.fromAsync(blocks));
  try {
    yield inflateRawSync(packed, { maxOutputLength: Math.max(1, sizeBytes) });
  } catch (error) {
    throw hasSystemCode(error, 'ERR_BUFFER_TOO_LARGE') ? tooMuch(sizeBytes) : error;
  }
}

async function* inflate(blocks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const source = Readable.from(blocks, { objectMode: false });
  const inflated = createInflateRaw();
  source.once('error', (error) => inflated.destroy(error));
  try {
    yield* source.pipe(inflated);
  } finally {
    inflated.destroy();
    source.destroy();
  }
}
