/** Runs an image as a kubelet does: by an OCI runtime, as a pod of deploy/ says. */
import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import type { Cluster } from '../../manifests/deploy/cluster.js';
import { runTool, tryTool, type ToolRun } from '../tools/run-tool.js';
import type { ImageConfig } from './image-config.js';

export interface ContainerParts {
  readonly id: string;
  /** For the bundle and the runtime's own state. */
  readonly folder: string;
  /** The root of the image. */
  readonly rootFolder: string;
  readonly image: ImageConfig;
  /** The pod: user, arguments, environment, mounts, limits. */
  readonly cluster: Cluster;
  /** The folders behind the pod's volumes, by volume. */
  readonly volumes: Readonly<Record<string, string>>;
  /** Beside those of image and pod. */
  readonly env: Readonly<Record<string, string>>;
}

const userSchema = z.object({ runAsUser: z.number(), runAsGroup: z.number(), fsGroup: z.number() });

/** One container with the network of the machine, and with namespaces of its own for all else. */
export class Container {
  readonly #parts: ContainerParts;
  readonly #process: ChildProcess;
  readonly #ended: Promise<number>;
  #log = '';

  constructor(parts: ContainerParts) {
    this.#parts = parts;
    writeFileSync(join(parts.folder, 'config.json'), JSON.stringify(bundleConfig(parts)));
    this.#process = spawn('runc', [...this.#state(), 'run', '--bundle', parts.folder, parts.id], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    for (const stream of [this.#process.stdout, this.#process.stderr]) {
      stream?.setEncoding('utf8').on('data', (text: string) => {
        this.#log += text;
      });
    }
    this.#ended = once(this.#process, 'exit').then(([status]: unknown[]) => Number(status ?? 1));
  }

  /** All that it has written so far. */
  get log(): string {
    return this.#log;
  }

  /** The id of its first process, as the machine sees it. */
  get processId(): number {
    const state = JSON.parse(runTool('runc', [...this.#state(), 'state', this.#parts.id])) as unknown;
    return z.object({ pid: z.number() }).parse(state).pid;
  }

  /** What /proc says of its first process. */
  processFile(name: string): string {
    return readFileSync(`/proc/${this.processId}/${name}`, 'utf8');
  }

  /** Runs a command in it, as the same user, under the same rules. */
  exec(args: readonly string[], env: Readonly<Record<string, string>> = {}): ToolRun {
    const variables = Object.entries(env).flatMap(([name, value]) => ['--env', `${name}=${value}`]);
    return tryTool('runc', [...this.#state(), 'exec', ...variables, this.#parts.id, ...args]);
  }

  /** Fails with its log if it ends before the condition holds. */
  async until<T>(condition: () => Promise<T | undefined>): Promise<T> {
    for (;;) {
      const value = await condition().catch(() => undefined);
      if (value !== undefined) return value;
      assert.equal(this.#process.exitCode, null, `the container ended:\n${this.#log}`);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }

  /** Sends the signal that stops it; the answer is its exit status. */
  async stop(): Promise<number> {
    runTool('runc', [...this.#state(), 'kill', this.#parts.id, this.#parts.image.StopSignal]);
    return await this.#ended;
  }

  /** Ends it whatever it does, and forgets it. */
  async remove(): Promise<void> {
    tryTool('runc', [...this.#state(), 'delete', '--force', this.#parts.id]);
    await this.#ended;
  }

  #state(): readonly string[] {
    return ['--root', join(this.#parts.folder, 'state')];
  }
}

/** The runtime's config: what a kubelet makes of the image and the pod. */
function bundleConfig({ rootFolder, image, cluster, volumes, env, id }: ContainerParts) {
  const { pod, container } = cluster;
  const user = userSchema.parse(pod.securityContext);
  // Later ones win, as in a pod.
  const variables = new Map([
    ...image.Env.map(
      (text) => [text.slice(0, text.indexOf('=')), text.slice(text.indexOf('=') + 1)] as const,
    ),
    ...container.env.map(({ name, value }) => [name, value ?? ''] as const),
    ...Object.entries(env),
  ]);
  const nothing = { bounding: [], effective: [], inheritable: [], permitted: [], ambient: [] };
  return {
    ociVersion: '1.0.2',
    hostname: id,
    process: {
      user: { uid: user.runAsUser, gid: user.runAsGroup, additionalGids: [user.fsGroup] },
      args: [...image.Entrypoint, ...container.args],
      env: [...variables].map(([name, value]) => `${name}=${value}`),
      cwd: image.WorkingDir,
      capabilities: nothing,
      noNewPrivileges: container.securityContext['allowPrivilegeEscalation'] === false,
    },
    root: { path: rootFolder, readonly: container.securityContext['readOnlyRootFilesystem'] },
    mounts: [
      { destination: '/proc', type: 'proc', source: 'proc' },
      {
        destination: '/dev',
        type: 'tmpfs',
        source: 'tmpfs',
        options: ['nosuid', 'strictatime', 'mode=755', 'size=65536k'],
      },
      {
        destination: '/dev/shm',
        type: 'tmpfs',
        source: 'shm',
        options: ['nosuid', 'noexec', 'nodev', 'mode=1777', 'size=65536k'],
      },
      { destination: '/sys', type: 'sysfs', source: 'sysfs', options: ['nosuid', 'noexec', 'nodev', 'ro'] },
      ...container.volumeMounts.map(({ name, mountPath, readOnly }) => ({
        destination: mountPath,
        type: 'bind',
        source: sourceOf(volumes, name),
        options: ['rbind', 'nosuid', 'nodev', readOnly ? 'ro' : 'rw'],
      })),
    ],
    linux: {
      namespaces: ['pid', 'ipc', 'uts', 'mount'].map((type) => ({ type })),
      resources: { memory: { limit: bytes(container.resources.limits['memory']) } },
      maskedPaths: ['/proc/kcore', '/proc/keys', '/proc/timer_list', '/sys/firmware'],
      readonlyPaths: ['/proc/bus', '/proc/fs', '/proc/irq', '/proc/sys', '/proc/sysrq-trigger'],
    },
  };
}

function sourceOf(volumes: Readonly<Record<string, string>>, name: string): string {
  const source = volumes[name];
  assert.ok(source, `the pod has a volume ${name}, for which there is no folder`);
  return source;
}

/** `256Mi` and `1Gi` in bytes. */
export function bytes(quantity: string | undefined): number {
  const [, amount = '', unit = ''] = /^(\d+)(Mi|Gi)$/.exec(quantity ?? '') ?? [];
  assert.ok(amount, `expected a quantity such as 256Mi, got ${String(quantity)}`);
  return Number(amount) * (unit === 'Gi' ? 2 ** 30 : 2 ** 20);
}
