/** This machine lacks what the engines need; the message is one line that says how to get it. Tests are skipped with it. */
export class EnginesMissing extends Error {
  override name = 'EnginesMissing';
}
