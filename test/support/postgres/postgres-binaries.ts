import { existsSync, readdirSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/** Where Debian and its relatives put the server; it is not on the PATH there. */
const installed = '/usr/lib/postgresql';

/** The folder with `initdb` and `postgres`: the newest version that is installed, else the one on the PATH. */
export function postgresBinaries(): string {
  const versions = existsSync(installed) ? readdirSync(installed) : [];
  const folders = [
    ...versions.sort((a, b) => Number(b) - Number(a)).map((version) => join(installed, version, 'bin')),
    ...(process.env['PATH'] ?? '').split(delimiter),
  ];
  const found = folders.find((folder) =>
    ['initdb', 'postgres'].every((name) => existsSync(join(folder, name))),
  );
  if (found === undefined)
    throw new Error('PostgreSQL is not installed: neither initdb nor postgres was found');
  return found;
}
