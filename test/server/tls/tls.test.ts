import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { get } from 'node:https';
import type { IncomingMessage } from 'node:http';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect as connectTls, type TLSSocket } from 'node:tls';
import { generate } from 'selfsigned';
import { readCertificate } from '../../../src/server/tls/read-certificate.js';
import { TestService } from '../support/test-service.js';

async function certificate(): Promise<{ readonly cert: string; readonly key: string }> {
  const made = await generate([{ name: 'commonName', value: 'localhost' }], {
    keyType: 'ec',
    extensions: [{ name: 'subjectAltName', altNames: [{ type: 7, ip: '127.0.0.1' }] }],
  });
  return { cert: made.cert, key: made.private };
}

describe('TLS', () => {
  let folder = '';
  const at = (name: string): string => join(folder, name);

  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'ml-verdict-tls-'));
  });

  after(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  async function write(): Promise<string> {
    const { cert, key } = await certificate();
    writeFileSync(at('tls.crt'), cert);
    writeFileSync(at('tls.key'), key);
    return cert;
  }

  function start(): Promise<TestService> {
    return TestService.start({
      config: { server: { tls: { certificateFile: at('tls.crt'), keyFile: at('tls.key') } } },
    });
  }

  async function statusOver(service: TestService, ca: string): Promise<number | undefined> {
    const request = get(`${service.url}/healthz`, { ca, agent: false });
    const [answer] = (await once(request, 'response')) as [IncomingMessage];
    answer.resume();
    await once(answer, 'end');
    return answer.statusCode;
  }

  it('answers over HTTPS and shows a renewed certificate after a reload, while old connections go on', async () => {
    const first = await write();
    const service = await start();
    assert.equal(service.server.protocol, 'https');
    assert.equal(await statusOver(service, first), 200);
    const old = connectTls({ port: service.port, host: '127.0.0.1', ca: first });
    await once(old, 'secureConnect');

    const second = await write();
    assert.equal(await service.server.reload(), true);
    assert.equal(await statusOver(service, second), 200);
    await assert.rejects(statusOver(service, first), /self-signed|unable to verify/);
    const answered = textOf(old);
    old.write('GET /metrics HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n');
    const metrics = await answered;
    const expires = Date.parse(new X509Certificate(second).validTo) / 1000;
    assert.match(
      metrics,
      new RegExp(`^ml_verdict_tls_certificate_expiry_timestamp_seconds ${expires}$`, 'm'),
    );
    await service.close();
  });

  it('keeps the certificate before where the new files do not belong together', async () => {
    const first = await write();
    const service = await start();
    writeFileSync(at('tls.key'), (await certificate()).key);
    assert.equal(await service.server.reload(), false);
    assert.equal(await statusOver(service, first), 200);
    assert.ok(!service.logged.some((line) => line.includes('PRIVATE KEY')));
    await service.close();
  });

  it('refuses files that are wrong by their name, never by their content', async () => {
    await write();
    writeFileSync(at('text'), 'secret-text');
    const problemOf = (certificateFile: string, keyFile: string): string => {
      const read = readCertificate({ certificateFile, keyFile });
      return read.ok ? '' : read.errors.map(({ path, message }) => `${path}: ${message}`).join('; ');
    };
    assert.equal(problemOf(at('tls.crt'), at('tls.key')), '');
    assert.match(
      problemOf(at('nowhere'), at('tls.key')),
      /^server\.tls\.certificateFile: .+nowhere: .+ENOENT$/,
    );
    assert.match(
      problemOf(at('text'), at('tls.key')),
      /^server\.tls\.certificateFile: .+: expected a certificate in PEM$/,
    );
    const wrongKey = problemOf(at('tls.crt'), at('text'));
    assert.match(wrongKey, /^server\.tls\.keyFile: .+: expected the private key of the certificate in PEM/);
    assert.ok(!wrongKey.includes('secret-text'));
  });

  it('does not wait for a connection that never says a word, neither while it runs nor when it stops', async () => {
    await write();
    const service = await TestService.start({
      config: {
        server: {
          tls: { certificateFile: at('tls.crt'), keyFile: at('tls.key') },
          headersTimeout: '1s',
          stopGrace: '100ms',
        },
      },
    });
    const silent = async () => {
      const socket = connect(service.port, '127.0.0.1');
      socket.on('error', () => undefined).resume();
      await once(socket, 'connect');
      return socket;
    };
    await once(await silent(), 'close');
    await silent();
    await service.stop();
    await service.close();
  });

  it('does not speak plain HTTP on the same port, nor TLS 1.1', async () => {
    const first = await write();
    const service = await start();
    await assert.rejects(fetch(`http://127.0.0.1:${service.port}/healthz`));
    const socket = connectTls({
      port: service.port,
      host: '127.0.0.1',
      ca: first,
      maxVersion: 'TLSv1.1',
      minVersion: 'TLSv1',
    });
    await assert.rejects(once(socket, 'secureConnect'));
    await service.close();
  });
});

async function textOf(socket: TLSSocket): Promise<string> {
  let text = '';
  for await (const piece of socket) text += String(piece);
  return text;
}
