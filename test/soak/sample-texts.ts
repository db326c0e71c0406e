import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const samples = join(import.meta.dirname, '../../infra/samples');
const read = (path: string): string[] => readFileSync(join(samples, path), 'utf8').split('\n');

const ircTexts = (): string[] =>
  globSync('ubuntu-irc/*.raw.txt', { cwd: samples })
    .toSorted()
    .flatMap(read)
    .flatMap((line) => /^\[\d\d:\d\d\] <[^>]+> (.+)$/.exec(line)?.[1] ?? []);

interface Line {
  readonly data?: { readonly body?: string };
}

const jsonlTexts = (): string[] =>
  globSync('*/conversations.jsonl', { cwd: samples })
    .toSorted()
    .flatMap(read)
    .flatMap((line) => (line === '' ? [] : ((JSON.parse(line) as Line).data?.body ?? [])));

/** What people wrote, in English, Korean, Japanese and Chinese: of each group of three, two are English. */
export const sampleTexts = (): readonly string[] => {
  const english = ircTexts();
  const other = jsonlTexts();
  return Array.from({ length: 6000 }, (_, at) =>
    at % 3 === 0 ? other[(at / 3) % other.length]! : english[at % english.length]!,
  );
};
