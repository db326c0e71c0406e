import type { Entry, ZipFile } from 'yauzl';
import { HoldfastError } from '../../core/errors.ts';
import { type ZipEntry, zipLimits } from '../../ports/source-files.ts';
import { zipEntryName } from './zip-entry-name.ts';

/** Where the bytes of an entry are, and what they sum up to. */
export interface ZipPlace {
  readonly offset: number;
  readonly method: number;
  readonly crc32: number;
}

export interface ZipDirectory {
  readonly places: ReadonlyMap<ZipEntry, ZipPlace>;
  readonly skipped: readonly { readonly name: string; readonly reason: string }[];
}

const readableMethods = [0, 8];

/** Reads the whole directory; throws `ImportFailed` as soon as it goes beyond a limit. */
export const readZipDirectory = async (path: string, zip: ZipFile): Promise<ZipDirectory> => {
  const places = new Map<ZipEntry, ZipPlace>();
  const skipped: { name: string; reason: string }[] = [];
  const seen = new Set<string>();
  const totals = { entries: 0, namesBytes: 0, bytes: 0 };
  for await (const entry of zip.eachEntry()) {
    totals.entries += 1;
    totals.namesBytes += entry.fileNameRaw.length;
    totals.bytes += entry.uncompressedSize;
    refuseBeyondLimits(path, zip.fileSize, totals, entry);
    const named = zipEntryName(entry);
    const { name } = named;
    const reason = 'reason' in named ? named.reason : faultOf(entry, seen.has(name));
    if (reason !== undefined) skipped.push({ name, reason });
    else if (!name.endsWith('/')) {
      seen.add(name);
      const { uncompressedSize: sizeBytes, compressedSize: compressedBytes } = entry;
      const { relativeOffsetOfLocalHeader: offset, compressionMethod: method, crc32 } = entry;
      places.set({ name, sizeBytes, compressedBytes }, { offset, method, crc32 });
    }
  }
  return { places, skipped };
};

const faultOf = (entry: Entry, isSecond: boolean): string | undefined => {
  if (isSecond) return 'a second entry of the same name';
  if (entry.isEncrypted()) return 'encrypted';
  return readableMethods.includes(entry.compressionMethod)
    ? undefined
    : `compressed by method ${entry.compressionMethod}, expected deflate`;
};

const refuseBeyondLimits = (
  path: string,
  fileBytes: number,
  totals: { entries: number; namesBytes: number; bytes: number },
  entry: Entry,
): void => {
  const refuse = (what: string): never => {
    throw new HoldfastError('ImportFailed', {
      path,
      detail: `${path}: refused, for it ${what}. Nothing of it was imported.`,
    });
  };
  const { entries, namesBytes, bytes } = totals;
  if (entries > zipLimits.entries) refuse(`holds more than ${zipLimits.entries} entries`);
  if (namesBytes > zipLimits.namesBytes) refuse(`has names of more than ${zipLimits.namesBytes} bytes`);
  if (entry.uncompressedSize > zipLimits.entryBytes)
    refuse(`has an entry that unpacks to ${entry.uncompressedSize} bytes, more than ${zipLimits.entryBytes}`);
  if (bytes > zipLimits.totalBytes) refuse(`unpacks to more than ${zipLimits.totalBytes} bytes`);
  if (bytes > zipLimits.ratioFromBytes && bytes > zipLimits.ratio * fileBytes)
    refuse(`unpacks to more than ${zipLimits.ratio} times its size, like a zip bomb`);
};
