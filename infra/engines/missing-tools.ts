import { EnginesMissing } from './engines-missing.ts';
import { findJava, findProgram } from './find-java.ts';

// Prints `java` and `maven`, a line each, where they are missing.
try {
  findJava();
} catch (error) {
  if (!(error instanceof EnginesMissing)) throw error;
  process.stdout.write('java\n');
}
if (findProgram('mvn', process.env) === undefined) process.stdout.write('maven\n');
