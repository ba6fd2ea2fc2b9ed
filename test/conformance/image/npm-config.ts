import { existsSync, readFileSync } from 'node:fs';
import { runTool } from '../tools/run-tool.js';

/** Settings that name places of this machine, which mean nothing inside a build. */
const ofThisMachine = /^\s*(cafile|cache|prefix|globalconfig|userconfig|nodedir)\s*=/;

/**
 * The npm config of this machine as one text that works elsewhere too: which registry, with which credentials, and the
 * certificates it is trusted by, written into it. It is secret, so it goes into a build as a secret.
 */
export function portableNpmConfig(): string {
  const of = (key: string): string => runTool('npm', ['config', 'get', key]).trim();
  const files = ['globalconfig', 'userconfig'].map(of).filter((path) => existsSync(path));
  const lines = files.flatMap((path) => readFileSync(path, 'utf8').split('\n'));
  const authorities = of('cafile');
  const certificates = existsSync(authorities)
    ? (readFileSync(authorities, 'utf8').match(
        /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g,
      ) ?? [])
    : [];
  return [
    ...lines.filter((line) => !ofThisMachine.test(line)),
    `registry=${of('registry')}`,
    ...certificates.map((certificate) => `ca[]=${JSON.stringify(certificate)}`),
    '',
  ].join('\n');
}
