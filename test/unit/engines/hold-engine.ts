import { runEngine } from '../../../infra/engines/run-engine.ts';

// Run as a child: starts something that never ends by itself, says its pid, and waits to be killed.
const [path = ''] = process.argv.slice(2);
const engine = await runEngine({
  name: 'sleeper',
  words: ['/bin/sh', '-c', 'sleep 600 & sleep 600'],
  env: process.env,
  folder: { path, isTemporary: true },
  address: 'nowhere',
  port: 0,
  isReady: async () => true,
});
process.stdout.write(`${engine.pid}\n`);
process.stdin.resume();
