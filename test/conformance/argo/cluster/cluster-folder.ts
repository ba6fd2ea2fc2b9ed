import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { authority, identity } from '../../../sources/prometheus/server/support/certificates.js';
import type { ApiAccess } from './api-client.js';

/** The files that the processes of a cluster share. */
export interface ClusterFolder {
  readonly path: string;
  readonly access: ApiAccess;
  /** The certificate of the API server, and its key. */
  readonly certFile: string;
  readonly keyFile: string;
  /** Signs the tokens of service accounts. */
  readonly accountKeyFile: string;
  /** Who may ask the API server: one administrator. */
  readonly tokenFile: string;
  readonly kubeconfig: string;
  readonly remove: () => void;
}

/** Makes the files for an API server on a port of the loopback. */
export async function makeClusterFolder(apiPort: number): Promise<ClusterFolder> {
  const path = mkdtempSync(join(tmpdir(), 'ml-verdict-cluster-'));
  const file = (name: string, text: string): string => {
    writeFileSync(join(path, name), text, { mode: 0o600 });
    return join(path, name);
  };
  const signer = await authority('cluster');
  const server = await identity({ signedBy: signer, ip: '127.0.0.1' });
  const token = randomBytes(24).toString('hex');
  const url = `https://127.0.0.1:${apiPort}`;
  const authorityFile = file('ca.crt', signer.cert);
  const accountKey = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;
  return {
    path,
    access: { url, token, authority: signer.cert },
    certFile: file('server.crt', server.cert),
    keyFile: file('server.key', server.key),
    accountKeyFile: file('accounts.key', accountKey.export({ type: 'pkcs1', format: 'pem' }).toString()),
    tokenFile: file('tokens.csv', `${token},tester,tester,"system:masters"\n`),
    kubeconfig: file(
      'kubeconfig',
      stringify({
        apiVersion: 'v1',
        kind: 'Config',
        clusters: [{ name: 'test', cluster: { server: url, 'certificate-authority': authorityFile } }],
        users: [{ name: 'tester', user: { token } }],
        contexts: [{ name: 'test', context: { cluster: 'test', user: 'tester' } }],
        'current-context': 'test',
      }),
    ),
    remove: () => {
      rmSync(path, { recursive: true, force: true });
    },
  };
}
