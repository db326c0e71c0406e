import { InvalidArgumentError } from 'commander';

/** Parsers of option values: wrong usage ends before anything is opened or made. */
export const wholeNumberTo =
  (max: number) =>
  (text: string): number => {
    const value = Number(text);
    if (/^\d{1,9}$/.test(text) && value <= max) return value;
    throw new InvalidArgumentError(`expected a whole number from 0 to ${max}`);
  };

export const timeZoneName = (text: string): string => {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: text }).resolvedOptions().timeZone;
  } catch {
    throw new InvalidArgumentError('expected an IANA time zone like Asia/Seoul');
  }
};

export const someText = (value: string): string => {
  if (value.trim() !== '') return value;
  throw new InvalidArgumentError('expected some text');
};
