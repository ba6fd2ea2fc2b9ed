import { readFileSync } from 'node:fs';

/** What is running: for `/metrics`, the log and the command line. */
export interface BuildInfo {
  readonly name: string;
  readonly version: string;
}

/** Reads name and version of the package that this file belongs to. */
export function readBuildInfo(): BuildInfo {
  const manifest = JSON.parse(
    readFileSync(new URL('../../package.json', import.meta.url), 'utf8'),
  ) as BuildInfo;
  return { name: manifest.name, version: manifest.version };
}
