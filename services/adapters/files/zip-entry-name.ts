import { type Entry, getFileNameLowLevel } from 'yauzl';
import { zipLimits } from '../../ports/source-files.ts';

const utf8Flag = 0x800;
const unicodePathField = 0x7075;
const strictUtf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const control = /\p{Cc}/u;

/** The name of an entry, or why it must not be trusted. Nothing is unpacked, but names also become paths in reports. */
export const zipEntryName = (entry: Entry): { name: string } | { name: string; reason: string } => {
  const name = decodeName(entry);
  const reason = faultOf(name, entry.fileNameRaw.length);
  return reason === undefined ? { name } : { name: name.slice(0, zipLimits.nameBytes), reason };
};

// Many programs write UTF-8 without saying so; what is not UTF-8 is read as the standard says (code page 437).
const decodeName = ({ generalPurposeBitFlag, fileNameRaw, extraFields }: Entry): string => {
  const isDeclared =
    (generalPurposeBitFlag & utf8Flag) !== 0 || extraFields.some(({ id }) => id === unicodePathField);
  if (!isDeclared) {
    try {
      return strictUtf8.decode(fileNameRaw);
    } catch {}
  }
  return getFileNameLowLevel(generalPurposeBitFlag, fileNameRaw, extraFields, true);
};

const faultOf = (name: string, bytes: number): string | undefined => {
  if (name === '') return 'an entry without a name';
  if (bytes > zipLimits.nameBytes) return `a name of more than ${zipLimits.nameBytes} bytes`;
  if (control.test(name)) return 'a control character in its name';
  if (name.includes('\\')) return 'a backslash in its name';
  if (name.startsWith('/') || /^[A-Za-z]:/.test(name)) return 'an absolute path';
  const folders = name.replace(/\/$/, '').split('/');
  if (folders.some((folder) => folder === '..')) return 'a path that leads out of the zip';
  return folders.some((folder) => folder === '.' || folder === '') ? 'an empty part in its path' : undefined;
};
