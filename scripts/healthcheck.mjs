// The HEALTHCHECK of the image: ends with 0 when the service in the same container answers /healthz. It asks over TLS
// where plain HTTP finds no HTTP; the certificate is not checked, since the service asks nobody but itself.
import { get as getPlain } from 'node:http';
import { get as getSecure } from 'node:https';

const port = process.env.ML_VERDICT_PORT || '8080';
const timeoutMs = 3000;

function ask(get, scheme) {
  return new Promise((resolve, reject) => {
    const url = `${scheme}://127.0.0.1:${port}/healthz`;
    const request = get(url, { timeout: timeoutMs, rejectUnauthorized: false, agent: false }, (response) => {
      response.resume();
      resolve(response.statusCode === 200);
    });
    request.once('timeout', () => request.destroy(new Error(`no answer within ${timeoutMs} ms`)));
    request.once('error', reject);
  });
}

/** What a TLS server does to a plain request: it cuts the connection, or sends bytes that are not HTTP. */
function isNoHttp(error) {
  return error.code === 'ECONNRESET' || String(error.code).startsWith('HPE_');
}

try {
  const healthy = await ask(getPlain, 'http').catch((error) => {
    if (isNoHttp(error)) return ask(getSecure, 'https');
    throw error;
  });
  process.exitCode = healthy ? 0 : 1;
} catch (error) {
  process.stderr.write(`/healthz on port ${port}: ${error.message}\n`);
  process.exitCode = 1;
}
