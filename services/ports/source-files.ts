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
}
