import { writeReadme } from '../support/figures.ts';

// Puts figures/*.json into the README, as the runs that make them do at their end.
await writeReadme();
