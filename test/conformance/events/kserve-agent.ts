/** The real agent of KServe, which logs payloads, built from the module that kserve/go.mod names. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runTool } from '../tools/run-tool.js';
import { cached } from '../tools/tool-cache.js';

const module = fileURLToPath(new URL('./kserve/', import.meta.url));

/** The path of the agent; building it the first time takes some minutes. */
function agentCommand(): string {
  const sources = ['go.mod', 'go.sum'].map((file) => readFileSync(join(module, file), 'utf8'));
  return cached('kserve-agent', sources, (path) => {
    runTool('go', ['build', '-mod=mod', '-ldflags=-s -w', '-o', path, 'github.com/kserve/kserve/cmd/agent'], {
      cwd: module,
      env: { CGO_ENABLED: '0' },
    });
  });
}

/** An agent in front of a model. */
export class KserveAgent {
  readonly url: string;
  readonly #process: ChildProcess;

  private constructor(url: string, process: ChildProcess) {
    this.url = url;
    this.#process = process;
  }

  /** Starts it as KServe puts it beside a model, and resolves once it passes requests on. */
  static async start({
    modelPort,
    logUrl,
    mode,
  }: {
    readonly modelPort: number;
    readonly logUrl: string;
    readonly mode: 'response' | 'all';
  }): Promise<KserveAgent> {
    const port = await freePort();
    const probe = { tcpSocket: { port: modelPort, host: '127.0.0.1' }, successThreshold: 1 };
    const flags = {
      port,
      'component-port': modelPort,
      'log-url': logUrl,
      'log-mode': mode,
      'inference-service': 'm',
      namespace: 'ml',
      component: 'predictor',
      endpoint: 'default',
    };
    const child = spawn(
      agentCommand(),
      Object.entries(flags).flatMap(([flag, value]) => [`--${flag}`, String(value)]),
      { env: { ...process.env, SERVING_READINESS_PROBE: JSON.stringify(probe) }, stdio: 'ignore' },
    );
    const agent = new KserveAgent(`http://127.0.0.1:${port}`, child);
    while (!(await agent.#passesOn())) {
      if (child.exitCode !== null) throw new Error(`the agent ended with ${child.exitCode}`);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    return agent;
  }

  async #passesOn(): Promise<boolean> {
    return fetch(`${this.url}/v1/models/m`).then(
      (answer) => answer.ok,
      () => false,
    );
  }

  async stop(): Promise<void> {
    const ended = once(this.#process, 'exit');
    // It would wait half a minute for its requests.
    this.#process.kill('SIGKILL');
    await ended;
  }
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
