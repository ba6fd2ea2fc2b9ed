import { chmodSync, chownSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { z } from 'zod';
import type { Cluster } from '../../manifests/deploy/cluster.js';
import { configText } from '../../manifests/deploy/pod-config.js';
import { Container } from './container.js';
import type { ImageConfig } from './image-config.js';
import type { ImageStore } from './image-store.js';

/** A token for each caller of the config that deploy/ has. */
export const tokens = {
  'argo-rollouts': 'conformance-token-of-argo-rollouts',
  applications: 'conformance-token-of-applications',
  people: 'conformance-token-of-people',
};

/** What a pod of a built overlay is run from. */
export interface PodParts {
  readonly store: ImageStore;
  readonly image: ImageConfig;
  readonly rootFolder: string;
  readonly cluster: Cluster;
  /** Beside those of image and overlay, and in place of those that come from a Secret. */
  readonly env?: Readonly<Record<string, string>>;
}

/** What it answered. */
export interface Answer {
  readonly status: number;
  readonly text: string;
}

/** Prepares the folders behind a pod's volumes as a kubelet does: their group is fsGroup. */
export function makeVolumes({ store, cluster }: PodParts): Readonly<Record<string, string>> {
  const group = z.number().parse(cluster.pod.securityContext['fsGroup']);
  const files: Readonly<Record<string, Readonly<Record<string, string>>>> = {
    config: { 'config.yaml': configText(cluster) },
    tokens,
  };
  return Object.fromEntries(
    cluster.pod.volumes.map(({ name }) => {
      const folder = store.makeFolder(`volumes-${cluster.only('Deployment').spec.replicas}/${name}`);
      chownSync(folder, 0, group);
      chmodSync(folder, 0o2770);
      for (const [file, text] of Object.entries(files[name] ?? {})) {
        const path = join(folder, file);
        writeFileSync(path, text);
        chownSync(path, 0, group);
        chmodSync(path, 0o440);
      }
      return [name, folder];
    }),
  );
}

let started = 0;

/** One pod that answers on a port of the machine. */
export class Pod {
  readonly container: Container;
  readonly #port: number;

  private constructor(container: Container, port: number) {
    this.container = container;
    this.#port = port;
  }

  /** Starts it over its volumes, and resolves once it is ready. */
  static async start(parts: PodParts, volumes: Readonly<Record<string, string>>): Promise<Pod> {
    const port = await freePort();
    started += 1;
    const container = new Container({
      ...parts,
      id: `ml-verdict-conformance-${process.pid}-${started}`,
      folder: parts.store.makeFolder(`bundle-${started}`),
      volumes,
      env: { ...parts.env, ML_VERDICT_PORT: String(port) },
    });
    const pod = new Pod(container, port);
    try {
      await container.until(async () => ((await pod.ask('/readyz')).status === 200 ? true : undefined));
      return pod;
    } catch (error) {
      await container.remove();
      throw error;
    }
  }

  /** Asks it something; with a body it is a POST. */
  async ask(path: string, token?: string, body?: string): Promise<Answer> {
    const response = await fetch(`http://127.0.0.1:${this.#port}${path}`, {
      ...(body === undefined ? {} : { method: 'POST', body }),
      headers: {
        'Content-Type': 'application/json',
        ...(token === undefined ? {} : { Authorization: `Bearer ${token}` }),
      },
    });
    return { status: response.status, text: await response.text() };
  }
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
