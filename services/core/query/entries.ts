import { endOf, faultAt, type Span, sliceOf, spanBetween, warningAt, withReplaced } from './fault.ts';
import { type Building, combine, type Leaf, negate, type Syntax } from './syntax.ts';

/** One operand of an AND, as it stands in the query. */
export interface Entry {
  readonly syntax: Syntax;
  /** How many NOT stand before it. */
  readonly negations: number;
  /** Joined to the entry before by a written AND, not by standing side by side. */
  readonly explicit: boolean;
  /** Not in parentheses of its own; `property:(…)` counts as bare. */
  readonly bare: boolean;
  /** From its first NOT to its end. */
  readonly span: Span;
}

const repeatsOf = (syntax: Syntax): Leaf['repeats'] => {
  if (syntax.type === 'leaf') return syntax.repeats;
  if (syntax.type !== 'or') return undefined;
  const [first, ...rest] = syntax.operands.map((operand) =>
    operand.type === 'leaf' ? operand.repeats : undefined,
  );
  return rest.every((other) => other?.property === first?.property) ? first : undefined;
};

const equalityOf = (entry: Entry): Leaf['repeats'] =>
  entry.bare && entry.negations === 0 ? repeatsOf(entry.syntax) : undefined;

const runSpan = (entries: readonly Entry[]): Span =>
  spanBetween(entries[0]!.span.offset, endOf(entries.at(-1)!.span));

const rewrite = ({ text }: Building, entries: readonly Entry[], joiner: string): string =>
  entries.map(({ span }) => sliceOf(text, span)).join(joiner);

const refuseRun = (building: Building, property: string, run: readonly Entry[]): void => {
  const span = runSpan(run);
  const and = withReplaced(building.text, span, rewrite(building, run, ' AND '));
  const or = withReplaced(building.text, span, `(${rewrite(building, run, ' OR ')})`);
  const message = `${property}: has several values on one item, so two side by side may mean all of them or any.`;
  building.faults.push(
    faultAt(span, 'repeatedProperty', message, { expected: 'AND or OR between them', fixes: [and, or] }),
  );
};

const joinRun = (building: Building, property: string, run: readonly Entry[]): Entry => {
  const span = runSpan(run);
  const message = `An item has one ${property}, so the values side by side were read as: any of them.`;
  const other = withReplaced(building.text, span, rewrite(building, run, ' AND '));
  building.warnings.push(warningAt(span, 'sameProperty', message, other));
  const syntax = combine(
    'or',
    run.map((entry) => entry.syntax),
  );
  return { syntax, negations: 0, explicit: run[0]!.explicit, bare: true, span };
};

/** Joins equalities on one property that stand side by side: one OR group, or a fault where it cannot be told. */
export const joinEqualities = (building: Building, entries: readonly Entry[]): readonly Entry[] => {
  const joined: Entry[] = [];
  for (let first = 0; first < entries.length; ) {
    const repeats = equalityOf(entries[first]!);
    let end = first + 1;
    if (repeats !== undefined)
      while (
        end < entries.length &&
        !entries[end]!.explicit &&
        equalityOf(entries[end]!)?.property === repeats.property
      )
        end += 1;
    const run = entries.slice(first, end);
    if (run.length === 1 || repeats === undefined) joined.push(...run);
    else if (repeats.rule === 'or') joined.push(joinRun(building, repeats.property, run));
    else {
      refuseRun(building, repeats.property, run);
      joined.push(...run);
    }
    first = end;
  }
  return joined;
};

/** The reading in which OR binds tighter than AND, as a query text. */
const orFirst = (building: Building, branches: readonly (readonly Entry[])[]): string => {
  const groups: string[][] = [[]];
  for (const branch of branches)
    for (const [index, { span }] of branch.entries()) {
      const written = sliceOf(building.text, span);
      if (index === 0) groups.at(-1)!.push(written);
      else groups.push([written]);
    }
  const written = groups.map((group) => (group.length === 1 ? group.join('') : `(${group.join(' OR ')})`));
  const all = spanBetween(branches[0]![0]!.span.offset, endOf(branches.at(-1)!.at(-1)!.span));
  return withReplaced(building.text, all, written.join(' AND '));
};

/** The OR of the ANDs of a query or of one pair of parentheses. No branch is empty. */
export const joinBranches = (building: Building, branches: readonly (readonly Entry[])[]): Syntax => {
  const joined = branches.map((branch) => joinEqualities(building, branch));
  const mixed = joined.length > 1 && joined.some((branch) => branch.length > 1);
  if (mixed) {
    const first = joined[0]![0]!.span;
    const span = spanBetween(first.offset, endOf(joined.at(-1)!.at(-1)!.span));
    const message = 'AND and OR are mixed without parentheses: AND was read as binding tighter.';
    building.warnings.push(warningAt(span, 'mixedOperators', message, orFirst(building, joined)));
  }
  const ands = joined.map((branch) =>
    combine(
      'and',
      branch.map(({ syntax, negations }) => negate(syntax, negations)),
    ),
  );
  return combine('or', ands);
};
