/** Changes whenever the same text may give other tokens; an index built with another version is rebuilt. */
export const analyzerVersion = 1;
