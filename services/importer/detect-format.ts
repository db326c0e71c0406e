/** Formats files are imported in; `auto` looks at name and beginning of each. */
export const importFormats = ['auto', 'irc', 'jsonl', 'slack'] as const;
export type ImportFormat = (typeof importFormats)[number];

export type DetectedFormat =
  | { readonly format: 'irc' | 'jsonl' | 'slack' }
  | { readonly format: 'none'; readonly reason: string };

const ircLine = /^(?:\[\d\d:\d\d\] |=== )/;
const maxLinesSeen = 50;
/** The signatures a zip begins with: of its first entry, or of the end of an empty one. */
const zipSignatures = ['PK\x03\x04', 'PK\x05\x06'];

/**
 * What a file is, by its name and first block, as far as `wanted` leaves it open. A binary file is never read, but for
 * a zip, which may be a Slack export: that its directory must tell.
 */
export const detectFormat = (name: string, head: Uint8Array, wanted: ImportFormat): DetectedFormat => {
  if (head.length === 0) return { format: 'none', reason: 'empty file' };
  const isZip = zipSignatures.includes(Buffer.from(head.subarray(0, 4)).toString('latin1'));
  if (isZip && (wanted === 'auto' || wanted === 'slack')) return { format: 'slack' };
  if (wanted === 'slack') return { format: 'none', reason: 'not a zip file, as a Slack export is' };
  if (head.includes(0)) return { format: 'none', reason: binaryReason(head) };
  if (wanted !== 'auto') return { format: wanted };
  if (/\.(?:jsonl|ndjson)$/i.test(name)) return { format: 'jsonl' };
  const lines = firstLines(head);
  if (lines[0]?.startsWith('{') && lines[0].includes('"specversion"')) return { format: 'jsonl' };
  const likeIrc = lines.filter((line) => ircLine.test(line)).length;
  if (likeIrc > 0 && likeIrc * 2 >= lines.length) return { format: 'irc' };
  return { format: 'none', reason: 'neither an IRC day file, events as JSON Lines nor a Slack export' };
};

const firstLines = (head: Uint8Array): string[] =>
  Buffer.from(head)
    .toString('utf8')
    .replace(/^\ufeff/, '')
    .split('\n', maxLinesSeen)
    .filter((line) => line.trim() !== '');

const binaryReason = (head: Uint8Array): string => {
  const isUtf16 = (head[0] === 0xff && head[1] === 0xfe) || (head[0] === 0xfe && head[1] === 0xff);
  return isUtf16 ? 'UTF-16, expected UTF-8' : 'binary: NUL bytes in its first block';
};
