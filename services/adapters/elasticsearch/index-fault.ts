import { HoldfastError, isHoldfastError } from '../../core/errors.ts';
import {
  type EngineError,
  engineErrorOf,
  isClientError,
  isFloodStage,
  isIndexMissing,
  isUnreached,
  isWriteBlock,
} from './engine-error.ts';

/** Translates what the client says at the index's port; everything else stays as it is. */
export const toIndexFault = (error: unknown): unknown => {
  const said = engineErrorOf(error);
  if (said !== undefined) return faultOf(said, error);
  if (isUnreached(error))
    return unavailable(
      `Elasticsearch was not reached: ${messageOf(error)}. Does it run at the address given, and does it expect https there?`,
      error,
    );
  return isClientError(error) ? unavailable(`Elasticsearch: ${messageOf(error)}.`, error) : error;
};

/** The same for a refusal in the answer to a bulk. */
export const faultOf = (said: EngineError, cause?: unknown): HoldfastError => {
  if (isFloodStage(said))
    return unavailable(
      'Elasticsearch takes no documents because a disk is almost full (flood stage). Free space on its nodes; it goes on by itself.',
      cause,
    );
  if (isWriteBlock(said)) return rebuilding(cause);
  if (isIndexMissing(said))
    return unavailable('The index or its alias is gone; start Holdfast again to have it checked.', cause);
  if (said.status === 401 || said.type === 'security_exception') return refusedCredentials(said, cause);
  if (said.status === 406 || said.type === 'media_type_header_exception')
    return unsuitable({
      what: 'Elasticsearch version',
      expected: '9 or later',
      found: 'one that does not understand requests of version 9',
      fix: 'Upgrade the nodes.',
    });
  return unavailable(`Elasticsearch answered ${said.status} ${said.type}.`, cause);
};

const refusedCredentials = ({ status }: EngineError, cause: unknown): HoldfastError =>
  new HoldfastError(
    'InvalidConfig',
    {
      detail:
        status === 401
          ? 'Elasticsearch refused the API key, or the user name and password. Correct them.'
          : 'The account may not do this in Elasticsearch. Give it `monitor` on the cluster and `all` on the indexes `holdfast-*`.',
    },
    { cause },
  );

export const unavailable = (detail: string, cause?: unknown): HoldfastError =>
  new HoldfastError('IndexUnavailable', { detail }, cause === undefined ? undefined : { cause });

/** An index or cluster that is not as it must be: found at start, refused. */
export const unsuitable = (fault: {
  readonly what: string;
  readonly expected: string;
  readonly found: string;
  readonly fix: string;
}): HoldfastError =>
  new HoldfastError('InvalidConfig', {
    detail: `${fault.what}: expected ${fault.expected}, found ${fault.found}. ${fault.fix}`,
    ...fault,
  });

const messageOf = (error: unknown): string =>
  (error instanceof Error ? error.message : String(error)).split('\n')[0] ?? '';

export const damagedItem = (itemId: string, cause: unknown): HoldfastError =>
  new HoldfastError(
    'IndexUnavailable',
    {
      detail: `Item ${itemId} is damaged; \`holdfast rebuild-index\` makes a new index from the log.`,
      itemId,
    },
    { cause },
  );

const rebuilding = (cause: unknown): HoldfastError =>
  new HoldfastError(
    'IndexUnavailable',
    {
      detail: 'The index is being replaced by a rebuilt one; this can be written again when it is.',
      rebuilding: true,
    },
    { cause },
  );

/** Whether a write was refused for a rebuild that is about to be committed. */
export const isRebuilding = (error: unknown): boolean =>
  isHoldfastError(error, 'IndexUnavailable') && error.details.rebuilding === true;
