import assert from 'node:assert/strict';
import { TestService } from '../support/test-service.js';

describe('limits.ingestMemory', () => {
  let service: TestService;

  afterEach(() => service.close());

  it('is in force as soon as it is reloaded', async () => {
    service = await TestService.start({ config: { limits: { ingestMemory: '64KiB' } } });
    const lines = Array.from({ length: 200 }, (_, minute) =>
      JSON.stringify({
        model: 'm',
        version: 'c',
        at: new Date(service.clock.nowMs - minute * 60_000).toISOString(),
      }),
    ).join('\n');
    assert.equal((await service.post('/v1/predictions', lines)).status, 413);
    service.writeConfig({ limits: { ingestMemory: '1MiB' } });
    assert.equal(await service.server.reload(), true);
    assert.equal((await service.post('/v1/predictions', lines)).status, 200);
  });
});
