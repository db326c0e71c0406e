/** `production` keeps a second copy of everything; `development` runs on one node. */
export type IndexProfile = 'production' | 'development';

export interface IndexSetting {
  /** As Elasticsearch gives it back: a text. */
  readonly value: string;
  readonly why: string;
}

/** Settings of an index that must be as they are here: made so, and checked at every start. */
export const indexSettings: Readonly<Record<string, IndexSetting>> = {
  'index.translog.durability': {
    value: 'request',
    why: 'A put that was answered is on disk; `async` would lose up to 5 seconds of them in a crash.',
  },
  'index.refresh_interval': {
    value: '-1',
    why: 'What a search sees moves only when an archiver says so, after its puts: no second clock decides, and no work is done for nobody.',
  },
  'index.merge.policy.expunge_deletes_allowed': {
    value: '0',
    why: 'A removal must leave no bytes: by default a segment keeps its deleted documents until they are 10 percent of it.',
  },
  'index.mapping.nested_objects.limit': {
    value: '1000000',
    why: 'Each version of an item is a nested object, and an item with more than 10,000 edits must be archived too.',
  },
};

const profileSettings: Readonly<Record<IndexProfile, Readonly<Record<string, IndexSetting>>>> = {
  production: {
    'index.number_of_replicas': {
      value: '1',
      why: 'The index survives the loss of one node.',
    },
    'index.write.wait_for_active_shards': {
      value: '2',
      why: 'A put is answered only when two copies have it; by default the primary alone is enough while the other is away.',
    },
  },
  development: {
    'index.number_of_replicas': { value: '0', why: 'One node has no place for a second copy.' },
    'index.write.wait_for_active_shards': { value: '1', why: 'There is only one copy.' },
  },
};

/** Fixed when an index is made; a rebuild may choose another number. */
export const shardsOf = (profile: IndexProfile): number => (profile === 'production' ? 3 : 1);

export const settingsOf = (profile: IndexProfile): Readonly<Record<string, IndexSetting>> => ({
  ...indexSettings,
  ...profileSettings[profile],
});

export const developmentNotice =
  'Elasticsearch profile development: one copy on one node. Answered puts survive a crash of the node, not the loss of its disk; the log can rebuild the index.';
