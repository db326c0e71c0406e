import assert from 'node:assert/strict';
import { test } from 'node:test';
import { HoldfastError } from '../../services/core/errors.ts';
import { describeConfig, readConfig } from '../../services/core/read-config.ts';

const faultsOf = (environment: Record<string, string>): string => {
  try {
    readConfig(environment);
  } catch (error) {
    assert(error instanceof HoldfastError);
    return error.message;
  }
  return '';
};

test('an empty environment gives the defaults', () => {
  const config = readConfig({ PATH: '/bin' });
  assert.equal(config.data, './data');
  assert.equal(config.host, '127.0.0.1');
  assert.equal(config.port, 8080);
});

test('all faults are reported at once, by name and without values', () => {
  const message = faultsOf({
    HOLDFAST_PORT: 'eighty',
    HOLDFAST_TIME_ZONE: 'Mars/Olympus',
    HOLDFAST_TOKEN: 'hunter2',
  });
  for (const name of ['HOLDFAST_PORT', 'HOLDFAST_TIME_ZONE', 'HOLDFAST_TOKEN'])
    assert.match(message, new RegExp(name));
  assert.doesNotMatch(message, /eighty|Olympus|hunter2/);
});

test('a misspelt setting is refused instead of silently not applied', () => {
  assert.match(faultsOf({ HOLDFAST_DATTA: '/x' }), /HOLDFAST_DATTA: there is no such setting/);
});

test('the server cannot be bound to another machine’s reach before sign-in exists', () => {
  assert.match(faultsOf({ HOLDFAST_HOST: '0.0.0.0' }), /without sign-in/);
});

test('secrets print as [secret]', () => {
  const lines = describeConfig(readConfig({ HOLDFAST_TOKEN: 'a-very-long-secret-token' }));
  assert(lines.includes('HOLDFAST_TOKEN=[secret]'));
  assert(!lines.join('\n').includes('a-very-long'));
});
