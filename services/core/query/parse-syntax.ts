import { type Entry, joinBranches } from './entries.ts';
import { endOf, type FaultCode, faultAt, type Span, spanBetween } from './fault.ts';
import type { Lexeme, NearLexeme, OperatorLexeme, PropertyLexeme, WordLexeme } from './lexeme.ts';
import { listLeaf, readList } from './list-leaf.ts';
import { makeLeaf, spanOf } from './make-leaf.ts';
import { refuseChain } from './near-chain.ts';
import { nearLeaf } from './near-leaf.ts';
import { properties } from './property-table.ts';
import { queryLimits } from './query-limits.ts';
import { type Building, countTerms, type Leaf, levelsOf, type Syntax } from './syntax.ts';

/** What stands in one pair of parentheses, or in the whole query. */
interface Frame {
  readonly open: Span | undefined;
  readonly property: PropertyLexeme | undefined;
  readonly branches: Entry[][];
  /** NOTs before the next operand, and where the first stands. */
  negations: number;
  negatedFrom: number;
  near: NearLexeme | undefined;
  /** The operator that still wants an operand. */
  wanting: Span | undefined;
  explicit: boolean;
}

/** The parser: a stack of frames instead of recursion, so that no depth of parentheses can exhaust it. */
interface Parsing {
  readonly building: Building;
  readonly lexemes: readonly Lexeme[];
  readonly frames: Frame[];
  at: number;
  terms: number;
  hasImplied: boolean;
  /** A fault after which the rest cannot be understood. */
  stopped: boolean;
}

const newFrame = (open?: Span, property?: PropertyLexeme): Frame => ({
  open,
  property,
  branches: [[]],
  negations: 0,
  negatedFrom: 0,
  near: undefined,
  wanting: undefined,
  explicit: false,
});

const stop = (
  parsing: Parsing,
  span: Span,
  code: FaultCode,
  message: string,
  details: { expected?: string; fixes?: readonly string[] } = {},
): void => {
  parsing.building.faults.push(faultAt(span, code, message, details));
  parsing.stopped = true;
};

const currentFrame = (parsing: Parsing): Frame => parsing.frames.at(-1)!;
const currentBranch = (frame: Frame): Entry[] => frame.branches.at(-1)!;

/** Stands in for a term that has a fault, so that the rest of the query is still looked at. */
const placeholder: Leaf = {
  type: 'leaf',
  query: { type: 'or', operands: [] },
  echo: '',
  terms: 1,
  text: { source: '', star: false, field: 'any' },
};

const isWithinLimits = (parsing: Parsing, syntax: Syntax, negations: number, span: Span): boolean => {
  if (parsing.terms > queryLimits.terms)
    stop(parsing, span, 'tooManyTerms', `The query has more than ${queryLimits.terms} terms.`);
  else if (levelsOf(syntax) + negations > queryLimits.levels)
    stop(
      parsing,
      span,
      'tooDeep',
      `Operators are inside one another more than ${queryLimits.levels} levels deep.`,
    );
  return !parsing.stopped;
};

const attachNear = (parsing: Parsing, frame: Frame, near: NearLexeme, syntax: Syntax, span: Span): void => {
  const branch = currentBranch(frame);
  const left = branch.pop()!;
  const start = left.span.offset;
  const leftSpan = left.span;
  const leaf = nearLeaf(
    parsing.building,
    near,
    { span: leftSpan, value: left.syntax },
    { span, value: syntax },
  );
  branch.push({ ...left, syntax: leaf ?? placeholder, bare: true, span: spanBetween(start, endOf(span)) });
  frame.near = undefined;
};

/** Adds an operand to the frame, with the NOTs or NEAR that stand before it. */
const attach = (parsing: Parsing, syntax: Syntax, span: Span, bare: boolean): void => {
  const frame = currentFrame(parsing);
  const { negations } = frame;
  if (!isWithinLimits(parsing, syntax, negations, span)) return;
  const near = frame.near;
  if (near !== undefined) {
    if (negations > 0) stop(parsing, span, 'nearOperand', 'NOT cannot stand inside NEAR.');
    else attachNear(parsing, frame, near, syntax, span);
  } else {
    const from = negations > 0 ? frame.negatedFrom : span.offset;
    const whole = spanBetween(from, endOf(span));
    currentBranch(frame).push({ syntax, negations, explicit: frame.explicit, bare, span: whole });
  }
  frame.negations = 0;
  frame.wanting = undefined;
  frame.explicit = false;
};

const attachWord = (parsing: Parsing, word: WordLexeme, property: PropertyLexeme | undefined): void => {
  const condition = makeLeaf(parsing.building, word, property) ?? placeholder;
  // One `event:message` is free: the echo of a query of as many terms as there may be has it.
  const isImplied = condition.type === 'leaf' && condition.echo === 'event:message' && !parsing.hasImplied;
  if (isImplied) parsing.hasImplied = true;
  else parsing.terms += countTerms(condition);
  attach(parsing, condition, spanOf(word, property), true);
};

