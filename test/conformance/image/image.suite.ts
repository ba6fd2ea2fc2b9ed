import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { documentAt } from '../../docs/documents.js';
import { Cluster } from '../../manifests/deploy/cluster.js';
import { alertExpressions, dashboardExpressions } from '../../manifests/deploy/monitoring.js';
import { readExpression } from '../../manifests/deploy/promql.js';
import { PostgresServer } from '../../support/postgres/postgres-server.js';
import { buildFolder } from '../deploy/kustomize.js';
import { buildBase, makeBaseImages, runtimeBase } from './base-images.js';
import { bytes } from './container.js';
import { readImageConfig, type ImageConfig } from './image-config.js';
import { ImageStore } from './image-store.js';
import { portableNpmConfig } from './npm-config.js';
import { makeVolumes, Pod, tokens, type PodParts } from './pod.js';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const tag = 'localhost/ml-verdict:conformance';
const userId = 65532;
const packageSchema = z.object({ version: z.string(), devDependencies: z.record(z.string(), z.string()) });
const lockSchema = z.object({
  packages: z.record(z.string(), z.object({ version: z.string().optional(), dev: z.boolean().optional() })),
});
const ownPackage = packageSchema.parse(JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')));
const lock = lockSchema.parse(JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')));

/** Every file and folder under a folder, by its path from there. */
function contentOf(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' });
}

describe('the image', function () {
  this.timeout(600_000);
  const store = new ImageStore();
  let image: ImageConfig;
  let rootFolder = '';
  let app: readonly string[] = [];

  before(() => {
    assert.equal(process.getuid?.(), 0, 'this suite makes and runs containers, for which it has to be root');
    makeBaseImages(store);
    const npmConfig = join(store.folder, 'npmrc');
    writeFileSync(npmConfig, portableNpmConfig(), { mode: 0o600 });
    store.buildah(
      'bud',
      '--layers=false',
      '--format=docker',
      `--build-arg=BASE=${buildBase}`,
      `--build-arg=RUNTIME_BASE=${runtimeBase}`,
      `--secret=id=npmrc,src=${npmConfig}`,
      `--tag=${tag}`,
      root,
    );
    image = readImageConfig(store, tag);
    rootFolder = store.mount(tag);
    app = contentOf(join(rootFolder, 'app'));
  });
  after(() => {
    store.remove();
  });

  it('says what it is and how it is run', () => {
    assert.equal(image.User, `${userId}:${userId}`);
    assert.deepEqual(Object.keys(image.ExposedPorts), ['8080/tcp']);
    assert.deepEqual(Object.keys(image.Volumes), ['/data']);
    assert.equal(image.StopSignal, 'SIGTERM');
    assert.deepEqual(image.Entrypoint, ['node', '/app/dist/main.js']);
    assert.deepEqual(image.Cmd, ['serve']);
    // CMD, and not CMD-SHELL: an image without a shell can run it.
    assert.equal(image.Healthcheck.Test[0], 'CMD');
    const label = (name: string) => image.Labels[`org.opencontainers.image.${name}`];
    assert.equal(label('title'), 'ml-verdict');
    assert.equal(label('version'), ownPackage.version);
    assert.equal(label('licenses'), 'Apache-2.0');
    assert.ok(label('description'));
  });

  it('adds nothing to its base but /app and /data', () => {
    const base = new Set(contentOf(store.mount(runtimeBase)));
    const added = contentOf(rootFolder).filter((path) => !base.has(path) && !/^(app|data)(\/|$)/.test(path));
    assert.deepEqual(added, []);
    assert.deepEqual(contentOf(join(rootFolder, 'data')), []);
  });

  it('has the production dependencies alone', () => {
    const installed = app.filter((path) =>
      /(^|\/)node_modules\/(@[^/]+\/)?[^/@.][^/]*\/package\.json$/.test(path),
    );
    assert.ok(installed.length > 50, String(installed.length));
    for (const path of installed) {
      const entry = lock.packages[path.slice(0, -'/package.json'.length)];
      assert.ok(entry, `${path} is not in package-lock.json`);
      assert.notEqual(entry.dev, true, path);
    }
    for (const name of Object.keys(ownPackage.devDependencies)) {
      if (lock.packages[`node_modules/${name}`]?.dev !== true) continue;
      assert.ok(!app.includes(`node_modules/${name}`), name);
    }
  });

  it('has no sources, no tests, no caches and no npm config', () => {
    const files = app.filter((path) => !statSync(join(rootFolder, 'app', path)).isDirectory());
    assert.deepEqual(
      files.filter((path) => /\.([cm]?ts|map)$/.test(path)),
      [],
    );
    assert.deepEqual(
      app.filter((path) => /(^|\/)(test|tests|__tests__|\.npmrc|\.cache)$/.test(path)),
      [],
    );
    assert.deepEqual(readdirSync(join(rootFolder, 'app')).sort(), [
      'LICENSE',
      'dist',
      'healthcheck.mjs',
      'node_modules',
      'package.json',
    ]);
    const megabytes =
      files.reduce((sum, path) => sum + statSync(join(rootFolder, 'app', path)).size, 0) / 2 ** 20;
    // 11 of them are the generated client of Kubernetes, which only the controller loads.
    assert.ok(megabytes < 60, `${megabytes} MiB`);
  });

  it('belongs to root, but for the folder that is written', () => {
    for (const path of app) {
      const { uid, mode } = statSync(join(rootFolder, 'app', path));
      assert.equal(uid, 0, path);
      assert.equal(mode & 0o022, 0, path);
    }
    assert.equal(statSync(join(rootFolder, 'data')).uid, userId);
  });

  describe('run as the pod of the embedded overlay', () => {
    let parts: PodParts;
    let volumes: Readonly<Record<string, string>> = {};
    let pod: Pod;

    before(async () => {
      parts = partsOf('deploy/overlays/embedded');
      volumes = makeVolumes(parts);
      pod = await Pod.start(parts, volumes);
    });
    afterEach(function () {
      if (this.currentTest?.state === 'failed') process.stderr.write(pod.container.log);
    });
    after(async () => {
      await pod.container.remove();
    });

    /** Runs a few lines of JavaScript in the container. */
    function evaluate(code: string): string {
      const { status, stdout, stderr } = pod.container.exec(['node', '-e', code]);
      assert.equal(status, 0, stderr);
      return stdout.trim();
    }

    it('is the user 65532, who may do nothing', () => {
      const status = pod.container.processFile('status');
      assert.match(status, new RegExp(`^Uid:(\\t${userId}){4}$`, 'm'));
      assert.match(status, new RegExp(`^Gid:(\\t${userId}){4}$`, 'm'));
      assert.match(status, /^CapEff:\t0+$/m);
      assert.match(status, /^CapBnd:\t0+$/m);
      assert.match(status, /^NoNewPrivs:\t1$/m);
      assert.equal(evaluate('console.log(process.getuid(), process.getgid())'), `${userId} ${userId}`);
    });

    it('can write to its volume and nowhere else', () => {
      const tryToWrite = (folder: string) =>
        evaluate(
          `try { require('node:fs').writeFileSync('${folder}/written', ''); console.log('written') } catch (error) { console.log(error.code) }`,
        );
      for (const folder of [
        '',
        '/app',
        '/tmp',
        '/var/tmp',
        '/etc/ml-verdict/config',
        '/etc/ml-verdict/tokens',
      ]) {
        assert.equal(tryToWrite(folder), 'EROFS', folder);
      }
      assert.equal(tryToWrite('/data'), 'written');
      const rootMount = pod.container
        .processFile('mountinfo')
        .split('\n')
        .find((line) => line.split(' ')[4] === '/');
      assert.match(rootMount ?? '', /^\S+ \S+ \S+ \S+ \/ ro[ ,]/);
    });

    it('passes the health check of the image, which fails where nobody answers', () => {
      const { Test } = image.Healthcheck;
      const healthy = pod.container.exec(Test.slice(1));
      assert.equal(healthy.status, 0, healthy.stderr);
      const alone = pod.container.exec(Test.slice(1), { ML_VERDICT_PORT: '1' });
      assert.equal(alone.status, 1);
      assert.match(alone.stderr, /\/healthz on port 1: /);
    });

    it('answers /healthz, /readyz and /metrics without a token, and no verdict', async () => {
      assert.equal((await pod.ask('/healthz')).status, 200);
      assert.equal((await pod.ask('/readyz')).status, 200);
      assert.equal((await pod.ask('/metrics')).status, 200);
      assert.equal((await pod.ask(question)).status, 401);
      assert.equal((await pod.ask(question, tokens.applications)).status, 403);
    });

    it('takes predictions and gives a verdict', async () => {
      await sendPredictions(pod, 20_000);
      await assertHolds(pod);
    });

    it('is backed up by the command of the guide, while it runs', () => {
      assertExports(pod, /fraud-detector/);
    });

    it('has the series that dashboard and alerts name', async () => {
      const { text } = await pod.ask('/metrics');
      const there = new Set([...text.matchAll(/^# TYPE (\S+)/gm)].map(([, name = '']) => name));
      const named = [...dashboardExpressions, ...alertExpressions]
        .flatMap(({ expr }) => readExpression(expr).selections.map(({ metric }) => metric))
        // What is ingested is offered where the config says so, a controller has its own; `up` is Prometheus's own.
        .filter(
          (metric) => metric !== 'up' && !/^ml_verdict_(ingested|controller|rollout|cluster)/.test(metric),
        )
        .map((metric) => metric.replace(/_bucket$/, ''));
      assert.deepEqual(
        [...new Set(named)].filter((metric) => !there.has(metric)),
        [],
      );
    });

    it('stays within the memory that the pod asks for', () => {
      const kilobytes = Number(/^VmHWM:\s+(\d+) kB$/m.exec(pod.container.processFile('status'))?.[1]);
      const asked = bytes(parts.cluster.container.resources.requests['memory']);
      assert.ok(
        kilobytes * 1024 < asked,
        `${kilobytes / 1024} MiB at most, ${asked / 2 ** 20} MiB asked for`,
      );
    });

    it('stops on its signal with status 0, and goes on over the same volume', async () => {
      assert.equal(await pod.container.stop(), 0);
      await pod.container.remove();
      assert.ok(existsSync(join(String(volumes['data']), 'ledger.sqlite')));
      pod = await Pod.start(parts, volumes);
      const answer = await pod.ask(
        '/v1/observations?model=fraud-detector&canary=v2&stable=v1',
        tokens.people,
      );
      assert.equal(answer.status, 200, answer.text);
      assert.match(answer.text, /"requests":2000\b/);
      assert.equal(await pod.container.stop(), 0);
    });
  });

  describe('run as the pods of the postgres overlay', () => {
    let server: PostgresServer | undefined;
    let pods: readonly Pod[] = [];

    before(async () => {
      server = await PostgresServer.create();
      const parts = partsOf('deploy/overlays/postgres', { DATABASE_URL: await server.database() });
      const volumes = makeVolumes(parts);
      const { replicas } = parts.cluster.only('Deployment').spec;
      pods = await Promise.all(Array.from({ length: replicas }, () => Pod.start(parts, volumes)));
    });
    afterEach(function () {
      if (this.currentTest?.state === 'failed')
        for (const pod of pods) process.stderr.write(pod.container.log);
    });
    after(async () => {
      await Promise.all(pods.map((pod) => pod.container.remove()));
      await server?.remove();
    });

    it('are two, none of which has a folder to write to', () => {
      assert.equal(pods.length, 2);
      const code = `require('node:fs').writeFileSync('/data/written', '')`;
      for (const pod of pods) assert.match(pod.container.exec(['node', '-e', code]).stderr, /EROFS/);
    });

    it('answer alike, whichever took the predictions', async () => {
      const [first, second] = pods;
      assert.ok(first && second);
      await sendPredictions(first, 2_000);
      const asOf = lastFullMinute();
      assert.equal(await assertHolds(second, asOf), await assertHolds(first, asOf));
    });

    it('are backed up from any of them', () => {
      for (const pod of pods) assertExports(pod, /fraud-detector/);
    });

    it('stop with status 0', async () => {
      assert.deepEqual(await Promise.all(pods.map((pod) => pod.container.stop())), [0, 0]);
    });
  });

  function partsOf(overlay: string, env: Readonly<Record<string, string>> = {}): PodParts {
    return { store, image, rootFolder, cluster: new Cluster(buildFolder(overlay)), env };
  }
});

const question = '/v1/verdict?model=fraud-detector&canary=v2&stable=v1';

/** Sends predictions of ten minutes ago: a tenth of them the canary's. */
async function sendPredictions(pod: Pod, count: number): Promise<void> {
  const at = new Date(Date.now() - 600_000).toISOString();
  const line = (version: string) =>
    JSON.stringify({ model: 'fraud-detector', version, at, status: 200, latencyMs: 12, prediction: 0.1 });
  const lines = Array.from({ length: count }, (_, index) => line(index % 10 === 0 ? 'v2' : 'v1'));
  const sent = await pod.ask('/v1/predictions', tokens.applications, lines.join('\n'));
  assert.equal(sent.status, 200, sent.text);
  assert.equal(z.object({ accepted: z.number() }).parse(JSON.parse(sent.text)).accepted, count);
}

/** Asks for a verdict as Argo Rollouts does; answers its id. */
async function assertHolds(pod: Pod, asOf = lastFullMinute()): Promise<string> {
  const asked = JSON.stringify({
    model: 'fraud-detector',
    canary: 'v2',
    stable: 'v1',
    asOf,
  });
  const answer = await pod.ask('/v1/verdict', tokens['argo-rollouts'], asked);
  assert.equal(answer.status, 200, answer.text);
  const verdict = z
    .object({
      id: z.string(),
      verdict: z.string(),
      model: z.string(),
      looks: z.number(),
      measurement: z.array(z.unknown()),
    })
    .parse(JSON.parse(answer.text));
  assert.equal(verdict.model, 'fraud-detector');
  assert.equal(verdict.verdict, 'hold');
  assert.equal(verdict.measurement[1], 'hold');
  assert.ok(verdict.looks > 0, answer.text);
  return verdict.id;
}

/** Runs the guide's command for a backup in a pod; what it writes are lines of JSON. */
function assertExports(pod: Pod, expected: RegExp): void {
  const { text } = documentAt('docs/guides/installing.md');
  const [, command = ''] =
    /kubectl -n ml-verdict exec deployment\/ml-verdict -- (.+) > \S+$/m.exec(text) ?? [];
  const { status, stdout, stderr } = pod.container.exec(command.split(' '));
  assert.equal(status, 0, stderr);
  const lines = stdout.trimEnd().split('\n');
  assert.ok(lines.length > 1);
  for (const line of lines) JSON.parse(line);
  assert.match(stdout, expected);
}

/** The end of a minute that is over for good: what is asked as of then is about the same looks each time. */
function lastFullMinute(): string {
  return new Date(Math.floor(Date.now() / 60_000 - 1) * 60_000).toISOString();
}
