import { illness, refusal, type Failure } from '../failure.js';
import type { Deadline } from './deadline.js';

/** What is known of a connection that failed. */
export interface BrokenConnection {
  readonly url: URL;
  /** It had served another request before, and the server may have closed it meanwhile. */
  readonly isStale: boolean;
  /** An answer had begun. */
  readonly hasBegun: boolean;
}

const byCode: Readonly<Record<string, (host: string) => string>> = {
  ECONNREFUSED: (host) => `refuses connections at ${host}: check that it runs, and url`,
  ENOTFOUND: (host) => `cannot be found: nobody knows the host of ${host}; check url`,
  EAI_AGAIN: (host) => `cannot be found: the host of ${host} cannot be looked up now`,
  EHOSTUNREACH: (host) => `cannot be reached at ${host}: there is no way to its host`,
  ENETUNREACH: (host) => `cannot be reached at ${host}: there is no way to its network`,
  ETIMEDOUT: (host) => `cannot be reached at ${host}: connecting took too long`,
  CERT_HAS_EXPIRED: () => 'shows a certificate that has expired',
  CERT_NOT_YET_VALID: () => 'shows a certificate that is not valid yet: check the clocks',
  CERT_REVOKED: () => 'shows a certificate that was withdrawn',
  ERR_TLS_CERT_ALTNAME_INVALID: (host) =>
    `shows a certificate that is not for ${host}: check url, or set tls.serverName to the name it is for`,
  EPROTO: (host) =>
    `cannot be spoken to in TLS at ${host}: check whether url has to begin with http, and tls.certFile`,
};

const unknownAuthority: ReadonlySet<string> = new Set([
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
]);

/** The ways in which a connection is broken off by the other side. */
const brokenOff: ReadonlySet<string> = new Set(['ECONNRESET', 'EPIPE']);

/** Why a request has no answer, in words that hold nothing of what was sent or received. */
export function describeNetworkError(error: Error, connection: BrokenConnection): Failure {
  const code = 'code' in error ? String(error.code) : '';
  const { host } = connection.url;
  const known = byCode[code];
  if (known !== undefined) return illness('unreachable', known(host));
  if (unknownAuthority.has(code)) {
    return illness(
      'unreachable',
      'shows a certificate of an authority that is not trusted: set tls.caFile to the one that signed it',
    );
  }
  if (code.startsWith('ERR_SSL_') && /CERTIFICATE|UNKNOWN_CA/.test(code)) {
    return illness('unreachable', `refuses the client certificate (${code}): check tls.certFile`);
  }
  if (code.startsWith('HPE_')) {
    return illness('failed', `does not speak HTTP at ${host} (${code}): check url, and whether it is https`);
  }
  if (brokenOff.has(code)) {
    if (connection.hasBegun) return illness('failed', 'broke off in the middle of its answer');
    const failure = illness('unreachable', `broke off the connection at ${host} without an answer`);
    // A kept connection that the server closed while it was idle: that says nothing of the server.
    return connection.isStale ? { ...failure, again: { kind: 'later', afterMs: 0 } } : failure;
  }
  const told = /^[A-Z][A-Z0-9_]{1,60}$/.test(code) ? ` (${code})` : '';
  return illness('unreachable', `cannot be reached at ${host}${told}`);
}

/** Why an answer was not waited for any longer. */
export function describeEnd(deadline: Deadline, elapsedMs: number, bytes: number): Failure {
  const waited = `${Math.round(elapsedMs)} ms`;
  const had = bytes > 0 ? 'had only begun to answer' : 'had not answered';
  return deadline.end === 'timeout'
    ? illness('timeout', `${had} after ${waited} (its timeout)`)
    : refusal('aborted', `${had} after ${waited}, when the deadline of its caller ended the wait`);
}
