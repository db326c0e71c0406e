/**
 * How long an engine is meant to run. A `brief` one is for a run of tests: its JVM does not spend processor time on
 * compiling well and collecting garbage beside the work. A `lasting` one is for what is measured.
 */
export type EngineLifetime = 'brief' | 'lasting';

/** Options of its JVM, those of the distribution before them. */
export const jvmOptions = (lifetime: EngineLifetime = 'lasting'): readonly string[] =>
  lifetime === 'brief' ? ['-XX:TieredStopAtLevel=1', '-XX:-UseG1GC', '-XX:+UseSerialGC'] : [];
