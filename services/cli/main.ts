#!/usr/bin/env -S node --max-semi-space-size=4 --max-old-space-size=384
import { enableCompileCache } from 'node:module';
import { fileURLToPath } from 'node:url';

// Threads start with it too; inside the checkout, because whoever writes there owns the code anyway.
process.env.NODE_COMPILE_CACHE ??= fileURLToPath(
  new URL('../../node_modules/.cache/holdfast', import.meta.url),
);
enableCompileCache(process.env.NODE_COMPILE_CACHE);

const { runCli } = await import('./run-cli.ts');
process.exitCode = await runCli(process.argv.slice(2), process.env);
