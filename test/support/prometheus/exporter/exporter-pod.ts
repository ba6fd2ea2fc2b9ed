import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { call } from '../../service/call.js';
import { Tally, type SentRequest } from '../tally.js';
import { Exporter, type JournalEntry } from './exporter.js';

export interface PodOptions {
  readonly port: number;
  readonly scrapesBefore: number;
  readonly startedMs: number;
}

/** A pod that serves and is scraped on a port of the loopback. */
export interface ExporterPod {
  /** All that it has answered. */
  readonly served: Tally;
  /** Resolves once all of it is answered. */
  serve(requests: readonly SentRequest[]): Promise<void>;
  /** What each scrape of it has seen so far. */
  journal(): readonly JournalEntry[];
  /** Ends it, as nothing can prevent. */
  end(): Promise<void>;
}

/** A pod in this process: cheap, and cannot be killed. */
export async function startLocalPod({ port, ...options }: PodOptions): Promise<ExporterPod> {
  const entries: JournalEntry[] = [];
  const served = new Tally();
  const exporter = new Exporter({ ...options, journal: (entry) => entries.push(entry) });
  await exporter.listen(port);
  return {
    served,
    serve: (requests) => {
      exporter.serve(requests);
      for (const request of requests) served.add(request);
      return Promise.resolve();
    },
    journal: () => entries,
    end: () => exporter.close(),
  };
}

/** A pod in a process of its own, which ends by SIGKILL: what no scrape has seen by then is lost. */
export async function startProcessPod(
  { port, scrapesBefore, startedMs }: PodOptions,
  folder: string,
): Promise<ExporterPod> {
  const file = join(folder, `journal-${port}-${scrapesBefore}.jsonl`);
  writeFileSync(file, '');
  const child = fork(
    fileURLToPath(new URL('exporter-process.ts', import.meta.url)),
    [port, scrapesBefore, startedMs, file].map(String),
    { execArgv: ['--import', 'tsx'] },
  );
  const kill = () => void child.kill('SIGKILL');
  process.once('exit', kill);
  await listening(child);
  const served = new Tally();
  return {
    served,
    serve: async (requests) => {
      if (requests.length === 0) return;
      await call(`http://127.0.0.1:${port}/serve`, { body: JSON.stringify(requests) });
      for (const request of requests) served.add(request);
    },
    journal: () =>
      readFileSync(file, 'utf8')
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => JSON.parse(line) as JournalEntry),
    end: async () => {
      const gone = once(child, 'exit');
      kill();
      await gone;
      process.off('exit', kill);
    },
  };
}

async function listening(child: ChildProcess): Promise<void> {
  const ended = once(child, 'exit').then(([status]) => {
    throw new Error(`a pod ended with ${String(status)} before it listened`);
  });
  // Nobody waits for its end any more once it listens.
  ended.catch(() => undefined);
  await Promise.race([once(child, 'message'), ended]);
}
