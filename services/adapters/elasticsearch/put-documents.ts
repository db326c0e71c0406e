import type { IndexDocument } from '../../../schemas/archive/index-document.ts';
import type { PutBasis, PutOutcome } from '../../ports/archive-index.ts';
import { type BulkOperation, type BulkOutcome, createOperation, replaceOperation } from './bulk-operation.ts';
import type { Engine } from './engine.ts';
import { isIndexMissing, isOfDocument } from './engine-error.ts';
import { faultOf } from './index-fault.ts';
import { type PutPlan, planPut } from './plan-put.ts';
import { readHeads, type StoredHead } from './read-heads.ts';
import { type RefusedItem, refusedItems } from './refused-items.ts';
import { toStored } from './stored-document.ts';

/** All states of one item in a batch, in order. */
interface Group {
  readonly id: string;
  readonly documents: readonly IndexDocument[];
}

/**
 * New documents are created; what is there already is replaced only as it was read, else read again. So of several
 * processes that put states of one item the newest wins, whoever comes last. Rejects, after all others were written,
 * for items the engine refuses.
 */
export const putDocuments = async (
  engine: Engine,
  documents: readonly IndexDocument[],
  basis?: PutBasis,
): Promise<readonly PutOutcome[]> => {
  const groups = groupById(documents);
  const outcomes = new Map<string, readonly PutOutcome[]>();
  const refused: RefusedItem[] = [];
  let open: readonly Group[] = groups;
  let heads = await readHeads(
    engine,
    groups.filter(isProbablyThere).map(({ id }) => id),
  );
  while (open.length > 0) {
    const round = await putOnce(engine, open, { heads, basis });
    for (const [id, result] of round.outcomes) outcomes.set(id, result);
    refused.push(...round.refused);
    open = round.open;
    heads = await readHeads(
      engine,
      open.map(({ id }) => id),
    );
  }
  if (refused.length > 0) throw refusedItems(refused);
  return inOrder(documents, outcomes);
};

/** Items with later facts were most likely put when their first fact came. */
const isProbablyThere = ({ documents }: Group): boolean =>
  documents.some(({ firstOffset, newestOffset }) => newestOffset > firstOffset);

interface Round {
  readonly outcomes: readonly (readonly [string, readonly PutOutcome[]])[];
  readonly refused: readonly RefusedItem[];
  /** Another was faster. */
  readonly open: readonly Group[];
}

const putOnce = async (
  engine: Engine,
  groups: readonly Group[],
  { heads, basis }: { readonly heads: ReadonlyMap<string, StoredHead>; readonly basis: PutBasis | undefined },
): Promise<Round> => {
  const plans = groups.map((group) => ({
    group,
    plan: planPut(group.documents, heads.get(group.id), basis),
  }));
  const planned = plans.flatMap(({ group, plan }) => {
    const operation = operationOf(plan, heads.get(group.id));
    return operation === undefined ? [] : [{ group, operation }];
  });
  const answers = await engine.writer.write(planned.map(({ operation }) => operation));
  const open: Group[] = [];
  const refused: RefusedItem[] = [];
  for (const [at, { group }] of planned.entries()) {
    const answer = answers[at]!;
    if (wasOvertaken(answer, heads.get(group.id))) open.push(group);
    else if (answer.error !== undefined) refused.push({ id: group.id, error: answer.error });
  }
  const outcomes = plans
    .filter(({ group }) => !open.includes(group))
    .map(({ group, plan }) => [group.id, plan.outcomes] as const);
  return { outcomes, refused, open };
};

const operationOf = ({ document }: PutPlan, head: StoredHead | undefined): BulkOperation | undefined => {
  if (document === undefined) return undefined;
  return head === undefined
    ? createOperation(document.id, toStored(document))
    : replaceOperation(document.id, toStored(document), head.seen);
};

/** Whether the document, or the index it was read from, is another by now. Rejects for what concerns the whole index. */
const wasOvertaken = ({ status, error }: BulkOutcome, head: StoredHead | undefined): boolean => {
  if (error === undefined || isOfDocument(error)) return false;
  if (status === 409 || (head !== undefined && isIndexMissing(error))) return true;
  throw faultOf(error);
};

const groupById = (documents: readonly IndexDocument[]): Group[] =>
  [...Map.groupBy(documents, ({ id }) => id as string)].map(([id, states]) => ({ id, documents: states }));

const inOrder = (
  documents: readonly IndexDocument[],
  outcomes: ReadonlyMap<string, readonly PutOutcome[]>,
): PutOutcome[] => {
  const next = new Map<string, number>();
  return documents.map(({ id }) => {
    const at = next.get(id) ?? 0;
    next.set(id, at + 1);
    return outcomes.get(id)![at]!;
  });
};
