import assert from 'node:assert/strict';
import type { ServerOptions } from 'node:https';
import { healthy } from './support/answers.js';
import { authority, identity, type Identity } from './support/certificates.js';
import { clientOf, reasonOf } from './support/client.js';
import { answering, FakeServer } from './support/fake-server.js';
import { SecretFolder } from './support/secret-folder.js';

describe('a Prometheus server over https', () => {
  const folder = new SecretFolder();
  const running: FakeServer[] = [];
  let ours: Identity;
  let theirs: Identity;
  let loopback: Identity;
  let caFile = '';

  before(async () => {
    [ours, theirs] = await Promise.all([authority('ours'), authority('theirs')]);
    loopback = await identity({ signedBy: ours, ip: '127.0.0.1' });
    caFile = folder.write('ca.pem', ours.cert);
  });

  afterEach(async () => {
    await Promise.all(running.splice(0).map((fake) => fake.stop()));
  });

  async function serve(shown: Identity, more: ServerOptions = {}): Promise<FakeServer> {
    const fake = await FakeServer.start(answering(healthy), { ...shown, ...more });
    running.push(fake);
    return fake;
  }

  it('is believed by a certificate of the authority in tls.caFile', async () => {
    const fake = await serve(loopback);
    const { ask, server } = clientOf(fake.url(), { tls: { caFile } });
    assert.equal((await ask()).kind, 'series');
    assert.equal((await ask()).kind, 'series');
    assert.equal(new Set(fake.requests.map(({ connection }) => connection)).size, 1);
    server.close();
  });

  it('is believed by a certificate for tls.serverName', async () => {
    const fake = await serve(await identity({ signedBy: ours, dns: 'prometheus.monitoring' }));
    const { ask, server } = clientOf(fake.url(), { tls: { caFile, serverName: 'prometheus.monitoring' } });
    assert.equal((await ask()).kind, 'series');
    server.close();
  });

  for (const [what, shown, reason] of [
    [
      'has expired',
      () => identity({ signedBy: ours, ip: '127.0.0.1', isExpired: true }),
      /a certificate that has expired$/,
    ],
    [
      'is for another host',
      () => identity({ signedBy: ours, dns: 'other.example.com' }),
      /a certificate that is not for 127\.0\.0\.1:\d+: check url, or set tls\.serverName/,
    ],
    [
      'is of an unknown authority',
      () => identity({ signedBy: theirs, ip: '127.0.0.1' }),
      /a certificate of an authority that is not trusted: set tls\.caFile/,
    ],
    [
      'it signed itself',
      () => identity({ ip: '127.0.0.1' }),
      /a certificate of an authority that is not trusted/,
    ],
  ] as const) {
    it(`is not asked where its certificate ${what}`, async () => {
      const fake = await serve(await shown());
      const { ask, outcomes } = clientOf(fake.url(), { tls: { caFile } });
      assert.match(reasonOf(await ask()), reason);
      assert.deepEqual([outcomes, fake.requests.length], [['unreachable'], 0]);
    });
  }

  it('is not asked by the authorities of the system where the certificate is another’s', async () => {
    const fake = await serve(loopback);
    assert.match(reasonOf(await clientOf(fake.url()).ask()), /not trusted/);
  });

  it('that speaks plain HTTP: says so', async () => {
    const fake = await FakeServer.start(answering(healthy));
    running.push(fake);
    const reason = reasonOf(await clientOf(fake.url().replace('http:', 'https:')).ask());
    assert.match(reason, /cannot be spoken to in TLS at .*: check whether url has to begin with http,/);
  });

  it('that is asked over plain HTTP: says so', async () => {
    const fake = await serve(loopback);
    reasonOf(await clientOf(fake.url().replace('https:', 'http:')).ask());
    assert.equal(fake.requests.length, 0);
  });

  describe('that wants a client certificate', () => {
    let fake: FakeServer;

    beforeEach(async () => {
      fake = await serve(loopback, { ca: ours.cert, requestCert: true, rejectUnauthorized: true });
    });

    async function client(signedBy: Identity) {
      const own = await identity({ signedBy, dns: 'ml-verdict' });
      const tls = {
        caFile,
        certFile: folder.write('client.pem', own.cert),
        keyFile: folder.write('client.key', own.key),
      };
      return clientOf(fake.url(), { tls }, { fileAgeMs: 0 });
    }

    it('gets it', async () => {
      const { ask, server } = await client(ours);
      assert.equal((await ask()).kind, 'series');
      server.close();
    });

    it('gets none, or one that it does not trust: is not asked', async () => {
      reasonOf(await clientOf(fake.url(), { tls: { caFile } }).ask());
      reasonOf(await (await client(theirs)).ask());
      assert.equal(fake.requests.length, 0);
    });

    it('gets a new one as soon as the files hold it, over new connections, and the old ones end', async () => {
      const { ask, server } = await client(ours);
      await Promise.all([ask(), ask()]);
      const before = new Set(fake.requests.map(({ connection }) => connection));
      const renewed = await identity({ signedBy: ours, dns: 'ml-verdict' });
      folder.write('client.pem', renewed.cert);
      assert.match(
        reasonOf(await ask()),
        /tls\.keyFile \S+client\.key is not the private key of tls\.certFile/,
      );
      folder.write('client.key', renewed.key);
      assert.equal((await ask()).kind, 'series');
      assert.ok(!before.has(fake.requests.at(-1)?.connection ?? 0));
      server.close();
    });

    it('gets one of an authority that it learns to trust later: is asked then, without a restart', async () => {
      const { ask, server } = await client(theirs);
      reasonOf(await ask());
      const own = await identity({ signedBy: ours, dns: 'ml-verdict' });
      folder.write('client.pem', own.cert);
      folder.write('client.key', own.key);
      assert.equal((await ask()).kind, 'series');
      server.close();
    });
  });

  for (const [what, write, reason] of [
    [
      'is missing',
      () => folder.at('missing.pem'),
      /tls\.caFile \S+missing\.pem cannot be read: there is no such file$/,
    ],
    ['is a folder', () => folder.at('.'), /tls\.caFile \S+ cannot be read: it is a folder$/],
    [
      'is no certificate',
      () => folder.write('bad.pem', 's3cr3t'),
      /tls\.caFile \S+bad\.pem is no certificate in PEM$/,
    ],
    ['is far too large', () => folder.write('large.pem', 'x'.repeat(2_000_000)), /large\.pem is too large/],
  ] as const) {
    it(`is not asked where the file of authorities ${what}, and does not open its breaker`, async () => {
      const fake = await serve(loopback);
      const { ask, outcomes, breaker } = clientOf(fake.url(), { tls: { caFile: write() } });
      for (let times = 0; times < 6; times++) assert.match(reasonOf(await ask()), reason);
      assert.deepEqual([outcomes[0], breaker], ['denied', []]);
    });
  }
});
