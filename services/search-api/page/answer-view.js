/** @import { Hit, SearchAnswer } from '../../../schemas/api/search.ts' */
/** @import { Problem } from '../../../schemas/api/problem.ts' */
import { certificateView } from './certificate-view.js';
import { button, element } from './elements.js';
import { hitView } from './hit-view.js';
import { currentLanguage, say, sayIfKnown } from './language.js';

/**
 * @typedef {object} AnswerActions
 * @property {(hit: Hit, opener: HTMLElement) => void} onOpen
 * @property {() => void} onMore
 * @property {(query: string) => void} onSearch
 */

/**
 * Everything an answer says. `hits` are those of all pages so far.
 * @param {SearchAnswer} answer
 * @param {readonly Hit[]} hits
 * @param {AnswerActions} actions
 */
export const answerView = (answer, hits, actions) =>
  [
    warningsView(answer.warnings, actions),
    element(
      'p',
      { class: 'echo' },
      element('span', {}, say('understood')),
      ' ',
      element('code', {}, answer.echo),
    ),
    answer.undetermined === 0
      ? undefined
      : element('p', { class: 'undetermined' }, say('undetermined', { n: answer.undetermined })),
    certificateView(answer.certificate),
    answer.total === 0 ? element('p', { class: 'nothing' }, say('nothing')) : undefined,
    element(
      'ol',
      { class: 'hits', 'aria-label': say('hits') },
      ...hits.map((hit) => hitView(hit, answer.timeZone, (opener) => actions.onOpen(hit, opener))),
    ),
    hits.length < answer.total && answer.next !== undefined
      ? element(
          'p',
          { class: 'paging' },
          say('shown', { shown: hits.length, total: answer.total }),
          ' ',
          button({ class: 'more' }, say('more'), actions.onMore),
        )
      : undefined,
  ].filter((view) => view !== undefined);

/**
 * @param {SearchAnswer['warnings']} warnings
 * @param {AnswerActions} actions
 */
const warningsView = (warnings, { onSearch }) =>
  warnings.length === 0
    ? undefined
    : element(
        'ul',
        { class: 'warnings', 'aria-label': say('warnings') },
        ...warnings.map(({ class: kind, code, message, otherReading, otherTotal }) => {
          const translated = currentLanguage() === 'en' ? undefined : sayIfKnown(`warning.${code}`);
          return element(
            'li',
            { class: kind },
            element('strong', {}, say(kind === 'meaning' ? 'warningMeaning' : 'warningNote')),
            ' ',
            translated ?? element('span', { lang: 'en' }, message),
            ...(otherReading === undefined
              ? []
              : [
                  ` ${say('otherReading')} `,
                  button({ class: 'fix' }, otherReading, () => onSearch(otherReading)),
                  otherTotal === undefined ? undefined : ` ${say('otherTotal', { n: otherTotal })}`,
                ]),
          );
        }),
      );

/**
 * What went wrong other than in the query; undefined = the server did not answer.
 * @param {Problem | undefined} problem
 */
export const problemView = (problem) =>
  element(
    'div',
    { class: 'problem' },
    element('p', {}, element('strong', {}, say(problem === undefined ? 'problemUnreachable' : 'problem'))),
    problem === undefined
      ? undefined
      : element(
          'p',
          { lang: 'en' },
          [
            problem.title,
            problem.detail,
            ...(problem.issues ?? []).map(({ path, message }) => `${path}: ${message}.`),
            problem.action,
          ]
            .filter((text) => text !== undefined)
            .join(' '),
        ),
    problem?.instance === undefined
      ? undefined
      : element('p', { class: 'hint' }, say('requestId', { id: problem.instance })),
  );
