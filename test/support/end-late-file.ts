/**
 * Loaded into each file of tests. The runner's timeout ends tests, but not a file in which a failed test left something
 * open: that would wait for ever.
 */
const longestSeconds = Number(process.env.HOLDFAST_TEST_FILE_SECONDS ?? 920);

setTimeout(() => {
  process.stderr.write(`not done after ${longestSeconds} s: ended\n`);
  process.exit(1);
}, longestSeconds * 1000).unref();
