import { Config } from '../../schemas/config/config.ts';
import { HoldfastError } from './errors.ts';

const prefix = 'HOLDFAST_';

const environmentName = (setting: string): string =>
  `${prefix}${setting.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase()}`;

/** Names of all settings in the environment. */
export const settingNames: ReadonlyMap<string, string> = new Map(
  Object.keys(Config.shape).map((setting) => [environmentName(setting), setting]),
);

/**
 * The configuration from an environment. Pure. All faults are reported at once, with names and never with values;
 * a `HOLDFAST_` name that is not a setting is a fault, because a misspelt one would silently not apply.
 */
export const readConfig = (environment: Readonly<Record<string, string | undefined>>): Config => {
  const given: Record<string, string> = {};
  const faults: string[] = [];
  for (const [name, value] of Object.entries(environment)) {
    if (!name.startsWith(prefix) || value === undefined) continue;
    const setting = settingNames.get(name);
    if (setting === undefined)
      faults.push(
        `${name}: there is no such setting; expected one of ${[...settingNames.keys()].join(', ')}`,
      );
    else given[setting] = value;
  }
  const parsed = Config.safeParse(given);
  if (!parsed.success)
    for (const { path, message } of parsed.error.issues)
      faults.push(`${environmentName(String(path[0]))}: ${message}`);
  if (faults.length > 0 || !parsed.success)
    throw new HoldfastError('InvalidConfig', { detail: faults.join('\n'), faults });
  return parsed.data;
};

/** For `--check-config`: every setting with its value; secrets print as `[secret]`. */
export const describeConfig = (config: Config): string[] =>
  [...settingNames].map(([name, setting]) => {
    const value = config[setting as keyof Config];
    const { secret } = (Config.shape[setting as keyof Config].meta() ?? {}) as { secret?: boolean };
    return `${name}=${value === undefined ? '(not set)' : secret === true ? '[secret]' : String(value)}`;
  });
