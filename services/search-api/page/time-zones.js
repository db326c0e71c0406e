import { element } from './elements.js';

const rememberedAs = 'holdfast.timeZone';

/** The zone chosen before, else the browser's. */
export const chosenTimeZone = () =>
  localStorage.getItem(rememberedAs) ?? Intl.DateTimeFormat().resolvedOptions().timeZone;

/** @param {string} zone */
export const rememberTimeZone = (zone) => localStorage.setItem(rememberedAs, zone);

/**
 * Every zone the browser knows; UTC and the chosen one are there even where its list leaves them out.
 * @param {HTMLSelectElement} select
 * @param {string} chosen
 */
export const fillTimeZones = (select, chosen) => {
  const zones = new Set(['UTC', chosen, ...Intl.supportedValuesOf('timeZone')]);
  select.replaceChildren(...[...zones].sort().map((zone) => element('option', { value: zone }, zone)));
  select.value = chosen;
};
