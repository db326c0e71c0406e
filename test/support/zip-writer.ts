import { crc32, deflateRawSync } from 'node:zlib';

/** An entry of a zip to be written, with whatever its headers shall claim instead of the truth. */
export interface ZipPart {
  readonly name: string | Uint8Array;
  readonly content: string | Uint8Array;
  /** 0: stored, 8: deflate (default). */
  readonly method?: number;
  /** Default 0x800: the name is UTF-8. */
  readonly flags?: number;
  readonly crc32?: number;
  readonly sizeBytes?: number;
}

export interface ZipForm {
  readonly zip64?: boolean;
  /** What the end of the directory claims. */
  readonly entries?: number;
}

const numbers = (...fields: readonly (readonly [bytes: 2 | 4 | 8, value: number])[]): Buffer =>
  Buffer.concat(
    fields.map(([bytes, value]) => {
      const field = Buffer.alloc(bytes);
      if (bytes === 2) field.writeUInt16LE(value);
      else if (bytes === 4) field.writeUInt32LE(value);
      else field.writeBigUInt64LE(BigInt(value));
      return field;
    }),
  );

const huge = 0xffff_ffff;

/** The bytes of a zip with these entries, in this order. Tests make their own, also such as no program would write. */
export const zipOf = (parts: readonly ZipPart[], { zip64 = false, entries }: ZipForm = {}): Buffer => {
  const locals: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const part of parts) {
    const content = Buffer.from(part.content);
    const name = Buffer.from(part.name);
    const method = part.method ?? 8;
    const packed = method === 8 ? deflateRawSync(content) : content;
    const size = part.sizeBytes ?? content.length;
    const sum = part.crc32 ?? crc32(content);
    const shared = numbers([2, 45], [2, part.flags ?? 0x800], [2, method], [4, 0], [4, sum]);
    const extra = zip64
      ? numbers([2, 1], [2, 24], [8, size], [8, packed.length], [8, offset])
      : Buffer.alloc(0);
    const local = Buffer.concat([
      numbers([4, 0x04034b50]),
      shared,
      numbers([4, packed.length], [4, Math.min(size, huge)], [2, name.length], [2, 0]),
      name,
      packed,
    ]);
    directory.push(
      numbers([4, 0x02014b50], [2, 45]),
      shared,
      numbers([4, zip64 ? huge : packed.length], [4, zip64 ? huge : size]),
      numbers(
        [2, name.length],
        [2, extra.length],
        [2, 0],
        [2, 0],
        [2, 0],
        [4, 0],
        [4, zip64 ? huge : offset],
      ),
      name,
      extra,
    );
    locals.push(local);
    offset += local.length;
  }
  const index = Buffer.concat(directory);
  const count = entries ?? parts.length;
  const end64 = Buffer.concat([
    numbers([4, 0x06064b50], [8, 44], [2, 45], [2, 45], [4, 0], [4, 0], [8, count], [8, count]),
    numbers([8, index.length], [8, offset]),
    numbers([4, 0x07064b50], [4, 0], [8, offset + index.length], [4, 1]),
  ]);
  // A writer that knows no zip64 counts like this.
  const short = zip64 ? 0xffff : count % 0x1_0000;
  const end = Buffer.concat([
    numbers([4, 0x06054b50], [2, 0], [2, 0], [2, short], [2, short]),
    numbers([4, zip64 ? huge : index.length], [4, zip64 ? huge : offset], [2, 0]),
  ]);
  return Buffer.concat([...locals, index, ...(zip64 ? [end64] : []), end]);
};
