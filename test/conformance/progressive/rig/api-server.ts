import type { LoopbackProcess } from '../../../support/prometheus/loopback-process.js';
import { startApiServer } from '../../argo/cluster/control-plane.js';

type ApiServerOptions = Parameters<typeof startApiServer>[0];

/** A real API server that starts again at the same address, with the same objects. */
export class ApiServer {
  readonly #options: ApiServerOptions;
  readonly #processes: LoopbackProcess[] = [];

  private constructor(options: ApiServerOptions) {
    this.#options = options;
  }

  static async start(options: ApiServerOptions): Promise<ApiServer> {
    const server = new ApiServer(options);
    await server.start();
    return server;
  }

  /** Resolves once it is ready. */
  async start(): Promise<void> {
    this.#processes.push(await startApiServer(this.#options));
  }

  /** Ends it as nothing can prevent. */
  async stop(): Promise<void> {
    await this.#processes.at(-1)?.stop('SIGKILL');
  }

  /** Each that was started, the present one last. */
  get processes(): readonly LoopbackProcess[] {
    return this.#processes;
  }
}
