import assert from 'node:assert/strict';
import { once } from 'node:events';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { json } from 'node:stream/consumers';
import { modelRolloutKind } from '../../../src/progressive/resource/index.js';
import { ClusterCommands } from './support/cluster-commands.js';

describe('rollout start', () => {
  let typed: ClusterCommands;

  beforeEach(async () => {
    typed = await ClusterCommands.open();
  });
  afterEach(() => typed.close());

  /** Refused without a word to the cluster. */
  async function refused(words: readonly string[], expected: RegExp): Promise<void> {
    const asked = typed.cluster.requests.length;
    const { status, err } = await typed.type('start', '-f', typed.file(), ...words);
    assert.equal(status, 3, err);
    assert.match(err, expected);
    assert.equal(typed.cluster.requests.length, asked);
  }

  it('refuses --first without the state that it is about, and makes none', async () => {
    await refused(['--foreground', '--first', 'abort'], /--first abort needs --state/);
    const file = join(typed.server.folder, 'mistyped.json');
    await refused(['--foreground', '--first', 'abort', '--state', file], /there is no file .*mistyped\.json/);
    assert.ok(!existsSync(file));
  });

  for (const [flag, value] of [
    ['--state', 'state.json'],
    ['--first', 'abort'],
    ['--service', 'http://localhost:1'],
    ['--service-token-file', 'token'],
    ['--service-ca-file', 'ca.pem'],
    ['--config', 'config.yaml'],
  ] as const) {
    it(`refuses ${flag} where the controller drives`, async () => {
      await refused([flag, value], new RegExp(`${flag} is for --foreground`));
      assert.equal(typed.cluster.read(typed.reference), undefined);
    });
  }

  it('refuses --no-follow where there is nothing to follow', async () => {
    await refused(['--foreground', '--no-follow'], /--no-follow is for a rollout that the controller drives/);
  });

  it('refuses a namespace that is not that of the file', async () => {
    for (const words of [[], ['--dry-run'], ['--foreground']]) {
      const file = typed.file({}, { namespace: 'ml' });
      const { status, err } = await typed.type('start', '-f', file, '-n', 'staging', ...words);
      assert.equal(status, 3);
      assert.match(err, /metadata\.namespace: expected "staging" as in --namespace, got "ml"/);
    }
    assert.deepEqual(typed.cluster.changes, []);
    const same = await typed.type(
      'start',
      '--no-follow',
      '-f',
      typed.file({}, { namespace: 'ml' }),
      '-n',
      'ml',
    );
    assert.equal(same.status, 0);
  });

  it('says what a cluster lacks that does not know ModelRollouts', async () => {
    typed.cluster.uninstall(modelRolloutKind);
    for (const words of [
      ['start', '-f', typed.file()],
      ['status'],
      ['status', 'fraud'],
      ['abort', 'fraud'],
    ]) {
      const { status, err } = await typed.type(...words);
      assert.equal(status, 3);
      assert.match(err, /does not know ModelRollouts: the component deploy\/components\/controller/);
    }
  });

  it('tells a missing namespace, and a missing rollout, from a missing definition', async () => {
    const reason = 'namespaces "ml" not found';
    typed.cluster.fail({ failure: { kind: 'not-found', reason }, verb: 'create' });
    const started = await typed.type('start', '-f', typed.file());
    assert.match(
      started.err,
      /a place for the ModelRollout "fraud" .* is not there \(namespaces "ml" not found\)/,
    );
    const shown = await typed.type('status', 'fraud');
    assert.match(shown.err, /the ModelRollout "fraud" in namespace "ml" is not there/);
  });

  it('follows it to its end, whose status is its own', async () => {
    typed.apply();
    typed.report({ phase: { kind: 'failed', cause: 'gone', text: 'It is gone.', atMs: 0 } });
    const started = typed.type('start', '-f', typed.file());
    // A controller takes the next run on as soon as it is there.
    const stop = typed.cluster.onChange((reference, object) => {
      const spec = object?.spec as { readonly run?: number } | undefined;
      if (reference.plural !== modelRolloutKind.plural || spec?.run !== 2) return;
      stop();
      typed.report({ phase: { kind: 'promoted', atMs: 0 } });
    });
    const { status, err } = await started;
    assert.equal(status, 0, err);
    assert.match(err, /is handed to the controller as run 2/);
  });

  it('ends at once where a controller finds the spec invalid', async () => {
    const stop = typed.cluster.onChange((_, object) => {
      if (object === undefined) return;
      stop();
      typed.refuse({ reason: 'InvalidSpec', errors: [{ path: 'spec.stages', message: 'expected more' }] });
    });
    const { status, err } = await typed.type('start', '-f', typed.file());
    assert.equal(status, 3);
    assert.match(err, /InvalidSpec: The spec is not valid, nothing is driven: spec\.stages: expected more/);
  });
});

