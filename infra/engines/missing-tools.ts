import { EnginesMissing } from './engines-missing.ts';
import { findJava, findProgram } from './find-java.ts';

// Prints `java`, `maven` and `strace`, a line each, where they are missing.
try {
  findJava();
} catch (error) {
  if (!(error instanceof EnginesMissing)) throw error;
  process.stdout.write('java\n');
}
if (findProgram('mvn', process.env) === undefined) process.stdout.write('maven\n');
if (process.platform === 'linux' && findProgram('strace', process.env) === undefined)
  process.stdout.write('strace\n');
