import { stringify } from 'yaml';
import { initialState, type Command, type RolloutState } from '../../../../src/progressive/index.js';
import {
  parseModelRollout,
  refusedStatus,
  rolloutReference,
  statusOf,
  type Refused,
} from '../../../../src/progressive/resource/index.js';
import { KnativePlatform } from '../../../support/progressive/platforms/knative-platform.js';
import { valueOf } from '../../../support/value-of.js';
import { runCommand, type CommandRun } from '../../support/run-command.js';
import { MemoryClusterServer } from './memory-cluster-server.js';

const nowMs = Date.UTC(2026, 0, 5, 10);

/** A cluster with one InferenceService, in which a test types commands and says what a controller would. */
export class ClusterCommands {
  readonly platform: KnativePlatform;
  readonly reference = rolloutReference('ml', 'fraud');
  readonly server: MemoryClusterServer;

  private constructor(platform: KnativePlatform, server: MemoryClusterServer) {
    this.platform = platform;
    this.server = server;
  }

  static async open(): Promise<ClusterCommands> {
    const platform = new KnativePlatform();
    return new ClusterCommands(platform, await MemoryClusterServer.open(platform.cluster));
  }

  get cluster() {
    return this.platform.cluster;
  }

  /** A ModelRollout as somebody writes it. */
  written(spec: object = {}, metadata: object = {}) {
    return {
      apiVersion: 'ml-verdict.io/v1alpha1',
      kind: 'ModelRollout',
      metadata: { name: 'fraud', ...metadata },
      spec: { target: this.platform.target, stages: [{ percent: 10 }, { percent: 100 }], ...spec },
    };
  }

  /** The same in a file. */
  file(spec: object = {}, metadata: object = {}): string {
    return this.server.write('rollout.yaml', stringify(this.written(spec, metadata)));
  }

  /** Applies it, without the command line; its status stays. */
  apply(spec: object = {}): void {
    const status = this.cluster.read(this.reference)?.status;
    this.cluster.put(this.reference, { ...this.written(spec), status });
  }

  /** `rollout …`, as it is typed. */
  type(...words: readonly string[]): Promise<CommandRun> {
    return runCommand(['rollout', ...words, '--kubeconfig', this.server.kubeconfig]);
  }

  /** A controller writes where the rollout stands. */
  report(change: Partial<RolloutState>): void {
    const object = this.cluster.read(this.reference);
    const state = { ...initialState(nowMs), canary: 'v2', stable: 'v1', ...change };
    this.cluster.setStatus(this.reference, statusOf(valueOf(parseModelRollout(object)), state, [], nowMs));
  }

  /** A controller writes why it does not drive it. */
  refuse(refused: Refused): void {
    const object = this.cluster.read(this.reference);
    const generation = object?.metadata.generation ?? 0;
    this.cluster.setStatus(this.reference, refusedStatus(object?.status, refused, generation, nowMs));
  }

  /** The commands that are written down. */
  commands(): readonly Command[] {
    return valueOf(parseModelRollout(this.cluster.read(this.reference))).spec.commands;
  }

  /** The changes of the InferenceService. */
  patches(): readonly unknown[] {
    return this.cluster.changes.filter(({ path }) => path.includes('/inferenceservices/'));
  }

  close(): Promise<void> {
    return this.server.close();
  }
}
