import type { ReasonCode } from '../../../../src/domain/verdict.js';
import { pass, type Fault, type MisbehavingProxy } from './misbehaving-proxy.js';

/** What every fault writes where nobody may repeat it. */
export const innerSecret = 'inner-s3cr3t';

/** Something that goes wrong on the way to a server, and is put right again. */
export interface FaultCase {
  /** Also the name of the server in the config. */
  readonly name: string;
  readonly what: string;
  readonly begin: (proxy: MisbehavingProxy) => void | Promise<void>;
  readonly end: (proxy: MisbehavingProxy) => void | Promise<void>;
  readonly code: ReasonCode;
  /** What the verdict says of it. */
  readonly reason: RegExp;
  /** What differs in the settings of the server. */
  readonly settings?: Readonly<Record<string, unknown>>;
  /** Nothing is answered for a while: others have to be answered meanwhile. */
  readonly isSlow?: boolean;
}

function answering(
  name: string,
  what: string,
  fault: Fault,
  reason: RegExp,
  more: Partial<FaultCase> = {},
): FaultCase {
  return {
    name,
    what,
    begin: (proxy) => {
      proxy.fault = fault;
    },
    end: (proxy) => {
      proxy.fault = undefined;
    },
    code: 'source-unavailable',
    reason,
    ...more,
  };
}

function withStatus(status: number, body: string, headers: Readonly<Record<string, string>> = {}): Fault {
  return (response) => {
    response.writeHead(status, { 'content-type': 'text/plain', ...headers }).end(body);
  };
}

const loginPage = `<!DOCTYPE html><html><title>Sign in</title><!-- ${innerSecret} --></html>`;

/** The answer of the real server, altered. */
function altered(change: (body: string) => string): Fault {
  return async (response, forward) => {
    const answer = await forward();
    pass(response, answer, change(answer.text));
  };
}

export const faultCases: readonly FaultCase[] = [
  {
    name: 'down',
    what: 'is down',
    begin: (proxy) => proxy.stop(),
    end: (proxy) => proxy.comeBack(),
    code: 'source-unavailable',
    reason: /(refuses connections at 127\.0\.0\.1:\d+: check that it runs|broke off)/,
  },
  answering('slow', 'does not answer', () => undefined, /had not answered after \d+ ms \(its timeout\)/, {
    isSlow: true,
  }),
  answering(
    'slower-than-the-deadline',
    'may take longer than a verdict',
    () => undefined,
    /could not be read and judged within 3 s|had not answered after \d+ ms/,
    { settings: { timeout: '60s' }, isSlow: true },
  ),
  answering(
    'dripping',
    'answers a byte at a time',
    (response) => {
      response.writeHead(200, { 'content-type': 'application/json' });
      response.write('{"status":"success"');
      const timer = setInterval(() => response.write(' '), 50);
      response.on('close', () => {
        clearInterval(timer);
      });
    },
    /had only begun to answer after \d+ ms \(its timeout\)/,
    { isSlow: true },
  ),
  answering('broken-inside', 'answers 500', withStatus(500, `panic: ${innerSecret}`), /fails \(500\)/),
  answering(
    'busy',
    'answers 429',
    withStatus(429, innerSecret, { 'retry-after': '30' }),
    /takes no more queries now \(429\)/,
  ),
  answering(
    'cut-short',
    'cuts its JSON short',
    altered((body) => body.slice(0, Math.floor(body.length * 0.7))),
    /answers JSON that is cut short/,
  ),
  answering(
    'login-page',
    'is hidden behind a login page',
    (response) => {
      response.writeHead(200, { 'content-type': 'text/html' }).end(loginPage);
    },
    /answers HTML in place of JSON: a proxy or a login page stands before it/,
  ),
  answering(
    'moved',
    'is hidden behind a redirect',
    withStatus(302, loginPage, { location: `https://login.example.com/?token=${innerSecret}` }),
    /redirects to another address \(302\)/,
  ),
  answering(
    'no-numbers',
    'has NaN in all samples',
    altered((body) => body.replaceAll(/(\[\d+(?:\.\d+)?,)"[^"]*"/g, '$1"NaN"')),
    /has a counter that shows no numbers \(NaN\)/,
    { code: 'partial-data' },
  ),
  answering(
    'warning',
    'says itself that something is missing, as Thanos does',
    altered((body) =>
      body.replace('"status":"success"', '"status":"success","warnings":["store 10.0.0.7 did not answer"]'),
    ),
    /answers only in part: store 10\.0\.0\.7 did not answer/,
    { code: 'partial-data' },
  ),
  answering(
    'part-of-storage',
    'says itself that something is missing, as VictoriaMetrics does',
    altered((body) => body.replace('"status":"success"', '"status":"success","isPartial":true')),
    /answers only in part: a part of its storage did not answer/,
    { code: 'partial-data' },
  ),
  answering(
    'reset',
    'resets the connection in the middle of its answer',
    async (response, forward) => {
      const { text } = await forward();
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': String(text.length) });
      response.write(text.slice(0, Math.floor(text.length / 2)), () => response.socket?.resetAndDestroy());
    },
    /broke off (in the middle of its answer|the connection)/,
  ),
];
