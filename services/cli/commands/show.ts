import type { Command } from 'commander';
import type { Item } from '../../../schemas/archive/item.ts';
import type { Archive } from '../../search-api/archive.ts';
import type { CommandContext } from '../command-context.ts';
import { exitCodes } from '../exit-codes.ts';
import { someText, timeZoneName, wholeNumberTo } from '../option-values.ts';
import { describeCertificate, excerptOf, headingOf, textOf } from '../print-answer.ts';
import { printable } from '../printable.ts';
import type { Terminal } from '../terminal.ts';

interface ShowOptions {
  readonly json?: boolean;
  readonly context: number;
  readonly timeZone?: string;
}

export const addShowCommand = (program: Command, context: CommandContext): void => {
  program
    .command('show')
    .description('show an item with all its versions, and the conversation around it')
    .argument('<item>', 'item id, as search prints it', someText)
    .option('--context <n>', 'items of the conversation around it (0 to 500)', wholeNumberTo(500), 10)
    .option('--time-zone <zone>', 'IANA zone of the times shown', timeZoneName)
    .option('--json', 'the item and its conversation as JSON')
    .addHelpText('after', '\nExample:\n  holdfast show 3f1c… --context 20\n')
    .action((id: string, options: ShowOptions) =>
      context.withArchive((archive) => show(context, archive, { id, options })),
    );
};

const show = async (
  context: CommandContext,
  archive: Archive,
  { id, options }: { id: string; options: ShowOptions },
): Promise<number> => {
  const { terminal } = context;
  const { item, certificate } = await archive.item(context.caller(), id);
  const limit = options.context;
  const conversation =
    limit === 0
      ? undefined
      : await archive.conversation(context.caller(), item.conversation.id, { around: id, limit });
  if (options.json === true) {
    terminal.out(JSON.stringify({ item, conversation, certificate }));
    return exitCodes.done;
  }
  const timeZone = options.timeZone ?? certificate.vector.timeZone;
  for (const other of conversation?.items ?? []) {
    if (other.id === id) printWhole(terminal, item, timeZone);
    else terminal.out(`  ${lineOf(other, timeZone)}`);
  }
  if (conversation === undefined) printWhole(terminal, item, timeZone);
  terminal.err(describeCertificate(certificate));
  return exitCodes.done;
};

const lineOf = (item: Item, timeZone: string): string => {
  const last = item.versions.at(-1);
  const text =
    item.event === 'message' && last !== undefined
      ? excerptOf(last, [], false)
      : `* ${item.event}${item.detail === undefined ? '' : `: ${printable(item.detail)}`}`;
  return `${headingOf(item, timeZone)}  ${text}`;
};

const printWhole = (terminal: Terminal, item: Item, timeZone: string): void => {
  terminal.out(`> ${headingOf(item, timeZone)}`);
  for (const version of item.versions)
    terminal.out(`>   v${version.number} ${version.sentAt} ${textOf(version, [], false)}`);
  if (item.deletion !== undefined)
    terminal.out(`>   deleted ${item.deletion.at} by ${printable(item.deletion.by.address)}`);
  for (const { reaction, by, removed } of item.reactions ?? [])
    terminal.out(`>   ${removed === true ? 'took back ' : ''}${printable(`${reaction} ${by.address}`)}`);
  for (const { kind, by, at } of item.receipts ?? [])
    terminal.out(`>   ${kind} ${at} ${printable(by.address)}`);
  terminal.out(`>   id ${item.id}, position ${item.partition}/${item.firstOffset}, session ${item.session}`);
};
