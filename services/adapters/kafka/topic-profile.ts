/** A setting a topic must have, and which other values do as well. */
export interface TopicSetting {
  readonly value: string;
  readonly accept: 'exactly' | 'at least' | 'at most';
  /** What it is for, completing "because". */
  readonly why: string;
}

export type TopicKind = 'data' | 'record' | 'assignment';

export type TopicSettings = Readonly<Record<string, TopicSetting>>;

/** What topics of an installation look like on a kind of cluster. */
export interface TopicProfile {
  readonly name: string;
  /** Copies of each partition; more than asked for is fine. */
  readonly replicationFactor: number;
  readonly kinds: Readonly<Record<TopicKind, TopicSettings>>;
  /** Sentences for whoever starts it. */
  readonly cannotPromise: readonly string[];
}

export interface WantedTopic {
  readonly topic: string;
  readonly kind: TopicKind;
  readonly partitions: number;
}

export const isAccepted = ({ value, accept }: TopicSetting, found: string | undefined): boolean => {
  if (found === undefined) return false;
  if (accept === 'exactly') return isSameValue(value, found);
  return accept === 'at least' ? Number(found) >= Number(value) : Number(found) <= Number(value);
};

/** `0.5` and `0.50` are the same; empty is no number. */
const isSameValue = (a: string, b: string): boolean =>
  a === b || (a !== '' && b !== '' && Number(a) === Number(b));
