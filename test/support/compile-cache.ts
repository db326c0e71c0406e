import { join } from 'node:path';

/** For NODE_COMPILE_CACHE of child processes that are many and short: starting is most of what they do. */
export const compileCache = join(import.meta.dirname, '../../node_modules/.cache/holdfast-tests');
