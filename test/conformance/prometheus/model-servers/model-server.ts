import { once } from 'node:events';
import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../../../support/prometheus/free-port.js';
import { LoopbackProcess } from '../../../support/prometheus/loopback-process.js';
import { call } from '../../../support/service/call.js';
import { folder as scripts, pythonOf, type ModelServerName } from './python-environments.js';

/** One kind of request: what is sent how often, and what the server has to answer. */
export interface SentKind {
  readonly title: string;
  /** Behind the address of the server. */
  readonly path: string;
  readonly body: string;
  readonly status: number;
  readonly times: number;
}

/** A real model server that serves a real model. */
export class ModelServer {
  readonly process: LoopbackProcess;
  /** Where it is asked for predictions. */
  readonly url: string;
  /** Host and port of its `/metrics`. */
  readonly metricsAddress: string;
  readonly #folder: string;

  private constructor(process: LoopbackProcess, port: number, metricsPort: number, folder: string) {
    this.process = process;
    this.url = `http://127.0.0.1:${port}`;
    this.metricsAddress = `127.0.0.1:${metricsPort}`;
    this.#folder = folder;
  }

  /** Trains the model, starts the server and resolves once the model `bc` is ready. */
  static async start(name: ModelServerName): Promise<ModelServer> {
    const python = pythonOf(name);
    const folder = await mkdtemp(join(tmpdir(), `ml-verdict-${name}-`));
    const model = join(folder, 'model.joblib');
    await run(python, [join(scripts, 'train.py'), model]);
    return name === 'mlserver' ? startMlserver(python, folder) : startKserve(python, folder, model);
  }

  static of(process: LoopbackProcess, port: number, metricsPort: number, folder: string): ModelServer {
    return new ModelServer(process, port, metricsPort, folder);
  }

  /** Sends all requests of a kind, one after the other; answers the statuses that were not expected. */
  async send({ path, body, status, times }: SentKind): Promise<readonly number[]> {
    const others: number[] = [];
    for (let sent = 0; sent < times; sent++) {
      const answer = await call(`${this.url}${path}`, {
        body,
        headers: { 'Content-Type': 'application/json' },
      });
      if (answer.status !== status) others.push(answer.status);
    }
    return others;
  }

  async stop(): Promise<void> {
    await this.process.stop();
    await rm(this.#folder, { recursive: true, force: true });
  }
}

async function startMlserver(python: string, folder: string): Promise<ModelServer> {
  const [port, grpcPort, metricsPort] = [await freePort(), await freePort(), await freePort()];
  const settings = { host: '127.0.0.1', http_port: port, grpc_port: grpcPort, metrics_port: metricsPort };
  await writeFile(join(folder, 'settings.json'), JSON.stringify(settings));
  const model = {
    name: 'bc',
    implementation: 'mlserver_sklearn.SKLearnModel',
    parameters: { uri: './model.joblib' },
  };
  await writeFile(join(folder, 'model-settings.json'), JSON.stringify(model));
  const process = await LoopbackProcess.start({
    name: 'MLServer',
    command: python,
    args: ['-c', 'from mlserver.cli import main; main()', 'start', folder],
    readyUrl: `http://127.0.0.1:${port}/v2/models/bc/ready`,
    install: 'npx tsx test/conformance/prometheus/model-servers/install.ts',
    cwd: folder,
  });
  return ModelServer.of(process, port, metricsPort, folder);
}

async function startKserve(python: string, folder: string, model: string): Promise<ModelServer> {
  const port = await freePort();
  const process = await LoopbackProcess.start({
    name: 'KServe',
    command: python,
    args: [
      join(scripts, 'kserve_server.py'),
      ...[model, '--http_port', String(port), '--enable_grpc', 'false'],
    ],
    readyUrl: `http://127.0.0.1:${port}/v1/models/bc`,
    install: 'npx tsx test/conformance/prometheus/model-servers/install.ts',
    cwd: folder,
  });
  return ModelServer.of(process, port, port, folder);
}

/** Runs a command to its end without keeping this process from anything. */
async function run(command: string, args: readonly string[]): Promise<void> {
  const child = spawn(command, args, { stdio: ['ignore', 'ignore', 'pipe'] });
  let complaint = '';
  child.stderr.on('data', (text: Buffer) => (complaint += text.toString()));
  const [status] = (await once(child, 'close')) as [number | null];
  if (status !== 0) throw new Error(`${command} ${args.join(' ')} ended with ${status}: ${complaint}`);
}
