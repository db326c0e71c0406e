import assert from 'node:assert/strict';
import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { EnginesMissing } from '../../../infra/engines/engines-missing.ts';
import { chooseJava, findJava, findProgram, javaVersion } from '../../../infra/engines/find-java.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const makeJava = async (home: string, version: string): Promise<string> => {
  await mkdir(join(home, 'bin'), { recursive: true });
  await writeFile(join(home, 'bin/java'), '#!/bin/sh\n');
  await chmod(join(home, 'bin/java'), 0o755);
  await writeFile(join(home, 'release'), `IMPLEMENTOR="Somebody"\nJAVA_VERSION="${version}"\n`);
  return home;
};

test('the major version is read from the release file', () => {
  assert.equal(javaVersion('IMPLEMENTOR="Debian"\nJAVA_VERSION="17.0.15"\n'), 17);
  assert.equal(javaVersion('JAVA_VERSION="25"\n'), 25);
  assert.equal(javaVersion('JAVA_VERSION="26-ea"\n'), 26);
  assert.equal(javaVersion('JAVA_VERSION="1.8.0_452"\n'), 1);
  assert.equal(javaVersion('IMPLEMENTOR_VERSION="25"\n'), 0);
});

test('the newest Java is taken, an older one than 21 never', () => {
  const old = { home: '/a', version: 17 };
  const fit = { home: '/b', version: 21 };
  const newest = { home: '/c', version: 25 };
  assert.equal(chooseJava([]), undefined);
  assert.equal(chooseJava([old]), undefined);
  assert.equal(chooseJava([old, fit, newest]), newest);
  assert.equal(chooseJava([newest, fit]), newest);
  assert.deepEqual(chooseJava([fit, { home: '/d', version: 21 }]), fit);
});

test('the Java that HOLDFAST_JAVA_HOME names is taken before a newer one, unless it is too old', () => {
  const [old, fit, newest] = [
    { home: '/a', version: 17 },
    { home: '/b', version: 21 },
    { home: '/c', version: 25 },
  ];
  assert.equal(chooseJava([old, fit, newest], '/b'), fit);
  assert.equal(chooseJava([old, fit, newest], '/a'), newest);
  assert.equal(chooseJava([old, fit, newest], '/none'), newest);
});

test('a Java is found where the environment names it', async () => {
  await using folder = await temporaryFolder();
  const home = await makeJava(join(folder.path, 'jdk'), '99.0.1');
  for (const name of ['HOLDFAST_JAVA_HOME', 'ES_JAVA_HOME', 'JAVA_HOME'])
    assert.deepEqual(findJava({ [name]: home, PATH: '' }, []), { home, version: 99 });
  assert.deepEqual(findJava({ PATH: join(home, 'bin') }, []), { home, version: 99 });
});

test('where no Java is new enough, one line says what is missing and how to get it', async () => {
  await using folder = await temporaryFolder();
  const home = await makeJava(join(folder.path, 'jdk'), '17.0.15');
  const says = (words: string) => (error: Error) => {
    assert.ok(error instanceof EnginesMissing);
    assert.ok(error.message.startsWith(words), error.message);
    assert.match(error.message, /^.* or name one with HOLDFAST_JAVA_HOME$/);
    return true;
  };
  assert.throws(() => findJava({ PATH: '' }, []), says('no JDK 21 or newer here, '));
  assert.throws(() => findJava({ PATH: '' }, [home]), says('no JDK 21 or newer here (newest: 17), '));
});

test('a program is found on PATH only if it may be run', async () => {
  await using folder = await temporaryFolder();
  const path = join(folder.path, 'tool');
  await writeFile(path, '');
  assert.equal(findProgram('tool', { PATH: `/nowhere:${folder.path}` }), undefined);
  await chmod(path, 0o755);
  assert.equal(findProgram('tool', { PATH: `/nowhere:${folder.path}` }), path);
  assert.equal(findProgram('tool', {}), undefined);
});
