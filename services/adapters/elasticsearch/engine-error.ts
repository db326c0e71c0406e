import { errors } from '@elastic/elasticsearch';

/** What the cluster said about a request or about one operation of a bulk. */
export interface EngineError {
  readonly status: number;
  /** Such as `mapper_parsing_exception`; empty where it gave none. */
  readonly type: string;
  /** May quote what was stored: for recognising, not for showing. */
  readonly reason: string;
}

/** Undefined for anything but a refusal by the cluster. */
export const engineErrorOf = (error: unknown): EngineError | undefined => {
  if (!(error instanceof errors.ResponseError)) return undefined;
  const { error: said } = Object(error.body);
  return {
    status: error.statusCode ?? 0,
    type: String(said?.type ?? ''),
    reason: String(said?.reason ?? ''),
  };
};

/** Whether the cluster was not reached, or did not answer in time. */
export const isUnreached = (error: unknown): boolean =>
  error instanceof errors.ConnectionError ||
  error instanceof errors.TimeoutError ||
  error instanceof errors.NoLivingConnectionsError ||
  error instanceof errors.RequestAbortedError;

export const isClientError = (error: unknown): error is Error =>
  error instanceof errors.ElasticsearchClientError;

/** Set by the cluster when a disk is almost full, lifted by it when there is room again. */
export const isFloodStage = ({ type, reason }: EngineError): boolean =>
  type === 'cluster_block_exception' && reason.includes('read-only-allow-delete');

/** `index.blocks.write`, which a rebuild sets before it swaps. */
export const isWriteBlock = ({ type, reason }: EngineError): boolean =>
  type === 'cluster_block_exception' && reason.includes('/8/');

/** Whether the same request may succeed in a moment: the cluster is busy, starting or choosing a master. */
export const isPassing = (error: EngineError): boolean =>
  [429, 502, 503, 504].includes(error.status) && !isFloodStage(error);

/** Of an index that is gone. */
export const isIndexMissing = ({ status, type }: EngineError): boolean =>
  status === 404 && type === 'index_not_found_exception';

/** The document itself is what the engine does not take; it never will. */
export const isOfDocument = ({ status }: EngineError): boolean => status === 400 || status === 413;
