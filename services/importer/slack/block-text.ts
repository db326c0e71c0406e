/** Where Slack's marks must not be read into what was typed. */
const escapeMarks = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');

/**
 * Texts in the blocks of a message, in the notation of `text`, one a paragraph. Rich text says what `text` says, so it
 * is asked for only where that is empty. The nesting is bounded by whoever parsed the message.
 */
export const blockTexts = (blocks: unknown, { richText }: { readonly richText: boolean }): string[] => {
  if (Array.isArray(blocks)) return blocks.flatMap((block) => blockTexts(block, { richText }));
  if (!isRecord(blocks)) return [];
  if (blocks.type === 'rich_text') return richText ? [richParts(blocks.elements).trim()] : [];
  if (blocks.type === 'mrkdwn' || blocks.type === 'plain_text') return [textOf(blocks.text)];
  return Object.values(blocks).flatMap((inner) => blockTexts(inner, { richText }));
};

const richParts = (elements: unknown): string =>
  Array.isArray(elements) ? elements.map(richPart).join('') : '';

const richPart = (element: unknown): string => {
  if (!isRecord(element)) return '';
  switch (element.type) {
    case 'text':
      return escapeMarks(textOf(element.text));
    case 'user':
      return `<@${textOf(element.user_id)}>`;
    case 'channel':
      return `<#${textOf(element.channel_id)}>`;
    case 'broadcast':
      return `<!${textOf(element.range)}>`;
    case 'emoji':
      return `:${textOf(element.name)}:`;
    case 'link': {
      const label = escapeMarks(textOf(element.text));
      return `<${escapeMarks(textOf(element.url))}${label === '' ? '' : `|${label}`}>`;
    }
    default:
      return `${richParts(element.elements)}\n`;
  }
};
