import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { type Browser, chromium } from 'playwright-core';

const names = ['chromium', 'chromium-browser', 'google-chrome'];

const isExecutable = (path: string): boolean => {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
};

/** Chromium of this machine: HOLDFAST_CHROMIUM, else the first on the PATH. */
export const findChromium = (): string | undefined => {
  const { HOLDFAST_CHROMIUM: named, PATH: path = '' } = process.env;
  const found = path.split(delimiter).flatMap((folder) => names.map((name) => join(folder, name)));
  return [...(named === undefined ? [] : [named]), ...found].find(isExecutable);
};

/** Why browser tests cannot run here, for their `skip`; `false` when they can. */
export const noBrowser = findChromium() === undefined && 'no browser here: apt-get install chromium';

/** A headless browser with a profile of its own that calls nobody but us. */
export const openBrowser = (): Promise<Browser> =>
  chromium.launch({
    executablePath: findChromium()!,
    args: [
      // Chromium refuses its sandbox to root.
      ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
