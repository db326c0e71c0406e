/** The first date (YYYY-MM-DD, a day that exists, from year 0001) in a file's name; day files are named by theirs. */
export const dateInName = (name: string): string | undefined =>
  name.match(/(?<!\d)\d{4}-\d{2}-\d{2}(?!\d)/g)?.find(isDay);

const isDay = (text: string): boolean => {
  const instant = new Date(`${text}T00:00:00.000Z`);
  const exists = !Number.isNaN(instant.getTime()) && instant.toISOString().startsWith(text);
  return exists && !text.startsWith('0000');
};
