import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { createServer, type RequestListener } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import type { AddressInfo, Server } from 'node:net';
import { fileURLToPath } from 'node:url';
import { generate } from 'selfsigned';

const script = fileURLToPath(new URL('../../scripts/healthcheck.mjs', import.meta.url));

interface Ended {
  readonly status: number;
  readonly stderr: string;
}

function check(port: number): Promise<Ended> {
  return new Promise((resolve) => {
    const env = { ...process.env, ML_VERDICT_PORT: String(port) };
    const child = execFile(process.execPath, [script], { env }, (_error, _stdout, stderr) => {
      resolve({ status: child.exitCode ?? 1, stderr });
    });
  });
}

/** The check of a server that listens on a free port. */
async function checkOf(server: Server): Promise<Ended> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  try {
    return await check((server.address() as AddressInfo).port);
  } finally {
    await new Promise((resolve) => server.close(resolve));
  }
}

function answering(status: number, asked: string[] = []): RequestListener {
  return (request, response) => {
    asked.push(String(request.url));
    response.writeHead(status).end('{}');
  };
}

describe('health check of the image', () => {
  it('is well when /healthz answers 200', async () => {
    const asked: string[] = [];
    assert.deepEqual(await checkOf(createServer(answering(200, asked))), { status: 0, stderr: '' });
    assert.deepEqual(asked, ['/healthz']);
  });

  it('is well over TLS, whoever signed the certificate', async () => {
    const { cert, private: key } = await generate([{ name: 'commonName', value: 'elsewhere.example.com' }], {
      keyType: 'ec',
    });
    const asked: string[] = [];
    assert.equal((await checkOf(createSecureServer({ cert, key }, answering(200, asked)))).status, 0);
    assert.deepEqual(asked, ['/healthz']);
  });

  it('is not well when it answers something else', async () => {
    assert.equal((await checkOf(createServer(answering(503)))).status, 1);
  });

  it('is not well when nobody listens, and says so', async () => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    await new Promise((resolve) => server.close(resolve));
    const { status, stderr } = await check(port);
    assert.equal(status, 1);
    assert.match(stderr, new RegExp(`^/healthz on port ${port}: .*ECONNREFUSED`));
  });
});
