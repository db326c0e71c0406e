import type { SourceFiles } from '../../ports/source-files.ts';
import { LineSplitter } from '../split-lines.ts';
import { maxIrcLineBytes } from './irc-day.ts';
import { parseSystemLine } from './parse-system-line.ts';

/** The channel of a day file: that of the first join in it, in lower case. Reads no further than needed. */
export const findChannel = async (files: SourceFiles, path: string): Promise<string | undefined> => {
  const splitter = new LineSplitter();
  for await (const block of files.read(path)) {
    for (const { bytes } of splitter.push(block)) {
      const channel = joinedChannel(bytes);
      if (channel !== undefined) return channel;
    }
  }
  for (const { bytes } of splitter.end()) return joinedChannel(bytes);
  return undefined;
};

const joinedChannel = (bytes: Uint8Array): string | undefined => {
  if (bytes.length > maxIrcLineBytes) return undefined;
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  if (!text.includes(' has joined ') || text.toString('utf8', 0, 4) !== '=== ') return undefined;
  const line = parseSystemLine(text.toString('utf8', 4));
  return line?.form === 'joined' ? line.channel.toLowerCase() : undefined;
};
