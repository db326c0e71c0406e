/**
 * Loaded into each file of tests. The runner's timeout ends tests, but not a file in which a failed test left something
 * open: that would wait for ever.
 */
const longestMs = 420_000;

setTimeout(() => {
  process.stderr.write(`not done after ${longestMs / 1000} s: ended\n`);
  process.exit(1);
}, longestMs).unref();
