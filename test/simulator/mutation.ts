/** A deliberate bug: in this file, this text becomes that. */
export interface Mutation {
  readonly name: string;
  /** Finds it; tried first, so that not every run looks for one. */
  readonly seed: number;
  /** Below services/. */
  readonly file: string;
  /** Occurs once. */
  readonly from: string;
  readonly to: string;
}
