/** Names that the marks in a text stand for. */
export interface NamesInText {
  person(id: string): string | undefined;
  channel(id: string): string | undefined;
}

const mark = /<([^<>]*)>/g;
const scheme = /^[a-z][a-z0-9+.-]*:/i;
const entities: Readonly<Record<string, string>> = { '&lt;': '<', '&gt;': '>', '&amp;': '&' };

/** The text as people saw it: marks for persons, channels, links and dates by their names, entities decoded. */
export const readableText = (text: string, names: NamesInText): string => {
  let readable = '';
  let from = 0;
  for (const found of text.matchAll(mark)) {
    readable += decodeEntities(text.slice(from, found.index)) + readableMark(found[1]!, names);
    from = found.index + found[0].length;
  }
  return readable + decodeEntities(text.slice(from));
};

/** Slack ids of the persons a text mentions, each once. */
export const mentionedPersons = (text: string): string[] => {
  const ids = [...text.matchAll(mark)].flatMap(([, inside = '']) =>
    inside.startsWith('@') ? [splitMark(inside.slice(1))[0]] : [],
  );
  return [...new Set(ids)].filter((id) => id !== '');
};

const readableMark = (inside: string, names: NamesInText): string => {
  const [target, label] = splitMark(inside);
  const id = target.slice(1);
  switch (target[0]) {
    case '@':
      return `@${names.person(id) ?? (decodeEntities(label) || id)}`;
    case '#':
      return `#${decodeEntities(label) || (names.channel(id) ?? id)}`;
    case '!':
      return decodeEntities(label) || `@${id.split('^', 2).join(' ')}`;
    default:
      if (!scheme.test(target)) return `<${decodeEntities(inside)}>`;
      return readableLink(decodeEntities(target), decodeEntities(label));
  }
};

const readableLink = (url: string, label: string): string => {
  const bare = url.replace(/^(?:mailto:|tel:)/, '');
  if (label === '' || label === url || label === bare) return bare;
  return url.replace(/^https?:\/\//, '') === label ? url : `${label} (${url})`;
};

const splitMark = (inside: string): [target: string, label: string] => {
  const at = inside.indexOf('|');
  return at < 0 ? [inside, ''] : [inside.slice(0, at), inside.slice(at + 1)];
};

const decodeEntities = (text: string): string =>
  text.includes('&') ? text.replace(/&(?:lt|gt|amp);/g, (entity) => entities[entity]!) : text;
