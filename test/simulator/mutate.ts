import { registerHooks } from 'node:module';
import { mutations } from './mutations.ts';

/** Loaded before anything else: puts the bug that HOLDFAST_MUTATION names into the code as it is loaded. */
const mutation = mutations.find(({ name }) => name === process.env.HOLDFAST_MUTATION);
if (mutation === undefined) throw new Error(`There is no mutation "${process.env.HOLDFAST_MUTATION}".`);
const { href } = new URL(`../../services/${mutation.file}`, import.meta.url);

registerHooks({
  load(url, context, next) {
    const loaded = next(url, context);
    if (url !== href) return loaded;
    const source = Buffer.from((loaded.source ?? '') as Uint8Array).toString();
    if (source.split(mutation.from).length !== 2)
      throw new Error(`"${mutation.name}": its text does not occur exactly once in ${mutation.file}.`);
    return { ...loaded, source: source.replace(mutation.from, () => mutation.to) };
  },
});
