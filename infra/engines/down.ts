import { stopRunning } from './stop-running.ts';

const stopped = await stopRunning();
process.stdout.write(
  `${stopped === 0 ? 'no engines ran' : `stopped ${stopped} engines; their data stays`}\n`,
);
