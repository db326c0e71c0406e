import { fileURLToPath } from 'node:url';

/** Conversations that come with Holdfast; origin and licence of each are in infra/samples/README.md. */
export interface Sample {
  readonly title: string;
  readonly licence: string;
  /** Absolute path of a folder to import. */
  readonly path: string;
}

/** Events of our own schema stand first and last: by them one sees whether all were imported. */
const samples = [
  { title: 'Korean conversations', licence: 'BSD 3-Clause and MIT', folder: 'korean' },
  { title: '#ubuntu on IRC, four days of 2004 to 2007', licence: 'CC BY 4.0', folder: 'ubuntu-irc' },
  { title: 'Traditional Chinese conversations', licence: 'BSD 3-Clause', folder: 'traditional-chinese' },
  { title: 'Japanese conversations', licence: 'CC BY-SA 4.0', folder: 'japanese' },
];

export const listSamples = (): Sample[] =>
  samples.map(({ title, licence, folder }) => ({
    title,
    licence,
    path: fileURLToPath(new URL(`samples/${folder}/`, import.meta.url)),
  }));
