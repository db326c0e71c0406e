import type { StreamName } from '../../ports/event-log.ts';

/** Topics of one installation; another on the same cluster has other names. */
export const topicNames = {
  stream: (installation: string, stream: StreamName, generation: number): string =>
    `holdfast.${installation}.${stream}.${generation}`,
  ledger: (installation: string, stream: StreamName, generation: number): string =>
    `holdfast.${installation}.ledger.${stream}.${generation}`,
  heads: (installation: string): string => `holdfast.${installation}.heads`,
  archivers: (installation: string): string => `holdfast.${installation}.archivers`,
};
