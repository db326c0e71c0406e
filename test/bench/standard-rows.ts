import { appendRows } from './append-rows.ts';
import type { BenchContext } from './bench-context.ts';
import type { BenchRow } from './bench-row.ts';
import { drainRows } from './drain-rows.ts';
import { importRows } from './import-rows.ts';
import { searchRows } from './search-rows.ts';

/** All rows of the Standard Edition. */
export const standardRows = async (context: BenchContext): Promise<BenchRow[]> => {
  const appends = await appendRows(context);
  const drains = await drainRows(context);
  const imports = await importRows(context);
  const searches = await searchRows(context, imports.data);
  return [...imports.rows, ...drains, ...appends, ...searches];
};
