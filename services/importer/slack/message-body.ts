import { blockTexts } from './block-text.ts';
import type { SlackAttachment, SlackMessage } from './slack-message.ts';
import { mentionedPersons, type NamesInText, readableText } from './slack-text.ts';

export interface MessageBody {
  readonly body: string;
  /** Slack ids. */
  readonly mentioned: readonly string[];
}

/** All that could be read in a message: its text, then what blocks and attachments say beyond it. */
export const messageBody = (
  { text = '', blocks, attachments = [] }: Pick<SlackMessage, 'text' | 'blocks' | 'attachments'>,
  names: NamesInText,
): MessageBody => {
  const own = [text, ...blockTexts(blocks, { richText: text === '' })].filter((part) => part.trim() !== '');
  const added = attachments.flatMap(attachmentTexts).filter((part) => part.trim() !== '');
  return {
    body: paragraphs([...own, ...added].map((part) => readableText(part, names))),
    mentioned: [...new Set(own.flatMap(mentionedPersons))],
  };
};

const attachmentTexts = (attachment: SlackAttachment): string[] => {
  const { pretext = '', author_name = '', title = '', text = '', fields = [], blocks, fallback } = attachment;
  const told = [
    pretext,
    author_name,
    title,
    text,
    ...fields.map((field) => [field.title, field.value].filter((part) => part).join(': ')),
    ...blockTexts(blocks, { richText: true }),
  ].filter((part) => part.trim() !== '');
  return told.length === 0 && fallback !== undefined ? [fallback] : told;
};

// Blocks often say again what the text says, and unfurled links what they are of.
const paragraphs = (parts: readonly string[]): string => {
  const said: string[] = [];
  for (const part of parts) if (!said.some((earlier) => earlier.includes(part))) said.push(part);
  return said.join('\n');
};
