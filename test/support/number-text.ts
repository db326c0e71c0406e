/** Three digits that count, thousands apart. */
export const numberText = (value: number): string =>
  Math.abs(value) >= 100
    ? Math.round(value).toLocaleString('en')
    : String(Number(value.toPrecision(Math.abs(value) >= 10 ? 3 : 2)));
