import { readdirSync, readFileSync } from 'node:fs';
import { extname, join } from 'node:path';

export interface PageFile {
  readonly mediaType: string;
  readonly text: string;
}

const folder = join(import.meta.dirname, '../page');
const mediaTypes: Readonly<Record<string, string>> = {
  '.html': 'text/html',
  '.css': 'text/css',
  '.js': 'text/javascript',
  '.svg': 'image/svg+xml',
  '.json': 'application/json',
};

/** The files of the search page by name, read once: nothing a caller sends becomes a path. */
export const readPageFiles = (): ReadonlyMap<string, PageFile> =>
  new Map(
    readdirSync(folder)
      .filter((name) => mediaTypes[extname(name)] !== undefined)
      .map((name) => [
        name,
        { mediaType: mediaTypes[extname(name)] ?? '', text: readFileSync(join(folder, name), 'utf8') },
      ]),
  );
