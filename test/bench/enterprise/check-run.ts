import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { ask } from './ask.ts';

/** What an index must hold after a run for its figures to count. */
export interface Expected {
  readonly documents: number;
  readonly sample: readonly string[];
  readonly sampleHash: string;
}

/** Rejects unless every document is there once and the sample is, byte by byte, what it must be. */
export const assertHolds = async (url: string, index: string, expected: Expected): Promise<void> => {
  await assertCount(url, index, expected.documents);
  assert.equal(await sampleHash(url, index, expected.sample), expected.sampleHash, `sample of ${index}`);
};

export const assertCount = async (url: string, index: string, documents: number): Promise<void> => {
  await ask(url, ['POST', `/${index}/_refresh`]);
  const { count } = await ask<{ count: number }>(url, ['GET', `/${index}/_count`]);
  assert.equal(count, documents, `documents in ${index}`);
};

/** Of these documents as they are stored. */
export const sampleHash = async (url: string, index: string, ids: readonly string[]): Promise<string> => {
  const { docs } = await ask<{ docs: { _source?: unknown }[] }>(url, ['POST', `/${index}/_mget`], { ids });
  return createHash('sha256')
    .update(docs.map(({ _source }) => JSON.stringify(_source)).join('\n'))
    .digest('hex');
};
