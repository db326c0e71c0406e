import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Scope } from '../../schemas/events/governance-event.ts';
import { MemoryClock } from '../../services/adapters/memory/clock.ts';
import { MemoryEventLog } from '../../services/adapters/memory/event-log.ts';
import { SeededRandom } from '../../services/adapters/memory/random.ts';
import { HoldfastError, isHoldfastError } from '../../services/core/errors.ts';
import { changeScope } from '../../services/governance/change-scope.ts';
import { GovernanceView } from '../../services/governance/governance-view.ts';
import type { NewRecord, StreamName } from '../../services/ports/event-log.ts';

const everyone: Scope = { who: 'everyone' };
const only = (user: string): Scope => ({ who: 'users', users: [user] });

/** Stores what it was given only when it is told to, having said that it could not. */
class LateLog extends MemoryEventLog {
  #late: [StreamName, readonly NewRecord[]] | undefined;
  loseNext = false;

  override async append(stream: StreamName, records: readonly NewRecord[]) {
    if (!this.loseNext) return super.append(stream, records);
    this.loseNext = false;
    this.#late = [stream, records];
    throw new HoldfastError('LogUnavailable');
  }

  arrive() {
    return super.append(...this.#late!);
  }
}

const open = () => {
  const clock = new MemoryClock();
  const log = new LateLog({ clock });
  const random = new SeededRandom('commands');
  const set = (scope: Scope) =>
    changeScope({ log, governance: new GovernanceView(log), clock, random, installation: 'test' }, 'admin', {
      scope,
    });
  const inForce = async () => (await new GovernanceView(log).current()).scope;
  return { log, set, inForce };
};

const lose = async ({ log, set }: ReturnType<typeof open>, scope: Scope) => {
  log.loseNext = true;
  await assert.rejects(set(scope), (error) => isHoldfastError(error, 'LogUnavailable'));
};

test('a command whose answer was lost and that arrives after a later one changes nothing', async () => {
  const opened = open();
  await opened.set(everyone);
  await lose(opened, only('ann'));
  assert.equal((await opened.set(only('bob'))).version, 2);
  await opened.log.arrive();
  assert.deepEqual(await opened.inForce(), only('bob'));
});

test('one that arrived before is seen, and what is set then holds', async () => {
  const opened = open();
  await lose(opened, only('ann'));
  await opened.log.arrive();
  assert.equal((await opened.set(only('bob'))).version, 2);
  assert.deepEqual(await opened.inForce(), only('bob'));
});

test('of two commands given at once, one is refused and changes nothing', async () => {
  const { set, inForce } = open();
  const [first, second] = await Promise.allSettled([set(only('ann')), set(only('bob'))]);
  assert.equal(first.status, 'fulfilled');
  assert.ok(second.status === 'rejected' && isHoldfastError(second.reason, 'Conflict'));
  assert.deepEqual(await inForce(), only('ann'));
});
