/** Kleene's three values: `unknown` where a part was not read or a roster may lack somebody. */
export type Truth = 'true' | 'false' | 'unknown';

export const not = (truth: Truth): Truth => {
  if (truth === 'unknown') return truth;
  return truth === 'true' ? 'false' : 'true';
};

/** False if one is false, else unknown if one is unknown; looks no further than it must. */
export const every = <T>(operands: readonly T[], truthOf: (operand: T) => Truth): Truth => {
  let all: Truth = 'true';
  for (const operand of operands) {
    const truth = truthOf(operand);
    if (truth === 'false') return truth;
    if (truth === 'unknown') all = truth;
  }
  return all;
};

/** True if one is true, else unknown if one is unknown. */
export const some = <T>(operands: readonly T[], truthOf: (operand: T) => Truth): Truth => {
  let any: Truth = 'false';
  for (const operand of operands) {
    const truth = truthOf(operand);
    if (truth === 'true') return truth;
    if (truth === 'unknown') any = truth;
  }
  return any;
};
