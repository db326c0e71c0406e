import { registerHooks } from 'node:module';

/**
 * For `node --import`: lets this process die at a failpoint. HOLDFAST_FAILPOINT=name:nth:turns names it, which pass of
 * it, and how many turns of the event loop later, so that what was just sent has left. Worker threads load this too, as
 * they inherit the arguments of the process; each counts its own passes.
 */
const empty = new URL('../../services/core/failpoint.ts', import.meta.url).href;
const armed = new URL('./armed-failpoint.ts', import.meta.url).href;

registerHooks({
  resolve: (specifier, context, next) => {
    const resolved = next(specifier, context);
    return resolved.url === empty ? { ...resolved, url: armed } : resolved;
  },
});
