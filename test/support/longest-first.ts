/** Files that take half a minute or more on a quiet machine, the longest of a tier first. */
export const longFiles: readonly string[] = [
  'contract/archive-index-elasticsearch',
  'contract/kafka-assignment',
  'contract/archive-index',
  'contract/ledger',
  'contract/kafka-connection',
  'contract/elasticsearch-rebuild',
  'scenario/enterprise',
  'scenario/enterprise-cli',
  'scenario/cli',
  'crash/import-kill',
  'crash/elasticsearch-faults',
  'crash/kafka-event-log',
  'crash/kafka-lost-answers',
  'crash/enterprise-roles',
  'campaign/simulation',
  'campaign/failpoint-kills-enterprise',
  'campaign/failpoint-kills-standard',
  'campaign/tamper-enterprise',
  'campaign/fuzz',
  'campaign/poison',
];

const placeOf = (file: string): number => {
  const at = longFiles.findIndex((name) => file.endsWith(`test/${name}.test.ts`));
  return at === -1 ? longFiles.length : at;
};

/** So that none of the long ones runs alone at the end of its tier; the others by name. */
export const longestFirst = (files: readonly string[]): string[] =>
  files.toSorted((a, b) => placeOf(a) - placeOf(b) || (a < b ? -1 : 1));
