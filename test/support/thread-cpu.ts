/** Processor time this thread has used, in ms: grows with what it does, not while others have the processor. */
export const threadCpuMs = (): number => {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1000;
};
