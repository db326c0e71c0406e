/** @import { Hit, SearchAnswer } from '../../../schemas/api/search.ts' */
/** @import { Problem } from '../../../schemas/api/problem.ts' */
/** @import { Language, StringName } from './language.js' */
import { answerView, problemView } from './answer-view.js';
import { CallFailed, search } from './calls.js';
import { closeConversation, openConversation, renderConversation } from './conversation-view.js';
import { button, byId, element } from './elements.js';
import { faultView } from './fault-view.js';
import { chooseLanguage, say, sayTotal, setLanguage } from './language.js';
import { readSentDates, writeSentDates } from './query-dates.js';
import { chosenTimeZone, fillTimeZones, rememberTimeZone } from './time-zones.js';

/** @typedef {{ query: string, timeZone: string, limit: number }} Asked */
/** @typedef {{ state: 'empty' } | { state: 'asking' } | { state: 'failed', query: string, problem: Problem | undefined } | { state: 'answered', asked: Asked, answer: SearchAnswer, hits: Hit[] }} Shown */

const pageSize = 20;
/** @type {readonly (readonly [string, StringName])[]} */
const examples = [
  ['sudo apt-get NEAR(5) upgrade', 'exampleNear'],
  ['여행 OR 喜歡', 'exampleCjk'],
  ['from:Seveas sent>=2006-01-01', 'examplePeople'],
];

const box = byId('query', HTMLTextAreaElement);
const sentFrom = byId('sent-from', HTMLInputElement);
const sentUntil = byId('sent-until', HTMLInputElement);
const timeZone = byId('time-zone', HTMLSelectElement);
const language = byId('language', HTMLSelectElement);
const purpose = byId('purpose', HTMLInputElement);

/** @type {Shown} */
let shown = { state: 'empty' };
let asking = new AbortController();

/** @param {Shown} next */
const show = (next) => {
  shown = next;
  render();
};

/** @param {string} [after] */
const ask = async (after) => {
  const before = shown;
  const more = after !== undefined && before.state === 'answered' ? before : undefined;
  const asked = more?.asked ?? { query: box.value, timeZone: timeZone.value, limit: pageSize };
  asking.abort();
  asking = new AbortController();
  const { signal } = asking;
  if (more === undefined) show({ state: 'asking' });
  try {
    const answer = await search({ ...asked, after }, purpose.value, signal);
    show({ state: 'answered', asked, answer, hits: [...(more?.hits ?? []), ...answer.hits] });
    // The button is gone or further down: go on from the first hit it brought.
    if (more !== undefined) focusHit(more.hits.length);
  } catch (error) {
    if (!signal.aborted) fail(error, asked.query);
  }
};

/** @param {number} index */
const focusHit = (index) => {
  const opener = document.querySelectorAll('.hit .opener')[index];
  if (opener instanceof HTMLElement) opener.focus();
};

/**
 * @param {unknown} error
 * @param {string} query
 */
const fail = (error, query) => {
  const problem = error instanceof CallFailed ? error.problem : undefined;
  show({ state: 'failed', query, problem });
  const fault = problem?.faults?.[0];
  if (fault === undefined) return;
  box.focus();
  box.setSelectionRange(fault.offset, fault.offset + fault.length);
};

/** @param {string} query */
const searchFor = (query) => {
  setQuery(query);
  void ask();
};

/** @param {string} query */
const setQuery = (query) => {
  box.value = query;
  fitBox();
  readDates();
};

const readDates = () => {
  const { from, until } = readSentDates(box.value);
  sentFrom.value = from;
  sentUntil.value = until;
};

const fitBox = () => {
  box.style.height = 'auto';
  box.style.height = `${box.scrollHeight + 2}px`;
};

const render = () => {
  const faults = shown.state === 'failed' ? (shown.problem?.faults ?? []) : [];
  const query = shown.state === 'failed' ? shown.query : '';
  byId('fault', HTMLElement).replaceChildren(...faults.map((fault) => faultView(query, fault, searchFor)));
  box.toggleAttribute('aria-invalid', faults.length > 0);
  byId('status', HTMLElement).textContent =
    shown.state === 'asking'
      ? say('searching')
      : shown.state === 'answered'
        ? sayTotal(shown.answer.total)
        : '';
  byId('examples', HTMLElement).replaceChildren(...(shown.state === 'empty' ? exampleViews() : []));
  byId('answer', HTMLElement).replaceChildren(...answerViews());
};

const answerViews = () => {
  if (shown.state === 'failed')
    return shown.problem?.faults === undefined ? [problemView(shown.problem)] : [];
  if (shown.state !== 'answered') return [];
  const { answer, hits } = shown;
  return answerView(answer, hits, {
    onOpen: (hit, opener) => void openHit(answer, hit, opener),
    onMore: () => void ask(answer.next),
    onSearch: searchFor,
  });
};

/**
 * @param {SearchAnswer} answer
 * @param {Hit} hit
 * @param {HTMLElement} opener
 */
const openHit = (answer, hit, opener) =>
  openConversation({
    hit,
    timeZone: answer.timeZone,
    purpose: () => purpose.value,
    opener,
    onFailure: (error) => fail(error, answer.query),
  });

const exampleViews = () => [
  element('h2', {}, say('examples')),
  element(
    'ul',
    {},
    ...examples.map(([query, meaning]) =>
      element(
        'li',
        {},
        button({ class: 'fix' }, query, () => searchFor(query)),
        ' ',
        say(meaning),
      ),
    ),
  ),
];

byId('search', HTMLFormElement).addEventListener('submit', (event) => {
  event.preventDefault();
  void ask();
});
box.addEventListener('keydown', (event) => {
  // The Enter that ends a Korean, Chinese or Japanese composition belongs to the input method.
  if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return;
  event.preventDefault();
  void ask();
});
box.addEventListener('input', () => {
  fitBox();
  readDates();
});
for (const field of [sentFrom, sentUntil])
  field.addEventListener('change', () =>
    setQuery(writeSentDates(box.value, { from: sentFrom.value, until: sentUntil.value })),
  );
timeZone.addEventListener('change', () => rememberTimeZone(timeZone.value));
language.addEventListener('change', () => {
  setLanguage(/** @type {Language} */ (language.value));
  render();
  renderConversation();
});
document.addEventListener('keydown', (event) => {
  if (event.key === 'Escape') closeConversation();
});

language.value = chooseLanguage(navigator.languages);
setLanguage(/** @type {Language} */ (language.value));
fillTimeZones(timeZone, chosenTimeZone());
fitBox();
render();
box.focus();
