import type { z } from 'zod';
import { describeFault } from '../../core/conversation/describe-fault.ts';
import { HoldfastError } from '../../core/errors.ts';
import type { ZipEntry, ZipSource } from '../../ports/source-files.ts';
import { unparsedRecord } from '../unparsed-record.ts';
import { parseElement, readElements } from './read-elements.ts';
import type { SlackReading, SlackStep } from './slack-step.ts';

export interface IndexOf<T> {
  readonly entry: ZipEntry;
  readonly schema: z.ZodType<T>;
  /** False where it cannot be taken. */
  readonly add: (one: T) => boolean;
}

/**
 * Reads users or conversations. One that cannot be read is kept as a record; a file that is damaged or no array throws
 * `ImportFailed`, because without it messages would get other names and ids.
 */
export async function* readIndex<T>(
  zip: ZipSource,
  { entry, schema, add }: IndexOf<T>,
  { path, importId }: SlackReading,
): AsyncGenerator<SlackStep> {
  if (entry.sizeBytes === 0) return;
  const damage = await zip.findDamage(entry);
  if (damage !== undefined) throw failed(path, entry, damage);
  for await (const element of readElements(zip, entry)) {
    if (element.fault !== undefined) throw failed(path, entry, element.fault);
    const parsed = parseElement(element);
    const one = 'reason' in parsed ? parsed : readOne(schema, parsed.json);
    const reason = 'reason' in one ? one.reason : add(one.value) ? undefined : 'id: can be no id';
    if (reason === undefined) continue;
    const place = { source: 'slack', container: entry.name, line: element.number } as const;
    const record = unparsedRecord(place, element, { reason, importId });
    yield { kind: 'record', entry: entry.name, line: element.number, record };
  }
  yield { kind: 'read', entry };
}

const readOne = <T>(schema: z.ZodType<T>, json: unknown): { value: T } | { reason: string } => {
  const read = schema.safeParse(json);
  return read.success ? { value: read.data } : { reason: describeFault(read.error, json) };
};

const failed = (path: string, entry: ZipEntry, why: string): HoldfastError =>
  new HoldfastError('ImportFailed', {
    path,
    detail: `${path}: ${entry.name} cannot be read (${why}), so nothing of this export was imported.`,
  });
