import type { FileReference } from '../../../schemas/events/im-event.ts';
import type { SlackFile, SlackMessage } from './slack-message.ts';

const maxNameLength = 1024;
const maxTypeLength = 128;

/** The files of a message by their metadata; an export holds no files, only links to them. */
export const fileReferences = ({ files, file }: Pick<SlackMessage, 'files' | 'file'>): FileReference[] =>
  (files ?? (file === undefined ? [] : [file])).map(toReference);

const toReference = ({ id, name, title, mimetype, size }: SlackFile): FileReference => ({
  name: nameOf(name || title || id),
  ...(mimetype && mimetype.length <= maxTypeLength ? { mediaType: mimetype } : {}),
  ...(size === undefined ? {} : { sizeBytes: size }),
});

// A deleted file has left nothing but its id, sometimes not even that.
const nameOf = (text: string | undefined): string =>
  text?.toWellFormed().slice(0, maxNameLength).toWellFormed() || '(unnamed)';
