import { HoldfastError } from '../../core/errors.ts';

export const orImportFailed = async <T>(path: string, reading: Promise<T>): Promise<T> => {
  try {
    return await reading;
  } catch (error) {
    throw importFailed(path, error);
  }
};

export const importFailed = (path: string, cause: unknown): HoldfastError => {
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : 'unknown fault';
  const why = code === 'ENOENT' ? 'there is no such file or folder' : `it cannot be read (${code})`;
  return new HoldfastError('ImportFailed', { path, detail: `${path}: ${why}.` }, { cause });
};
