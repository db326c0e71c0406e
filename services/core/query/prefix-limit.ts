import { HoldfastError } from '../errors.ts';
import type { Query, TextField } from './ast.ts';

/** A beginning that stands for more distinct words than this is refused: the answer would be about everything. */
export const maxPrefixTerms = 10_000;

/** A beginning of a word and where it is looked for. */
export interface TextPrefix {
  readonly field: TextField;
  readonly prefix: string;
}

/** Every beginning in the text conditions of a query, each once. Keys are not limited: a domain may be large. */
export const prefixesOf = (query: Query): readonly TextPrefix[] => {
  const found = new Map<string, TextPrefix>();
  const visit = (part: Query): void => {
    switch (part.type) {
      case 'and':
      case 'or':
        for (const operand of part.operands) visit(operand);
        return;
      case 'not':
        visit(part.operand);
        return;
      case 'text':
      case 'near':
        for (const { prefix, tokens } of part.type === 'text'
          ? [part.phrase]
          : [...part.left, ...part.right]) {
          const last = tokens.at(-1);
          if (prefix && last !== undefined)
            found.set(`${part.field} ${last}`, { field: part.field, prefix: last });
        }
    }
  };
  visit(query);
  return [...found.values()];
};

/** Refuses a beginning with the number of distinct words it stands for. */
export const assertFewTerms = ({ prefix }: TextPrefix, terms: number): void => {
  if (terms <= maxPrefixTerms) return;
  const detail =
    `The beginning "${prefix}" stands for ${terms} different words; at most ${maxPrefixTerms} are searched. ` +
    'Write more of the word.';
  throw new HoldfastError('QueryRefused', { detail, prefix, terms, maxTerms: maxPrefixTerms });
};
