import { isDeepStrictEqual } from 'node:util';
import type { ElasticsearchDocument } from '../../../schemas/archive/index-document.ts';
import { toIndexDocument } from '../../core/item/index-document.ts';
import type { IndexFault } from '../../ports/archive-index.ts';
import { itemOf, toStored } from './stored-document.ts';

/** A document as the engine holds it; whoever can write there can have written anything. */
export interface IndexedDocument {
  readonly id: string;
  readonly source: Partial<ElasticsearchDocument>;
  /** What was indexed of each field, as lists. */
  readonly fields: Readonly<Record<string, readonly unknown[]>>;
}

/** Where a document is not what its own item makes, or is indexed otherwise than it is stored. */
export const documentFaults = (document: IndexedDocument): IndexFault[] => {
  const faults = [...sourceFaults(document), ...fieldFaults(document)];
  return faults.map((fault) => ({ itemId: document.id, fault }));
};

const sourceFaults = ({ id, source }: IndexedDocument): string[] => {
  if (source.id !== id) return [`it is stored under another id than its own`];
  let expected: ElasticsearchDocument;
  try {
    expected = toStored(toIndexDocument(itemOf(id, { item: source.item ?? '' })));
  } catch {
    return ['its item cannot be read'];
  }
  const names = new Set([...Object.keys(expected), ...Object.keys(source)]);
  const differing = [...names].filter(
    (name) => !isDeepStrictEqual(Object(source)[name], Object(expected)[name]),
  );
  return differing.length === 0 ? [] : [`it is stored otherwise than its item says: ${differing.join(', ')}`];
};

const fieldFaults = ({ source, fields }: IndexedDocument): string[] => {
  const differing = Object.entries(source)
    .filter(([name]) => name !== 'item' && name !== 'versions')
    .filter(([name, stored]) => !isDeepStrictEqual(valuesOf(stored), valuesOf(fields[name] ?? [])))
    .map(([name]) => name);
  return differing.length === 0 ? [] : [`it is indexed otherwise than it is stored: ${differing.join(', ')}`];
};

/** The engine keeps the values of a list in its own order. */
const valuesOf = (value: unknown): unknown[] =>
  (Array.isArray(value) ? value : [value]).map(String).toSorted();
