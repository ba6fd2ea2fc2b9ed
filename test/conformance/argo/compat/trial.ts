import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../../../support/prometheus/free-port.js';
import { ServiceProcess } from '../../../support/service/service-process.js';
import { until } from '../../../support/until.js';
import type { AnalysisRunState } from '../cluster/analysis-run-state.js';
import { ArgoCluster } from '../cluster/argo-cluster.js';
import { promote } from './answers.js';
import { checkCase } from './contract/check-case.js';
import { isOver, metricOf, type ContractCase } from './contract/contract-case.js';
import { contract } from './contract/index.js';
import { facts, outcomeOf, type Fact } from './facts.js';
import type { Release } from './releases.js';
import { rolloutCases } from './rollouts/rollout-cases.js';
import { playRollout, rolloutName, type RolloutCase } from './rollouts/play-rollout.js';
import { ScriptedService, type Script } from './scripted-service.js';
import { shippedRun } from './shipped-run.js';

const namespace = 'ml';
const token = 'a-token-of-the-contract';

/** Errors are retried after 10 s, whatever is asked of Argo. */
const withinMs = 120_000;

interface Parts {
  readonly cluster: ArgoCluster;
  readonly scripted: ScriptedService;
  readonly real: ServiceProcess;
  readonly latePort: number;
}

/** One release with all services that its runs ask. All runs go on at once, as most of them wait; then all Rollouts. */
export class Trial {
  readonly #parts: Parts;
  readonly #stop: () => Promise<void>;
  #late: Promise<ScriptedService> | undefined;
  #rollouts: ReadonlyMap<string, Promise<void>> | undefined;

  private constructor(parts: Parts, stop: () => Promise<void>) {
    this.#parts = parts;
    this.#stop = stop;
  }

  /** Starts everything, and all runs. The first time of all the release is built, which takes minutes. */
  static async start(release: Release): Promise<Trial> {
    const ends: (() => Promise<void> | void)[] = [];
    const stop = async () => {
      for (let end = ends.pop(); end !== undefined; end = ends.pop()) await end();
    };
    try {
      const trial = new Trial(await startParts(release, (end) => ends.push(end)), stop);
      await trial.#begin();
      return trial;
    } catch (error) {
      await stop();
      throw error;
    }
  }

  get processes(): ArgoCluster['processes'] {
    return this.#parts.cluster.processes;
  }

  /** Waits until a case is over, and fails where it went another way than it has to. */
  async keeps(one: ContractCase): Promise<void> {
    const run = await this.#run(one.name, 'over', (state) => isOver(one, state));
    checkCase(one, run, this.#parts.scripted.of(`${namespace}/${one.name}`));
  }

  /** Plays a whole rollout, beside all others, and fails where it ends in another way than it has to. */
  async plays(one: RolloutCase): Promise<void> {
    const { cluster, scripted } = this.#parts;
    this.#rollouts ??= new Map(
      rolloutCases.map((each) => {
        const played = playRollout(each, { cluster, url: scripted.url, token });
        // It is told by the test of that case.
        played.catch(() => undefined);
        return [each.name, played];
      }),
    );
    await this.#rollouts.get(one.name);
  }

  /** What becomes of the first measurement. */
  async outcomeOf(fact: Fact): Promise<string> {
    const { name } = fact;
    if (fact.isWhole === true) {
      await this.#parts.cluster.apply([this.#runOf(fact)], { namespace });
      const controller = this.processes.at(-1);
      const isMeasured = () =>
        this.#parts.cluster
          .analysisRunsNow(namespace)
          .some((run) => run.name === name && outcomeOf(run) !== undefined);
      await until(() => controller?.hasEnded === true || isMeasured());
      if (controller?.hasEnded === true) return 'the controller ends';
    }
    const run = await this.#run(name, 'measured', (state) => outcomeOf(state) !== undefined);
    return outcomeOf(run) ?? '';
  }

  async stop(): Promise<void> {
    await (await this.#late)?.stop();
    await this.#stop();
  }

  async #begin(): Promise<void> {
    const { cluster } = this.#parts;
    await cluster.createNamespace(namespace);
    const secret = {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name: 'ml-verdict-token' },
      stringData: { token, wrong: 'another-token' },
    };
    const ofContract = contract.map((one) => shippedRun({ ...one, url: this.#urlOf(one) }));
    const ofFacts = facts.filter(({ isWhole }) => isWhole !== true).map((fact) => this.#runOf(fact));
    await cluster.apply([secret, ...ofContract, ...ofFacts], { namespace });
    for (const one of contract.filter(({ service }) => service === 'late')) void this.#beginLate(one);
  }

  /** Listens once the first call was refused; where none is, the case fails by itself. */
  async #beginLate({ name, metric }: ContractCase): Promise<void> {
    const isRefused = (run: AnalysisRunState) => metricOf(run, metric).error > 0;
    const refused = await this.#run(name, 'refused', isRefused).catch(() => undefined);
    if (refused !== undefined) this.#late = ScriptedService.start(scripts(), this.#parts.latePort);
  }

  #runOf({ name, isWhole }: Fact): object {
    const { url } = this.#parts.scripted;
    return shippedRun({ name, template: 'ml-model-verdict', metrics: ['ml-verdict'], isWhole, url });
  }

  #urlOf({ service }: ContractCase): string {
    const { scripted, real, latePort } = this.#parts;
    if (service === 'real') return real.url;
    return service === 'late' ? `http://127.0.0.1:${latePort}` : scripted.url;
  }

  #run(name: string, what: string, isIt: (run: AnalysisRunState) => boolean): Promise<AnalysisRunState> {
    return this.#parts.cluster.waitForAnalysisRun(
      namespace,
      (run) => run.name === name && run.metrics.length > 0 && isIt(run),
      { withinMs, what: `${name} and ${what}` },
    );
  }
}

/** @param onStop is told how each part ends */
async function startParts(
  { module }: Release,
  onStop: (end: () => Promise<void> | void) => void,
): Promise<Parts> {
  const cluster = await ArgoCluster.start({ module });
  onStop(() => cluster.stop());
  const scripted = await ScriptedService.start(scripts());
  onStop(() => scripted.stop());
  const folder = mkdtempSync(join(tmpdir(), 'ml-verdict-compat-'));
  onStop(() => {
    rmSync(folder, { recursive: true, force: true });
  });
  const tokenFile = join(folder, 'token');
  writeFileSync(tokenFile, token);
  const real = await ServiceProcess.start({
    ledger: { folder: join(folder, 'ledger') },
    config: { access: { tokens: [{ name: 'argo', files: [tokenFile], scopes: ['verdict'] }] } },
  });
  onStop(() => real.kill());
  return { cluster, scripted, real, latePort: await freePort() };
}

/** By namespace and model; where a redirect led to, nobody says of which. */
function scripts(): ReadonlyMap<string, Script> {
  return new Map<string, Script>([
    ...contract.map(({ name, script }) => [`${namespace}/${name}`, script] as const),
    ...facts.map(({ name, first }) => [`${namespace}/${name}`, () => first] as const),
    ...rolloutCases.map(({ name, script }) => [`${name}/${rolloutName}`, script] as const),
    ['', () => promote],
  ]);
}
