import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Finding } from '../../schemas/api/finding.ts';
import { readEnterpriseSettings } from '../../services/adapters/files/enterprise-settings.ts';
import { systemClock } from '../../services/adapters/system/clock.ts';
import { HoldfastError } from '../../services/core/errors.ts';
import { openEnterprise, roles } from '../../services/enterprise/compose.ts';
import { examine } from '../../services/enterprise/doctor.ts';

export const findingsOf = (path: string): Promise<Finding[]> => Array.fromAsync(examine(path, systemClock));

/** What a start says that fails. */
export const refusalOf = async (path: string): Promise<HoldfastError> => {
  try {
    const settings = await readEnterpriseSettings(path);
    const edition = await openEnterprise(settings, { roles, notice: () => undefined });
    await edition[Symbol.asyncDispose]();
  } catch (error) {
    assert.ok(error instanceof HoldfastError, `not an error of ours: ${error}`);
    return error;
  }
  throw new Error('it started');
};

/** The start is refused, saying this, and doctor finds it too and says what helps. Gives all that was told. */
export const assertExplained = async (path: string, says: RegExp, area: Finding['area']): Promise<string> => {
  const [refusal, findings] = await Promise.all([refusalOf(path), findingsOf(path)]);
  assert.match(refusal.message, says);
  const faults = findings.filter(({ state }) => state === 'fault');
  const fault = faults.find((one) => one.area === area && says.test(one.found));
  assert.ok(fault, JSON.stringify(findings, undefined, 1));
  assert.ok((fault.fix ?? '').length > 10, fault.found);
  return JSON.stringify([refusal.message, refusal.details, findings]);
};

/** A configuration beside another one, with the same keys, token and state. */
export const variantOf = async (
  path: string,
  change: (config: { [name: string]: unknown }) => object,
): Promise<string> => {
  const variant = join(dirname(path), `variant-${variants++}.json`);
  const config = JSON.parse(await readFile(path, 'utf8')) as Record<string, unknown>;
  await writeFile(variant, JSON.stringify({ ...config, ...change(config) }));
  return variant;
};
let variants = 0;
