/** A regular file to import. */
export interface SourceFile {
  /** To read it by, as the operator wrote it or below that; never part of an id. */
  readonly path: string;
  readonly name: string;
  /** Name of the folder it is in. */
  readonly folder: string;
  readonly sizeBytes: number;
}

export interface SourceListing {
  readonly files: readonly SourceFile[];
  /** What was found and cannot be read as a file, with the reason. */
  readonly skipped: readonly { readonly path: string; readonly reason: string }[];
}

/** A file in a zip file, as the zip's directory declares it. */
export interface ZipEntry {
  /** Relative, with `/` between folders; without `.` and `..`, backslashes and control characters. */
  readonly name: string;
  readonly sizeBytes: number;
  readonly compressedBytes: number;
}

/** A zip file, read entry by entry and never unpacked. */
export interface ZipSource extends AsyncDisposable {
  /** In the order of the directory; no name twice, no folders. */
  readonly entries: readonly ZipEntry[];
  /** Entries that cannot or must not be read, with the reason. */
  readonly skipped: readonly { readonly name: string; readonly reason: string }[];
  /** Reads the entry to its end: why it is damaged, undefined if it is whole (length and CRC-32). */
  findDamage(entry: ZipEntry): Promise<string | undefined>;
  /** The bytes from the start, in blocks; never more than `sizeBytes`. Throws `ImportFailed` where it is damaged. */
  read(entry: ZipEntry): AsyncIterable<Uint8Array>;
}

/**
 * Files of the machine on which an import runs.
 *
 * Promises: folders are walked in the order of their names (UTF-16 code units), so that two imports of one folder
 * append in one order; what cannot be opened throws `ImportFailed` with the path, and is never left out silently.
 */
export interface SourceFiles {
  /** The file at this path, or all files below this folder. */
  list(path: string): Promise<SourceListing>;
  /** The bytes from the start, in blocks. The file is closed when the caller stops reading. */
  read(path: string): AsyncIterable<Uint8Array>;
  /** Throws `ImportFailed` where the zip is not whole, or holds more than `zipLimits` allow. */
  openZip(path: string): Promise<ZipSource>;
}

/** What a zip may hold before it is taken for one made to exhaust the machine. */
export const zipLimits = {
  entries: 500_000,
  nameBytes: 1024,
  /** Of all names together. */
  namesBytes: 32 * 1024 * 1024,
  entryBytes: 1024 ** 3,
  totalBytes: 256 * 1024 ** 3,
  /** Unpacked to packed size, where it unpacks to more than `ratioFromBytes`; exports reach about 20. */
  ratio: 200,
  ratioFromBytes: 16 * 1024 * 1024,
} as const;
