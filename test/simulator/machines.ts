import { MemoryLedgerView } from '../../services/adapters/memory/ledger-view.ts';
import type { Archiver } from '../../services/archiver/archiver.ts';
import { isHoldfastError } from '../../services/core/errors.ts';
import { type Installation, type Machine, type OpenedProcess, openProcess } from './installation.ts';
import { otherMachines } from './plan.ts';
import type { SimulatedProcess } from './scheduler.ts';

interface Running {
  readonly process: SimulatedProcess;
  readonly opened: Promise<OpenedProcess>;
  archiver?: Archiver | undefined;
}

const restartMs = 500;

/** The machines of an installation, and the process that runs on each, if one does. */
export class Machines {
  readonly #shared: Installation;
  readonly #violated: (what: string) => void;
  readonly #machines: readonly Machine[];
  readonly #running = new Map<Machine, Running>();
  readonly #incarnations = new Map<Machine, number>();
  #isHeld = false;

  constructor(shared: Installation, archivers: number, violated: (what: string) => void) {
    this.#shared = shared;
    this.#violated = violated;
    const names = Array.from({ length: archivers }, (_, at) => `archiver-${at + 1}`);
    this.#machines = [...names, ...otherMachines].map((name) => {
      return { name, isArchiver: names.includes(name), skewMs: 0, view: new MemoryLedgerView() };
    });
    for (const machine of this.#machines) this.#start(machine);
  }

  /** Whether a process runs on each. */
  get areUp(): boolean {
    return !this.#isHeld && this.#machines.every((machine) => this.#running.has(machine));
  }

  /** What runs there once it has opened; never, where nothing does: whoever asks then sees no answer. */
  async on(name: string): Promise<OpenedProcess> {
    const machine = this.#machines.find((one) => one.name === name);
    const running = machine && this.#running.get(machine);
    const nobody = new Promise<never>(() => undefined);
    return running === undefined ? nobody : running.opened.catch(() => nobody);
  }

  /** What archives in a process that has opened. */
  archiverOf(process: SimulatedProcess): Archiver | undefined {
    return this.#running.values().find((running) => running.process === process)?.archiver;
  }

  kill(number: number, downMs: number): void {
    this.#kill(this.#machines[number]!, downMs);
  }

  pause(number: number, forMs: number): void {
    const running = this.#running.get(this.#machines[number]!);
    if (running !== undefined) running.process.pausedUntilMs = this.#shared.network.scheduler.nowMs + forMs;
  }

  setClock(number: number, skewMs: number): void {
    this.#machines[number]!.skewMs = skewMs;
  }

  /** Everything stops and stays down until released. */
  hold(): boolean {
    if (this.#isHeld) return false;
    this.#isHeld = true;
    for (const machine of this.#machines) this.#kill(machine, 0);
    return true;
  }

  release(): void {
    this.#isHeld = false;
  }

  #start(machine: Machine): void {
    const incarnation = (this.#incarnations.get(machine) ?? 0) + 1;
    this.#incarnations.set(machine, incarnation);
    const process = { name: `${machine.name}#${incarnation}`, isAlive: true, pausedUntilMs: 0 };
    const opened = openProcess(this.#shared, machine, process);
    const running: Running = { process, opened };
    this.#running.set(machine, running);
    opened.then(
      ({ archiver }) => {
        running.archiver = archiver;
        archiver?.start();
      },
      (error: unknown) => {
        if (!isHoldfastError(error)) this.#violated(`${process.name} does not open: ${String(error)}`);
        this.#kill(machine, restartMs);
      },
    );
  }

  #kill(machine: Machine, downMs: number): void {
    const running = this.#running.get(machine);
    if (running === undefined) return;
    running.process.isAlive = false;
    this.#running.delete(machine);
    // Its disk keeps the view of the ledger, or is lost with it.
    if (this.#shared.network.dice.chance(0.5)) machine.view = new MemoryLedgerView();
    this.#startAfter(machine, downMs);
  }

  #startAfter(machine: Machine, ms: number): void {
    this.#shared.network.scheduler.after(ms, 'start', () => {
      if (this.#isHeld) this.#startAfter(machine, restartMs);
      else if (!this.#running.has(machine)) this.#start(machine);
    });
  }
}
