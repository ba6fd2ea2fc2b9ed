/** The real servers: Prometheus and VictoriaMetrics as processes on the loopback. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { freePort } from './free-port.js';
import { LoopbackProcess } from './loopback-process.js';
import { MetricServer, type MetricServerKind } from './metric-server.js';

/** What a server scrapes. */
export interface ScrapePlan {
  /** Files of targets with their labels, as service discovery would write them; read again whenever they change. */
  readonly targetFiles: readonly string[];
  readonly intervalSeconds: number;
}

export interface MetricServerOptions {
  /** Absent: the server only takes what is written to it. */
  readonly scrape?: ScrapePlan;
  /** Blocks of samples that were made before. Prometheus only. */
  readonly dataFolder?: string;
}

/** Starts one of the two, and resolves once it answers queries. */
export function startServer(
  kind: MetricServerKind,
  options: MetricServerOptions = {},
): Promise<MetricServer> {
  return kind === 'prometheus' ? startPrometheus(options) : startVictoriaMetrics(options);
}

export async function startPrometheus({
  scrape,
  dataFolder,
}: MetricServerOptions = {}): Promise<MetricServer> {
  const folder = await mkdtemp(join(tmpdir(), 'ml-verdict-prometheus-'));
  const config = join(folder, 'prometheus.yml');
  await writeFile(config, stringify(configOf(scrape, { refresh_interval: '1s' })));
  const address = `127.0.0.1:${await freePort()}`;
  const process = await LoopbackProcess.start({
    name: 'Prometheus',
    command: 'prometheus',
    args: [
      `--config.file=${config}`,
      `--storage.tsdb.path=${dataFolder ?? join(folder, 'data')}`,
      // Samples of the tests may lie some days back.
      '--storage.tsdb.retention.time=90d',
      `--web.listen-address=${address}`,
      '--web.enable-remote-write-receiver',
      '--enable-feature=native-histograms',
      '--log.level=warn',
    ],
    readyUrl: `http://${address}/-/ready`,
    install: 'apt-get install --no-install-recommends prometheus',
    cwd: folder,
  });
  return new MetricServer('prometheus', `http://${address}`, process, () =>
    rm(folder, { recursive: true, force: true }),
  );
}

export async function startVictoriaMetrics({ scrape }: MetricServerOptions = {}): Promise<MetricServer> {
  const folder = await mkdtemp(join(tmpdir(), 'ml-verdict-victoria-metrics-'));
  const config = join(folder, 'scrape.yml');
  await writeFile(config, stringify(configOf(scrape, {})));
  const address = `127.0.0.1:${await freePort()}`;
  const process = await LoopbackProcess.start({
    name: 'VictoriaMetrics',
    command: 'victoria-metrics',
    args: [
      `-storageDataPath=${join(folder, 'data')}`,
      `-promscrape.config=${config}`,
      '-promscrape.fileSDCheckInterval=1s',
      `-httpListenAddr=${address}`,
      '-memory.allowedPercent=5',
      '-loggerLevel=WARN',
    ],
    readyUrl: `http://${address}/health`,
    install: 'apt-get install --no-install-recommends victoria-metrics',
    cwd: folder,
  });
  return new MetricServer('victoria-metrics', `http://${address}`, process, () =>
    rm(folder, { recursive: true, force: true }),
  );
}

function configOf(scrape: ScrapePlan | undefined, discovery: Readonly<Record<string, string>>): object {
  if (scrape === undefined) return { scrape_configs: [] };
  return {
    global: { scrape_interval: `${scrape.intervalSeconds}s`, scrape_timeout: `${scrape.intervalSeconds}s` },
    scrape_configs: [{ job_name: 'models', file_sd_configs: [{ files: scrape.targetFiles, ...discovery }] }],
  };
}
