import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The committed description of the API, as `GET /openapi.json` answers it. */
export const readOpenapi = (): string =>
  readFileSync(join(import.meta.dirname, '../../../schemas/generated/openapi.json'), 'utf8');
