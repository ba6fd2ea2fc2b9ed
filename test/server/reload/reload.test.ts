import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { TestService } from '../support/test-service.js';
import { predictionLines } from '../support/traffic.js';

describe('a reload of the config', () => {
  let service: TestService;

  afterEach(() => service.close());

  async function metric(name: string): Promise<number> {
    return service.metric(`ml_verdict_config_${name}`);
  }

  it('puts another policy in force without a restart', async () => {
    service = await TestService.start();
    await service.ingest(
      'predictions',
      predictionLines({ version: 'c', minutes: 5, perMinute: 20, model: 'm' }),
    );
    const question = { model: 'm', canary: 'c', policy: 'strict' };
    assert.equal((await service.ask(question)).reasons[0]?.code, 'unknown-policy');
    service.writeConfig({
      policies: {
        strict: {
          guardrails: [{ name: 'errors', kind: 'error-rate', promoteBelow: '0.1%', rollbackAbove: '1%' }],
        },
      },
    });
    assert.equal(await service.server.reload(), true);
    const document = await service.ask(question);
    assert.deepEqual(
      document.guardrails.map(({ name }) => name),
      ['errors'],
    );
    assert.equal(await service.metric('ml_verdict_config_reloads_total', { result: 'applied' }), 1);
    assert.equal(await metric('last_reload_successful'), 1);
    assert.equal(service.logLines('reloaded the config').length, 1);
  });

  it('does not answer from what was remembered under the config before', async () => {
    service = await TestService.start({ config: { models: { m: { policy: 'default' } } } });
    await service.ingest(
      'predictions',
      predictionLines({ version: 'c', minutes: 5, perMinute: 20, model: 'm' }),
    );
    const question = { model: 'm', canary: 'c' };
    assert.equal((await service.ask(question)).policy, 'default');
    service.writeConfig({ models: { m: { policy: 'progressive' } } });
    await service.server.reload();
    assert.equal((await service.ask(question)).policy, 'progressive');
  });

  it('keeps the config before where the new one is wrong, and says so in the log and in the metrics', async () => {
    service = await TestService.start({
      config: {
        policies: {
          mine: {
            guardrails: [{ name: 'errors', kind: 'error-rate', promoteBelow: '0.1%', rollbackAbove: '1%' }],
          },
        },
      },
    });
    const inForceSince = await metric('last_reload_success_timestamp_seconds');
    for (const wrong of [
      'policies: [',
      'servr: {}\n',
      'server: { tls: { certificateFile: nowhere, keyFile: nowhere } }\n',
    ]) {
      service.writeConfig(wrong);
      service.clock.nowMs += 60_000;
      assert.equal(await service.server.reload(), false, wrong);
    }
    assert.equal(
      (await service.ask({ model: 'm', canary: 'c', policy: 'mine' })).reasons[0]?.code,
      'unknown-model',
    );
    assert.equal(await service.metric('ml_verdict_config_reloads_total', { result: 'refused' }), 3);
    assert.equal(await metric('last_reload_successful'), 0);
    assert.equal(await metric('last_reload_success_timestamp_seconds'), inForceSince);
    const lines = service.logLines('the config was not reloaded: it is wrong, the one before stays in force');
    assert.match(JSON.stringify(lines[1]), /servr: unknown field; did you mean .+server/);

    service.writeConfig({});
    assert.equal(await service.server.reload(), true);
    assert.equal(await metric('last_reload_successful'), 1);
  });

  it('keeps the config before where the file was emptied or is gone, and takes {} for all defaults', async () => {
    service = await TestService.start({ config: { models: { m: { policy: 'progressive' } } } });
    for (const mishap of ['', '# nothing left\n', '---\n', 'models:\n  # m:\nserver:\n', undefined]) {
      if (mishap === undefined) service.removeConfig();
      else service.writeConfig(mishap);
      assert.equal(await service.server.reload(), false, mishap);
    }
    const lines = service.logLines('the config was not reloaded: it is wrong, the one before stays in force');
    assert.match(JSON.stringify(lines[0]), /the config file holds nothing; for all defaults write \{\}/);
    assert.match(JSON.stringify(lines[4]), /the config file cannot be read: there is no such file/);
    assert.equal((await service.ask({ model: 'm', canary: 'c' })).policy, 'progressive');
    service.writeConfig('{}');
    assert.equal(await service.server.reload(), true);
    assert.equal((await service.ask({ model: 'm', canary: 'c' })).policy, 'default');
  });

  it('follows a change of the file by itself', async () => {
    service = await TestService.start({ config: { server: { reloadInterval: '10ms' } } });
    service.writeConfig({ server: { reloadInterval: '10ms' }, models: { listed: { policy: 'default' } } });
    while ((await metric('reloads_total')) === 0) await wait(5);
    assert.deepEqual(
      service.logLines('reloaded the config').map(({ why }) => why),
      ['its files changed'],
    );
  });

  it('takes a config that was refused for a file that was not there, once it is', async () => {
    service = await TestService.start({ config: { server: { reloadInterval: '10ms' } } });
    const file = join(service.dataDirectory, 'token');
    service.writeConfig({
      server: { reloadInterval: '10ms' },
      access: { tokens: [{ name: 'ci', files: [file], scopes: ['read'] }] },
    });
    const refused = () => service.metric('ml_verdict_config_reloads_total', { result: 'refused' });
    while ((await refused()) === 0) await wait(5);
    assert.equal((await service.request('/v1/verdicts')).status, 200);
    writeFileSync(file, 'a-token-of-32-characters-for-a-test');
    while ((await service.request('/v1/verdicts')).status !== 401) await wait(5);
  });

  it('switches the level of the log', async () => {
    service = await TestService.start();
    await service.request('/healthz');
    assert.equal(service.logLines('request').length, 1);
    service.writeConfig({ logging: { level: 'warn' } });
    await service.server.reload();
    await service.request('/v1/observations');
    assert.equal(service.logLines('request').length, 1);
  });

  it('changes how the ledger counts looks, and what a body may hold', async () => {
    service = await TestService.start();
    await service.ingest(
      'predictions',
      predictionLines({ version: 'c', minutes: 5, perMinute: 20, model: 'm' }),
    );
    assert.equal((await service.ask({ model: 'm', canary: 'c' })).looks, 5);
    service.writeConfig({ looks: { settle: '5m' }, ingest: { linesLimit: 1 } });
    await service.server.reload();
    assert.equal((await service.ask({ model: 'm', canary: 'c' })).looks, 0);
    assert.equal((await service.post('/v1/predictions', '{}\n{}')).status, 413);
  });

  it('tells of settings that only a restart changes', async () => {
    service = await TestService.start();
    service.writeConfig({ server: { keepAliveTimeout: '5s' }, limits: { connections: 10 } });
    assert.equal(await service.server.reload(), true);
    const [line] = service.logLines('settings that only a restart changes were changed');
    assert.deepEqual(line?.['settings'], ['server.keepAliveTimeout', 'limits.connections']);
  });

  it('does not touch requests that are under way', async () => {
    service = await TestService.start();
    const answers = await Promise.all(
      Array.from({ length: 40 }, async (_, index) => {
        if (index % 10 === 0) await service.server.reload();
        return service.request('/v1/verdict?model=m&canary=c');
      }),
    );
    assert.deepEqual(new Set(answers.map(({ status }) => status)), new Set([200]));
  });
});
