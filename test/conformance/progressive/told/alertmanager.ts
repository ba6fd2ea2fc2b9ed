import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { z } from 'zod';
import { freePort } from '../../../support/prometheus/free-port.js';
import { LoopbackProcess } from '../../../support/prometheus/loopback-process.js';
import { call } from '../../../support/service/call.js';

const alerts = z.array(
  z.object({
    labels: z.record(z.string(), z.string()),
    annotations: z.record(z.string(), z.string()),
    startsAt: z.string(),
    endsAt: z.string(),
    generatorURL: z.string().optional(),
    status: z.object({ state: z.string() }),
  }),
);

/** An alert as Alertmanager has it. */
export type KnownAlert = z.infer<typeof alerts>[number];

/** A real Alertmanager on the loopback that tells nobody. */
export class Alertmanager {
  readonly url: string;
  readonly process: LoopbackProcess;
  readonly #folder: string;

  private constructor(url: string, process: LoopbackProcess, folder: string) {
    this.url = url;
    this.process = process;
    this.#folder = folder;
  }

  static async start(): Promise<Alertmanager> {
    const folder = mkdtempSync(join(tmpdir(), 'ml-verdict-alertmanager-'));
    const config = join(folder, 'config.yml');
    writeFileSync(config, stringify({ route: { receiver: 'nobody' }, receivers: [{ name: 'nobody' }] }));
    const url = `http://127.0.0.1:${await freePort()}`;
    const process = await LoopbackProcess.start({
      name: 'alertmanager',
      command: 'prometheus-alertmanager',
      args: [
        `--config.file=${config}`,
        `--storage.path=${folder}`,
        `--web.listen-address=${new URL(url).host}`,
        '--cluster.listen-address=',
      ],
      readyUrl: `${url}/-/ready`,
      install: 'apt-get install --no-install-recommends prometheus-alertmanager',
      cwd: folder,
    });
    return new Alertmanager(url, process, folder);
  }

  /**
   * Those that fire in a namespace. Senders whose time passes fast are ahead of it: the end of an alert that it never had,
   * which they tell with every beginning, is still to come for it, and is left out.
   */
  async firing(namespace: string): Promise<readonly KnownAlert[]> {
    const filter = encodeURIComponent(`namespace="${namespace}"`);
    const { text } = await call(`${this.url}/api/v2/alerts?filter=${filter}`);
    return alerts.parse(JSON.parse(text)).filter(({ startsAt, endsAt }) => startsAt < endsAt);
  }

  async stop(): Promise<void> {
    await this.process.stop('SIGKILL');
    rmSync(this.#folder, { recursive: true, force: true });
  }
}
