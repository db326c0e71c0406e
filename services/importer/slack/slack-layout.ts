import type { ZipEntry } from '../../ports/source-files.ts';
import { conversationFiles } from './slack-conversations.ts';

const peopleFiles = ['users.json', 'org_users.json'];
const dayName = /^\d{4}-\d{2}-\d{2}\.json$/;

/** What of a zip is read, in the order of reading. */
export interface SlackLayout {
  readonly people: readonly ZipEntry[];
  /** With the name of the index file. */
  readonly indexes: readonly { readonly entry: ZipEntry; readonly file: string }[];
  /** Folders in the order of their names, the days of each in the order of time. */
  readonly folders: readonly { readonly folder: string; readonly days: readonly ZipEntry[] }[];
  readonly others: readonly ZipEntry[];
}

/** Undefined where the zip is no Slack export: that has an index of conversations, at its root or in one folder. */
export const slackLayout = (entries: readonly ZipEntry[]): SlackLayout | undefined => {
  const root = rootOf(entries);
  if (root === undefined) return undefined;
  const people: ZipEntry[] = [];
  const indexes: { entry: ZipEntry; file: string }[] = [];
  const others: ZipEntry[] = [];
  const folders = new Map<string, ZipEntry[]>();
  for (const entry of entries) {
    const parts = entry.name.startsWith(root) ? entry.name.slice(root.length).split('/') : [];
    const [first = '', second = ''] = parts;
    if (parts.length === 1 && peopleFiles.includes(first)) people.push(entry);
    else if (parts.length === 1 && conversationFiles.has(first)) indexes.push({ entry, file: first });
    else if (parts.length === 2 && dayName.test(second)) {
      const days = folders.get(first) ?? [];
      folders.set(first, days);
      days.push(entry);
    } else others.push(entry);
  }
  const inOrder = [...folders].sort(([a], [b]) => (a < b ? -1 : 1));
  return {
    people,
    indexes,
    folders: inOrder.map(([folder, days]) => ({ folder, days: days.sort(byName) })),
    others,
  };
};

const byName = (a: ZipEntry, b: ZipEntry): number => (a.name < b.name ? -1 : 1);

// Some programs wrap what they zip in a folder; the index nearest to the top counts.
const rootOf = (entries: readonly ZipEntry[]): string | undefined =>
  entries
    .map(({ name }) => name.lastIndexOf('/') + 1)
    .map((at, index) => ({ root: entries[index]!.name.slice(0, at), file: entries[index]!.name.slice(at) }))
    .filter(({ file }) => conversationFiles.has(file))
    .map(({ root }) => root)
    .sort((a, b) => a.split('/').length - b.split('/').length || (a < b ? -1 : 1))[0];
