import { HoldfastError, isHoldfastError } from '../core/errors.ts';
import type { SourceFile } from '../ports/source-files.ts';
import type { ImportFormat } from './detect-format.ts';
import { assertAddsUp, countSkippedFile, type ImportReport, newImportReport } from './import-report.ts';
import type { ImportSink } from './import-sink.ts';
import { createNonces } from './nonces.ts';
import { type ImportPlan, type PlannedFile, type PlannedLines, planImport } from './plan-import.ts';
import { openReader, type ReadingPorts } from './read-records.ts';
import { BatchSender, type LineRecord } from './send-batches.ts';
import { readSlackExport } from './slack/read-slack-export.ts';
import { LineSplitter } from './split-lines.ts';

const maxBatchLines = 500;
const maxBatchBytes = 1024 * 1024;
/** The event loop is given back after this long. */
const sliceMs = 3;

export interface ImportOptions {
  /** Names the act of importing on every event. */
  readonly importId: string;
  readonly format: ImportFormat;
  /** For IRC files in which nobody joins a channel; the folder's name otherwise. */
  readonly conversation?: string;
  /** Aborted: the batches sent are finished, the report says so, nothing is lost. */
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: ImportProgress) => void;
}

export interface ImportProgress {
  /** The file being read, and how many were finished of how many. */
  readonly file: string;
  readonly filesDone: number;
  readonly files: number;
  readonly bytesDone: number;
  readonly bytesTotal: number;
  readonly lines: number;
}

export interface ImportPorts extends ReadingPorts {
  readonly sink: ImportSink;
}

/**
 * Imports files and folders. Importing the same again appends nothing new, so an import that was stopped or failed is
 * continued by repeating it. On a failure the error's `details.report` tells what was done.
 */
export const importFiles = async (
  paths: readonly string[],
  options: ImportOptions,
  ports: ImportPorts,
): Promise<ImportReport> => {
  const plan = await planImport(ports.files, paths, options.format);
  const run = new ImportRun(plan, options, ports);
  return run.run();
};

/** One import under way. */
class ImportRun {
  readonly #plan: ImportPlan;
  readonly #options: ImportOptions;
  readonly #ports: ImportPorts;
  readonly #report: ImportReport;
  readonly #sender: BatchSender;
  #batch: LineRecord[] = [];
  #batchBytes = 0;
  #linesSent = 0;
  #sliceStart = 0;

  constructor(plan: ImportPlan, options: ImportOptions, ports: ImportPorts) {
    this.#plan = plan;
    this.#options = options;
    this.#ports = ports;
    this.#report = newImportReport(options.importId);
    this.#sender = new BatchSender(ports.sink, this.#report);
    for (const { path, reason } of plan.skipped) countSkippedFile(this.#report, path, reason);
  }

  async run(): Promise<ImportReport> {
    try {
      for (const planned of this.#plan.files) {
        if (this.#isStopped()) break;
        await this.#importFile(planned);
      }
      await this.#sender.settle();
    } catch (error) {
      await this.#sender.settle().catch(() => undefined);
      throw withReport(error, this.#report);
    }
    assertAddsUp(this.#report, this.#linesSent);
    return this.#report;
  }

  async #importFile(planned: PlannedFile): Promise<void> {
    const { path } = planned.file;
    if (planned.format === 'slack') await this.#importExport(planned.file);
    else await this.#importLines(planned);
    await this.#flush(path);
    if (this.#report.interrupted) return;
    this.#report.files += 1;
    this.#showProgress(path);
  }

  async #importLines(planned: PlannedLines): Promise<void> {
    const { path } = planned.file;
    const read = await openReader(this.#ports, planned, this.#options);
    const splitter = new LineSplitter();
    for await (const block of this.#ports.files.read(path)) {
      for (const line of splitter.push(block)) {
        if (this.#isStopped()) return;
        await this.#add({ ...read(line), path, line: line.number });
      }
      this.#report.bytes += block.length;
    }
    for (const line of splitter.end()) await this.#add({ ...read(line), path, line: line.number });
  }

  async #importExport({ path, sizeBytes }: SourceFile): Promise<void> {
    const { files, clock, random } = this.#ports;
    await using zip = await files.openZip(path);
    const { importId } = this.#options;
    const bytesBefore = this.#report.bytes;
    for await (const step of readSlackExport(zip, {
      path,
      importId,
      clock,
      nextNonce: createNonces(random),
    })) {
      if (this.#isStopped()) return;
      if (step.kind === 'record')
        await this.#add({ ...step.record, path: `${path}/${step.entry}`, line: step.line });
      else if (step.kind === 'read') this.#report.bytes += step.entry.compressedBytes;
      else {
        countSkippedFile(this.#report, `${path}/${step.entry}`, step.reason);
        if (step.isLost) this.#report.lostFiles += 1;
      }
    }
    this.#report.bytes = bytesBefore + sizeBytes;
  }

  async #add(record: LineRecord): Promise<void> {
    this.#batch.push(record);
    if (record.kind === 'append') this.#batchBytes += record.value.length;
    if (this.#batch.length >= maxBatchLines || this.#batchBytes >= maxBatchBytes)
      await this.#flush(record.path);
    else await this.#giveWay();
  }

  async #flush(path: string): Promise<void> {
    const batch = this.#batch;
    this.#batch = [];
    this.#batchBytes = 0;
    if (batch.length === 0 || this.#isStopped()) return;
    this.#linesSent += batch.length;
    await this.#sender.send(batch);
    this.#showProgress(path);
  }

  // Lines not sent yet were not counted either: importing again reads them.
  #isStopped(): boolean {
    this.#report.interrupted ||= this.#options.signal?.aborted === true;
    return this.#report.interrupted;
  }

  async #giveWay(): Promise<void> {
    const now = this.#ports.clock.monotonicMs();
    if (now - this.#sliceStart < sliceMs) return;
    await new Promise<void>((resolve) => setImmediate(resolve));
    this.#sliceStart = this.#ports.clock.monotonicMs();
  }

  #showProgress(file: string): void {
    this.#options.onProgress?.({
      file,
      filesDone: this.#report.files,
      files: this.#plan.files.length,
      bytesDone: this.#report.bytes,
      bytesTotal: this.#plan.bytesTotal,
      lines: this.#linesSent,
    });
  }
}

const withReport = (error: unknown, report: ImportReport): unknown =>
  isHoldfastError(error)
    ? new HoldfastError(error.code, { ...error.details, report }, { cause: error })
    : error;
