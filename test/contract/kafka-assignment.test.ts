import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { after, before, describe, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import type { Engine } from '../../infra/engines/run-engine.ts';
import { startKafka } from '../../infra/engines/start-kafka.ts';
import { development } from '../../infra/kafka/topic-settings.ts';
import { joinArchivers } from '../../services/adapters/kafka/assignment.ts';
import { topicNames } from '../../services/adapters/kafka/topic-names.ts';
import { systemClock } from '../../services/adapters/system/clock.ts';
import type { Assignment } from '../../services/ports/assignment.ts';
import type { Clock } from '../../services/ports/clock.ts';
import { needsEngines } from '../support/engines.ts';
import { type KafkaInstallation, makeKafkaInstallation } from '../support/kafka-installation.ts';
import { imPartition } from '../support/range-proposals.ts';

const count = 5;

/** Waits on progress; a broker that starts needs the processor. */
const until = async (isReached: () => boolean): Promise<void> => {
  while (!isReached()) await pause(20);
};

const makeGroup = (brokers?: readonly string[]): Promise<KafkaInstallation> =>
  makeKafkaInstallation({
    profile: development,
    topicsOf: (installation) => [
      { topic: topicNames.archivers(installation), kind: 'assignment', partitions: count },
    ],
    ...(brokers === undefined ? {} : { brokers }),
  });

interface Member extends AsyncDisposable {
  readonly assignment: Assignment;
  /** The numbers of what it was given last. */
  readonly has: () => readonly number[];
  readonly changes: () => number;
}

const joinGroup = async (
  { connection, installation }: KafkaInstallation,
  clock: Clock = systemClock,
): Promise<Member> => {
  const assignment = await joinArchivers({
    kafka: connection.options,
    topic: topicNames.archivers(installation),
    partitions: Array.from({ length: count }, (_, partition) => imPartition(partition)),
    clock,
  });
  const stop = new AbortController();
  let has: readonly number[] = [];
  let changes = 0;
  const following = (async () => {
    for await (const assigned of assignment.changes(stop.signal)) {
      has = assigned.map(({ partition }) => partition);
      changes += 1;
    }
  })();
  return {
    assignment,
    has: () => has,
    changes: () => changes,
    [Symbol.asyncDispose]: async () => {
      stop.abort();
      await following;
      await assignment[Symbol.asyncDispose]();
    },
  };
};

/** Waits until these members share everything out among them and each may go on. */
const shared = (...members: readonly Member[]): Promise<void> =>
  until(() => {
    const numbers = members.flatMap(({ has }) => has()).sort((a, b) => a - b);
    return (
      numbers.length === count &&
      numbers.every((number, at) => number === at) &&
      members.every(({ assignment }) => assignment.isCurrent())
    );
  });

/** A member in a process of its own; says what it has, and whether it is current when asked. */
const startMember = ({ connection, installation }: KafkaInstallation) => {
  const script = `
    import { createInterface } from 'node:readline';
    import { joinArchivers } from '${import.meta.resolve('../../services/adapters/kafka/assignment.ts')}';
    import { systemClock } from '${import.meta.resolve('../../services/adapters/system/clock.ts')}';
    const { kafka, topic, partitions } = ${JSON.stringify({
      kafka: { brokers: connection.options.brokers, clientId: 'holdfast-test' },
      topic: topicNames.archivers(installation),
      partitions: Array.from({ length: count }, (_, partition) => imPartition(partition)),
    })};
    const assignment = await joinArchivers({ kafka, topic, partitions, clock: systemClock });
    createInterface(process.stdin).on('line', () => console.log('current ' + assignment.isCurrent()));
    for await (const assigned of assignment.changes(new AbortController().signal)) console.log('has ' + assigned.length);`;
  const child = spawn(process.execPath, ['--input-type=module', '--eval', script]);
  const lines: string[] = [];
  createInterface(child.stdout).on('line', (line) => lines.push(line));
  const said = async (pattern: RegExp): Promise<void> => {
    await until(() => lines.some((line) => pattern.test(line)) || child.exitCode !== null);
    assert.equal(child.exitCode, null);
  };
  /** What it answers when asked now. */
  const isCurrent = async (): Promise<boolean> => {
    const heard = lines.length;
    const answer = () => lines.slice(heard).find((line) => line.startsWith('current'));
    child.stdin.write('\n');
    await until(() => answer() !== undefined || child.exitCode !== null);
    assert.equal(child.exitCode, null);
    return answer() === 'current true';
  };
  return {
    lines,
    said,
    isCurrent,
    process: child,
    [Symbol.asyncDispose]: async () => {
      child.kill('SIGKILL');
      if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
    },
  };
};

describe('partitions shared out by Kafka', { skip: needsEngines, concurrency: true }, () => {
  test('every partition has exactly one live member after joins and leaves, also where members have none', async () => {
    await using made = await makeGroup();
    await using first = await joinGroup(made);
    await shared(first);
    await using second = await joinGroup(made);
    await shared(first, second);
    assert.ok(first.has().length >= 2 && second.has().length >= 2, 'both have work');
    const others = await Promise.all(Array.from({ length: count }, () => joinGroup(made)));
    await using leaving = new AsyncDisposableStack();
    for (const other of others) leaving.use(other);
    await shared(first, second, ...others);
    await first[Symbol.asyncDispose]();
    assert.equal(first.assignment.isCurrent(), false, 'who left may put nothing');
    await Promise.all(others.map((other) => other[Symbol.asyncDispose]()));
    await shared(second);
  });

  test('who leaves is never current again, also while its last heartbeat is answered', async () => {
    await using made = await makeGroup();
    let onAsked: () => void = () => undefined;
    const clock = {
      ...systemClock,
      monotonicMs: () => {
        onAsked();
        return systemClock.monotonicMs();
      },
    };
    await using member = await joinGroup(made, clock);
    await shared(member);
    const left = Promise.withResolvers<void>();
    // The clock is asked when an answer of the group arrives: at that very moment the member leaves.
    onAsked = () => {
      onAsked = () => undefined;
      left.resolve(member.assignment[Symbol.asyncDispose]());
    };
    await left.promise;
    assert.equal(member.assignment.isCurrent(), false);
  });

  test('what a killed process had goes to another', async () => {
    await using made = await makeGroup();
    await using killed = startMember(made);
    await killed.said(/has 5/);
    await using member = await joinGroup(made);
    await until(() => member.has().length > 0);
    killed.process.kill('SIGKILL');
    await shared(member);
  });

  test('a process paused beyond its session is not current when it goes on, until it was given something again', async () => {
    await using made = await makeGroup();
    await using paused = startMember(made);
    await using member = await joinGroup(made);
    await until(() => member.has().length > 0 && member.has().length < count);
    await paused.said(/^has [23]$/);
    while (!(await paused.isCurrent()));
    paused.process.kill('SIGSTOP');
    await shared(member);
    const heard = paused.lines.length;
    paused.process.stdin.write('\n');
    paused.process.kill('SIGCONT');
    await until(() => paused.lines.length > heard);
    assert.equal(paused.lines[heard], 'current false');
    await until(() => member.has().length < count && paused.lines.length > heard + 1);
    assert.match(paused.lines.at(-1) ?? '', /^has [23]$/);
  });
});

describe('partitions shared out by a broker that goes away', { skip: needsEngines }, () => {
  let broker: Engine;
  before(async () => {
    broker = await startKafka({ lifetime: 'brief' });
  });
  after(() => broker[Symbol.asyncDispose]());

  test('nobody is current while the broker is away; after its restart everything is shared out again', async (t) => {
    await using made = await makeGroup([broker.address]);
    await using first = await joinGroup(made);
    await using second = await joinGroup(made);
    await shared(first, second);
    const changes = first.changes() + second.changes();
    await broker.kill();
    await until(() => !first.assignment.isCurrent() && !second.assignment.isCurrent());
    await broker.restart();
    const openAtMs = performance.now();
    await shared(first, second);
    t.diagnostic(`shared out again ${Math.round(performance.now() - openAtMs)} ms after its port opened`);
    assert.ok(first.changes() + second.changes() > changes);
  });

  test('a broker that is frozen longer than a session leaves nobody current, and everything is shared out again', async () => {
    await using made = await makeGroup([broker.address]);
    await using member = await joinGroup(made);
    await shared(member);
    broker.pause();
    try {
      await until(() => !member.assignment.isCurrent());
    } finally {
      broker.resume();
    }
    await shared(member);
  });

  test('a member can leave while the broker is away, and stays away when it comes back', async () => {
    await using made = await makeGroup([broker.address]);
    await using leaving = await joinGroup(made);
    await using staying = await joinGroup(made);
    await shared(leaving, staying);
    await broker.kill();
    await until(() => !leaving.assignment.isCurrent());
    const leftAtMs = performance.now();
    await leaving[Symbol.asyncDispose]();
    const tookMs = performance.now() - leftAtMs;
    assert.ok(tookMs < 30_000, `leaving took ${tookMs} ms`);
    await broker.restart();
    await shared(staying);
    assert.equal(leaving.assignment.isCurrent(), false);
  });
});