describe('rollout start --foreground', () => {
  let typed: ClusterCommands;
  let stateFile: string;

  beforeEach(async () => {
    typed = await ClusterCommands.open();
    stateFile = join(typed.server.folder, 'state.json');
  });
  afterEach(() => typed.close());

  /** Nobody is at a terminal: a pause that the file asks for ends it. */
  function begin(...words: readonly string[]) {
    const file = typed.file({ commands: [{ id: '1', kind: 'pause', by: 'ada' }] });
    return typed.type('start', '--foreground', '-f', file, '--state', stateFile, ...words);
  }

  function saved() {
    return JSON.parse(readFileSync(stateFile, 'utf8')) as {
      readonly id: string;
      readonly state: { readonly phase: { readonly kind: string } };
    };
  }

  it('says where it left the canary, and goes on from there as the same run', async () => {
    const paused = await begin();
    assert.equal(paused.status, 2, paused.err);
    assert.match(
      paused.err,
      /The canary is left with 0 % of the traffic, and nobody watches it any more: go on with --state /,
    );
    const { id } = saved();
    const aborted = await begin('--first', 'abort');
    assert.equal(aborted.status, 3, aborted.err);
    assert.equal(saved().state.phase.kind, 'failed');
    assert.equal(saved().id, id);
    assert.deepEqual(typed.patches(), []);
  });

  it('lets nobody begin with the state of another rollout, and leaves that as it is', async () => {
    await begin();
    const before = readFileSync(stateFile, 'utf8');
    const other = typed.server.write('other.yaml', JSON.stringify(typed.written({}, { name: 'churn' })));
    const { status, err } = await typed.type('start', '--foreground', '-f', other, '--state', stateFile);
    assert.equal(status, 3);
    assert.match(
      err,
      /expected the state of "churn" in namespace "ml" on kserve fraud-detector, got that of "fraud"/,
    );
    assert.equal(readFileSync(stateFile, 'utf8'), before);
  });

  it('does not begin another one over a state whose rollout has ended', async () => {
    await begin();
    await begin('--first', 'abort');
    const { status, err } = await begin();
    assert.equal(status, 3);
    assert.match(err, /has ended: remove the file/);
  });

  it('tells the alerts of one run from those of another, and not those of one that goes on', async () => {
    const told: string[] = [];
    const hook = createServer((request, response) => {
      void json(request).then((body) => {
        told.push((body as { readonly rollout: { readonly uid: string } }).rollout.uid);
        response.end();
      });
    }).listen(0, '127.0.0.1');
    await once(hook, 'listening');
    const { port } = hook.address() as AddressInfo;
    const receiver = {
      name: 'hook',
      kind: 'webhook',
      url: `http://127.0.0.1:${port}/`,
      minimumSeverity: 'info',
    };
    const config = typed.server.write('config.yaml', JSON.stringify({ alerts: { receivers: [receiver] } }));
    const runs: string[][] = [];
    try {
      for (const words of [[], ['--first', 'abort']]) {
        await begin('--config', config, ...words);
        runs.push(told.splice(0));
      }
      rmSync(stateFile);
      await begin('--config', config);
      runs.push(told.splice(0));
    } finally {
      hook.close();
    }
    const [first = [], again = [], other = []] = runs.map((uids) => [...new Set(uids)]);
    assert.equal(first.length, 1);
    assert.deepEqual(again, first);
    assert.equal(other.length, 1);
    assert.notDeepEqual(other, first);
  });
});
