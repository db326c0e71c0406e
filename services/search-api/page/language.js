/** @import stringsFile from './strings.json' */
/** @typedef {keyof typeof stringsFile} StringName */
/** @typedef {'en' | 'ko' | 'zh-Hant'} Language */

/** @type {readonly Language[]} */
const languages = ['en', 'ko', 'zh-Hant'];
const rememberedAs = 'holdfast.language';

/** @type {typeof stringsFile} */
const strings = await (await fetch('/page/strings.json')).json();

/** @type {Language} */
let current = 'en';

export const currentLanguage = () => current;

/**
 * The language to begin with: the one chosen before, else the first the browser prefers and we have.
 * @param {readonly string[]} preferred
 * @returns {Language}
 */
export const chooseLanguage = (preferred) => {
  const wanted = [localStorage.getItem(rememberedAs) ?? '', ...preferred];
  for (const tag of wanted) {
    const [base] = tag.split('-');
    const found = languages.find((language) => language === tag || language.split('-')[0] === base);
    if (found !== undefined) return found;
  }
  return 'en';
};

/** @param {Language} language */
export const setLanguage = (language) => {
  current = language;
  localStorage.setItem(rememberedAs, language);
  document.documentElement.lang = language;
  for (const element of document.querySelectorAll('[data-text]'))
    element.textContent = say(/** @type {StringName} */ (element.getAttribute('data-text')));
};

/**
 * A string of the page with its `{names}` filled in.
 * @param {StringName} name
 * @param {Readonly<Record<string, string | number>>} [fillings]
 */
export const say = (name, fillings = {}) =>
  strings[name][current].replace(/\{(\w+)\}/g, (_match, filling) => {
    const value = fillings[filling] ?? '';
    return typeof value === 'number' ? formatNumber(value) : value;
  });

/**
 * Like `say`, for codes the server names: undefined when the page has no words for it.
 * @param {string} name
 */
export const sayIfKnown = (name) =>
  Object.hasOwn(strings, name) ? say(/** @type {StringName} */ (name)) : undefined;

/** @param {number} count */
export const sayTotal = (count) =>
  say(new Intl.PluralRules(current).select(count) === 'one' ? 'total.one' : 'total.other', { n: count });

/** @param {number} value */
export const formatNumber = (value) => new Intl.NumberFormat(current).format(value);

/**
 * @param {string} instant ISO 8601
 * @param {string} timeZone
 * @param {Intl.DateTimeFormatOptions} [options]
 */
export const formatTime = (instant, timeZone, options = { dateStyle: 'medium', timeStyle: 'medium' }) =>
  new Intl.DateTimeFormat(current, { ...options, timeZone }).format(new Date(instant));
