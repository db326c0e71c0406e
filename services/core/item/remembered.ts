const maxRemembered = 5_000;

/** Answers kept for the texts they were made of, for what is the same on most items; all are forgotten at once. */
export const remembered = <T>(): ((text: string, make: () => T) => T) => {
  const known = new Map<string, T>();
  return (text, make) => {
    const present = known.get(text);
    if (present !== undefined) return present;
    const made = make();
    if (known.size >= maxRemembered) known.clear();
    known.set(text, made);
    return made;
  };
};
