import { indexNamesOf } from '../../../services/adapters/elasticsearch/index-names.ts';
import { indexOptionsOf } from '../../../services/enterprise/open-engines.ts';
import type { EnterpriseInstallation } from '../../support/enterprise-installation.ts';
import type { ArchiverOrder } from './archiver-child.ts';
import type { BenchEngines } from './bench-engines.ts';
import type { BulkOrder } from './bulk-child.ts';
import { assertCount, assertHolds, sampleHash } from './check-run.ts';
import type { CopyOrder } from './copy-child.ts';
import { forgetArchived } from './forget-archived.ts';
import { makeFreshIndex } from './fresh-index.ts';
import type { Preloaded } from './preload-topic.ts';
import { runRsyslog } from './rsyslog.ts';
import type { EnginePids, RunFigures } from './run-figures.ts';
import { keepDocuments, type StoredDocuments } from './stored-documents.ts';
import { type Subject, startSubject } from './subject.ts';

export interface StandOptions {
  readonly installation: EnterpriseInstallation;
  readonly engines: BenchEngines;
  /** In its log. */
  readonly preloaded: Preloaded;
  readonly folder: string;
}

/** What the archiver was seen to make of the log: the others copy it, and every later run must come to the same. */
interface Learned extends StoredDocuments {
  readonly sampleHash: string;
}

/** The subjects that drain the same events, each from its own beginning to an empty index; every run is checked. */
export class DrainStand implements AsyncDisposable {
  readonly #options: StandOptions;
  readonly #pids: EnginePids;
  readonly #resources = new AsyncDisposableStack();
  readonly #archiver: Subject<ArchiverOrder>;
  readonly #loop: Subject<CopyOrder>;
  readonly #bulk: Subject<BulkOrder>;
  #learned: Learned | undefined;

  private constructor(
    options: StandOptions,
    subjects: readonly [Subject<ArchiverOrder>, Subject<CopyOrder>, Subject<BulkOrder>],
  ) {
    this.#options = options;
    this.#pids = { kafka: options.engines.kafka.pid, elasticsearch: options.engines.elasticsearch.pid };
    [this.#archiver, this.#loop, this.#bulk] = subjects;
    for (const subject of subjects) this.#resources.use(subject);
  }

  /** The archiver has a first run behind it, which is not counted. Its process is started as it is shipped. */
  static async open(options: StandOptions): Promise<DrainStand> {
    const start = <Order extends object>(script: string, execArgv: readonly string[] = []) =>
      startSubject<Order>(new URL(script, import.meta.url), execArgv);
    const stand = new DrainStand(options, [
      await start('./archiver-child.ts', ['--max-semi-space-size=4']),
      // kafkajs asks for timers in the past.
      await start('./copy-child.ts', ['--disable-warning=TimeoutNegativeWarning']),
      await start('./bulk-child.ts'),
    ]);
    try {
      await stand.#learn();
      return stand;
    } catch (error) {
      await stand[Symbol.asyncDispose]();
      throw error;
    }
  }

  /** In the index after each run. */
  get documents(): number {
    return this.#learnt.documents;
  }

  /** Index and ledger stay until its next run. */
  async archiver(): Promise<RunFigures> {
    const figures = await this.#archive();
    await assertHolds(this.#url, this.#alias, this.#learnt);
    return figures;
  }

  loop(): Promise<RunFigures> {
    return this.#intoFresh((index) => this.#loop.run(this.#copyOrder(index)));
  }

  bulk(): Promise<RunFigures> {
    const { file } = this.#learnt;
    const [elasticsearch, pids] = [this.#url, this.#pids];
    return this.#intoFresh((index) => this.#bulk.run({ elasticsearch, file, index, pids }));
  }

  /** Its documents have ids of their own, so only their number can be checked. */
  async rsyslog(installed: string): Promise<RunFigures> {
    await using fresh = await this.#freshIndex();
    const figures = await runRsyslog(installed, this.#copyOrder(fresh.name));
    await assertCount(this.#url, fresh.name, this.#learnt.documents);
    return figures;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#resources.disposeAsync();
  }

  get #url(): string {
    return this.#options.engines.elasticsearch.address;
  }

  get #alias(): string {
    return indexNamesOf(this.#options.installation.settings.config.installation).read;
  }

  get #learnt(): Learned {
    if (this.#learned === undefined) throw new Error('The documents are not known yet.');
    return this.#learned;
  }

  async #archive(): Promise<RunFigures> {
    const { installation, folder } = this.#options;
    await forgetArchived(installation);
    return this.#archiver.run({ path: installation.path, folder, pids: this.#pids });
  }

  async #learn(): Promise<void> {
    await this.#archive();
    const { installation, engines, preloaded, folder } = this.#options;
    await assertCount(this.#url, this.#alias, preloaded.items);
    const kept = this.#resources.use(
      await keepDocuments(
        { kafka: engines.kafka.address, elasticsearch: this.#url },
        { alias: this.#alias, topic: `holdfast.${installation.settings.config.installation}.bench`, folder },
      ),
    );
    const sampled = await sampleHash(this.#url, this.#alias, kept.sample);
    this.#learned = { ...kept, sampleHash: sampled };
  }

  async #intoFresh(run: (index: string) => Promise<RunFigures>): Promise<RunFigures> {
    await using fresh = await this.#freshIndex();
    const figures = await run(fresh.name);
    await assertHolds(this.#url, fresh.name, this.#learnt);
    return figures;
  }

  #freshIndex() {
    return makeFreshIndex(this.#url, indexOptionsOf(this.#options.installation.settings));
  }

  #copyOrder(index: string): CopyOrder {
    const { engines } = this.#options;
    const { topic, documents } = this.#learnt;
    const addresses = { kafka: engines.kafka.address, elasticsearch: this.#url };
    return { ...addresses, topic, index, documents, pids: this.#pids };
  }
}