const attachProperty = (parsing: Parsing, property: PropertyLexeme): void => {
  const { building, lexemes } = parsing;
  const kind = properties[property.name];
  const next = lexemes[parsing.at + 1];
  if (kind?.type === 'list') {
    const read = readList(building, lexemes, parsing.at + 1, kind.list);
    if (read === undefined) {
      parsing.stopped = true;
      return;
    }
    const span = spanBetween(property.offset, read.end);
    parsing.terms += read.words.length;
    const leaf = listLeaf(building, span, kind.list, read.words) ?? placeholder;
    attach(parsing, leaf, span, true);
    parsing.at += read.taken;
  } else if (next?.type === 'word') {
    parsing.at += 1;
    attachWord(parsing, next, property);
  } else if (next?.type === 'open') {
    parsing.at += 1;
    parsing.frames.push(newFrame(spanBetween(property.offset, endOf(next)), property));
  } else stop(parsing, property, 'missingValue', 'A value is missing after this property.');
};

/** Takes AND, OR, NOT or NEAR into the frame; a fault if an operand is missing before it. */
const attachOperator = (parsing: Parsing, lexeme: OperatorLexeme): void => {
  const frame = currentFrame(parsing);
  const branch = currentBranch(frame);
  if (lexeme.type === 'not') {
    if (frame.negations === 0) frame.negatedFrom = lexeme.offset;
    frame.negations += 1;
    frame.wanting = lexeme;
    return;
  }
  const before = branch.at(-1);
  if (frame.wanting !== undefined || before === undefined) {
    stop(parsing, frame.wanting ?? lexeme, 'missingOperand', 'A term is missing beside this operator.', {
      expected: 'a term on both sides',
    });
    return;
  }
  frame.wanting = lexeme;
  if (lexeme.type === 'and') frame.explicit = true;
  else if (lexeme.type === 'or') frame.branches.push([]);
  else if (before.syntax.type === 'leaf' && before.syntax.query.type === 'near' && before.bare) {
    parsing.building.faults.push(refuseChain(parsing.building.text, parsing.lexemes, parsing.at));
    parsing.stopped = true;
  } else frame.near = lexeme;
};

/** The meaning of a frame; undefined, with a fault, if something is missing in it. */
const closeFrame = (parsing: Parsing, frame: Frame, end: number): Syntax | undefined => {
  if (frame.wanting !== undefined) {
    stop(parsing, frame.wanting, 'missingOperand', 'A term is missing after this operator.', {
      expected: 'a term',
    });
    return undefined;
  }
  if (currentBranch(frame).length === 0) {
    const span = spanBetween(frame.open?.offset ?? 0, end);
    stop(parsing, span, 'nothingToSearch', 'There is nothing to search for here.', { expected: 'a term' });
    return undefined;
  }
  return joinBranches(parsing.building, frame.branches);
};

const closeParenthesis = (parsing: Parsing, close: Span): void => {
  if (parsing.frames.length === 1) {
    const text = parsing.building.text;
    stop(parsing, close, 'unmatchedParenthesis', 'This parenthesis was never opened.', {
      fixes: [text.slice(0, close.offset) + text.slice(endOf(close))],
    });
    return;
  }
  const frame = currentFrame(parsing);
  const syntax = closeFrame(parsing, frame, endOf(close));
  if (syntax === undefined) return;
  parsing.frames.pop();
  attach(parsing, syntax, spanBetween(frame.open!.offset, endOf(close)), frame.property !== undefined);
};

const step = (parsing: Parsing, lexeme: Lexeme): void => {
  const { property } = currentFrame(parsing);
  if (lexeme.type === 'word') attachWord(parsing, lexeme, property);
  else if (lexeme.type === 'property') attachProperty(parsing, lexeme);
  else if (lexeme.type === 'open') parsing.frames.push(newFrame(lexeme, property));
  else if (lexeme.type === 'close') closeParenthesis(parsing, lexeme);
  else if (lexeme.type === 'comma') stop(parsing, lexeme, 'missingOperand', 'A comma only stands in a list.');
  else attachOperator(parsing, lexeme);
};

/** The syntax tree of a query; undefined if it has a fault, which `building.faults` then names. */
export const parseSyntax = (building: Building, lexemes: readonly Lexeme[]): Syntax | undefined => {
  const parsing: Parsing = {
    building,
    lexemes,
    frames: [newFrame()],
    at: 0,
    terms: 0,
    hasImplied: false,
    stopped: false,
  };
  for (; parsing.at < lexemes.length && !parsing.stopped; parsing.at += 1) {
    step(parsing, lexemes[parsing.at]!);
    // More are not told, and each of them costs a look at the whole query.
    if (building.faults.length >= queryLimits.faults) parsing.stopped = true;
  }
  if (parsing.stopped) return undefined;
  const frame = currentFrame(parsing);
  if (parsing.frames.length > 1) {
    stop(
      parsing,
      frame.open ?? spanBetween(0, 1),
      'unmatchedParenthesis',
      'This parenthesis is never closed.',
      {
        expected: 'a closing parenthesis',
        fixes: [building.text + ')'.repeat(Math.min(parsing.frames.length - 1, queryLimits.levels))],
      },
    );
    return undefined;
  }
  const syntax = closeFrame(parsing, frame, building.text.length);
  return building.faults.length > 0 ? undefined : syntax;
};
