import { createInterface } from 'node:readline';
import { type Command, Option } from 'commander';
import type { SearchAnswer, SearchRequest } from '../../../schemas/api/search.ts';
import { HoldfastError, isHoldfastError } from '../../core/errors.ts';
import type { QueryFault } from '../../core/query/parsed-query.ts';
import type { Archive, Caller } from '../../search-api/archive.ts';
import type { CommandContext } from '../command-context.ts';
import { exitCodes } from '../exit-codes.ts';
import { openInput } from '../open-input.ts';
import { timeZoneName, wholeNumberTo } from '../option-values.ts';
import { printAnswer } from '../print-answer.ts';
import { printFaults } from '../terminal.ts';
import { requireText } from '../with-archive.ts';

interface SearchOptions {
  readonly json?: boolean;
  readonly limit: number;
  readonly timeZone?: string;
  readonly sort: SearchRequest['sort'];
  readonly after?: string;
  readonly batch?: string;
  readonly strict?: boolean;
}

const examples = `
Examples:
  holdfast search 'sudo apt-get NEAR(5) upgrade'
  holdfast search '"release party" sent>=2006-06-01 -from:ubotu' --limit 5
  holdfast search 'participants:contoso.com 내부거래' --time-zone Asia/Seoul --json
  printf 'budget\\nfrom:ann\\n' | holdfast search --batch - --json
`;

export const addSearchCommand = (program: Command, context: CommandContext): void => {
  program
    .command('search')
    .description('find conversations')
    .argument('[query]', 'query text, in quotes')
    .option('--json', 'one JSON document instead of text')
    .option('--limit <n>', 'hits to show (0 to 500)', wholeNumberTo(500), 20)
    .option(
      '--time-zone <zone>',
      'IANA zone by which days are understood (default: that of the installation)',
      timeZoneName,
    )
    .addOption(
      new Option('--sort <order>', 'newest first, or by place')
        .choices(['sent', 'conversation'])
        .default('sent'),
    )
    .option('--after <cursor>', 'the `next` of an earlier answer')
    .option('--batch <file>', 'a query a line from a file, or - for standard input; needs --json')
    .option('--strict', 'in a batch, refuse a query that has a warning about its meaning')
    .addHelpText('after', examples)
    .action((query: string | undefined, options: SearchOptions) =>
      options.batch === undefined
        ? searchOnce(context, query, options)
        : searchBatch(context, options.batch, { query, options }),
    );
};

const searchOnce = async (
  context: CommandContext,
  query: string | undefined,
  options: SearchOptions,
): Promise<void> => {
  const { terminal } = context;
  const text = requireText(query, "a query, e.g. holdfast search 'budget'");
  await context.withArchive(async (archive) => {
    try {
      const answer = await archive.search(context.caller(), requestOf(text, options));
      if (options.json === true) terminal.out(JSON.stringify(answer));
      else printAnswer(terminal, answer);
      return exitCodes.done;
    } catch (error) {
      if (isHoldfastError(error, 'QueryRefused')) printFaults(terminal, text, faultsOf(error));
      throw error;
    }
  });
};

/** One JSON line a query, in order; a refused query gets a line with its faults, and the exit code says so. */
const searchBatch = async (
  context: CommandContext,
  batch: string,
  { query: single, options }: { query: string | undefined; options: SearchOptions },
): Promise<void> => {
  if (options.json !== true || single !== undefined)
    throw new HoldfastError('BadRequest', { detail: 'Expected --json with --batch, and no other query.' });
  const input = await openInput(batch, context.signal);
  await context.withArchive(async (archive) => {
    let exitCode: number = exitCodes.done;
    for await (const query of createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY })) {
      if (query.trim() === '') continue;
      context.signal.throwIfAborted();
      const line = await answerLine(archive, context.caller(), { query, options });
      if ('error' in line) exitCode = exitCodes.usage;
      context.terminal.out(JSON.stringify(line));
    }
    context.signal.throwIfAborted();
    return exitCode;
  });
};

type AnswerLine =
  | SearchAnswer
  | {
      readonly query: string;
      readonly error: { readonly code: string; readonly detail: string; readonly faults: unknown };
    };

const answerLine = async (
  archive: Archive,
  caller: Caller,
  { query, options }: { query: string; options: SearchOptions },
): Promise<AnswerLine> => {
  try {
    const answer = await archive.search(caller, requestOf(query, options));
    const doubts =
      options.strict === true ? answer.warnings.filter((warning) => warning.class === 'meaning') : [];
    return doubts.length === 0
      ? answer
      : {
          query,
          error: {
            code: 'QueryRefused',
            detail: doubts.map(({ message }) => message).join(' '),
            faults: doubts,
          },
        };
  } catch (error) {
    if (!isHoldfastError(error, 'QueryRefused')) throw error;
    return { query, error: { code: error.code, detail: error.message, faults: faultsOf(error) } };
  }
};

const requestOf = (query: string, options: SearchOptions): SearchRequest => ({
  query,
  limit: options.limit,
  sort: options.sort,
  ...(options.timeZone === undefined ? {} : { timeZone: options.timeZone }),
  ...(options.after === undefined ? {} : { after: options.after }),
});

const faultsOf = (error: HoldfastError): readonly QueryFault[] =>
  (error.details.faults ?? []) as readonly QueryFault[];
