import type { EngineError } from './engine-error.ts';

/** One operation, as it is sent. */
export interface BulkOperation {
  /** Its lines, each ended by a line feed. */
  readonly text: string;
}

export interface BulkOutcome {
  readonly status: number;
  readonly error?: EngineError;
}

/** A document as it was read, so that nothing is done if another has changed it since. */
export interface SeenAt {
  /** The concrete index: numbers of another mean nothing. */
  readonly index: string;
  readonly seqNo: number;
  readonly primaryTerm: number;
}

/** Makes the document if there is none under this id. */
export const createOperation = (id: string, document: object): BulkOperation => ({
  text: `{"create":{"_id":${JSON.stringify(id)}}}\n${JSON.stringify(document)}\n`,
});

export const replaceOperation = (id: string, document: object, seen: SeenAt): BulkOperation => ({
  text: `{"index":${conditionOf(id, seen)}}\n${JSON.stringify(document)}\n`,
});

export const deleteOperation = (id: string, seen: SeenAt): BulkOperation => ({
  text: `{"delete":${conditionOf(id, seen)}}\n`,
});

/** Not through the alias: by the time it is carried out, that may lead to an index with other numbers. */
const conditionOf = (id: string, { index, seqNo, primaryTerm }: SeenAt): string =>
  JSON.stringify({
    _index: index,
    _id: id,
    if_seq_no: seqNo,
    if_primary_term: primaryTerm,
    require_alias: false,
  });

/** Far below `http.max_content_length`. */
const maxBytes = 5_000_000;
const maxOperations = 1_000;

export const splitIntoRequests = (operations: readonly BulkOperation[]): readonly BulkOperation[][] => {
  const requests: BulkOperation[][] = [];
  let sum = 0;
  for (const operation of operations) {
    const bytes = Buffer.byteLength(operation.text);
    const last = requests.at(-1);
    if (last === undefined || sum + bytes > maxBytes || last.length >= maxOperations) {
      requests.push([operation]);
      sum = bytes;
    } else {
      last.push(operation);
      sum += bytes;
    }
  }
  return requests;
};
