import type { Finding } from '../../schemas/api/finding.ts';
import { type ErrorCode, errorTable, HoldfastError } from '../core/errors.ts';

export interface Examined {
  readonly findings: readonly Finding[];
  /** There is an archive to look at. */
  readonly isComplete: boolean;
  /** There is nothing of this installation yet. */
  readonly isNew?: boolean;
}

export const ok = (area: Finding['area'], found: string): Finding => ({ area, state: 'ok', found });

/** Where the table of errors speaks to callers of the API. */
const fixes: Partial<Record<Finding['area'], Partial<Record<ErrorCode, string>>>> = {
  Kafka: {
    LogUnavailable:
      'Start the brokers, or correct `kafka` in the configuration: brokers, tls and sasl must be what they expect.',
  },
  Elasticsearch: {
    IndexUnavailable:
      'Start the nodes, or correct `elasticsearch` in the configuration: http or https, authority and account.',
    InvalidConfig:
      'Correct apiKeyFile, or username and passwordFile, of `elasticsearch` in the configuration.',
  },
  keys: {
    DataFolderInvalid:
      'Restore the keys that `holdfast init` made from their copy; others would not fit the tree heads.',
  },
  archive: {
    GovernanceStale:
      'Upgrade where an older version runs. Where a stranger wrote to the topic: take away that right, and ask for help; nothing is archived or answered until then, and nothing is lost.',
    DataFolderInvalid: 'Restore what was lost from its copies before anything is started.',
  },
};

/** What an error says, with what helps an administrator. */
export const faultOf = (area: Finding['area'], error: unknown): Finding => {
  if (!(error instanceof HoldfastError))
    return { area, state: 'fault', found: error instanceof Error ? error.message : String(error) };
  const { detail, fix } = error.details;
  const found = typeof detail === 'string' ? detail : error.message;
  if (typeof fix === 'string') return { area, state: 'fault', found: found.replace(` ${fix}`, ''), fix };
  return { area, state: 'fault', found, fix: fixes[area]?.[error.code] ?? errorTable[error.code].action };
};

export const gathered = async (area: Finding['area'], look: () => Promise<Examined>): Promise<Examined> => {
  try {
    return await look();
  } catch (error) {
    return { findings: [faultOf(area, error)], isComplete: false };
  }
};

const fewFreeBytes = 1024 ** 3;
/** Elasticsearch stops taking new shards at 85 and writes at 95 percent. */
const scarceShare = 0.15;

export const diskFinding = (where: string, freeBytes: number, totalBytes: number): Finding => {
  const found = `${gigabytes(freeBytes)} of ${gigabytes(totalBytes)} are free on the disk ${where}`;
  if (freeBytes >= totalBytes * scarceShare && freeBytes >= fewFreeBytes) return ok('disk', found);
  return {
    area: 'disk',
    state: freeBytes < fewFreeBytes ? 'fault' : 'warning',
    found,
    fix: 'Free some, or add some: at 95 percent Elasticsearch takes no more writes.',
  };
};

const gigabytes = (bytes: number): string => `${(bytes / 1024 ** 3).toFixed(1)} GiB`;
