import { readFileSync } from 'node:fs';

interface LockedPackage {
  readonly version: string;
  readonly license?: string;
  readonly dev?: boolean;
}

const read = (path: string): unknown =>
  JSON.parse(readFileSync(new URL(`../${path}`, import.meta.url), 'utf8'));

/** What runs beside our own code, with its licences, as Markdown, made from the lock file. */
export function dependencyReference(): string {
  const { dependencies } = read('package.json') as {
    readonly dependencies: Readonly<Record<string, string>>;
  };
  const { packages } = read('package-lock.json') as {
    readonly packages: Readonly<Record<string, LockedPackage>>;
  };
  const runtime = Object.entries(packages)
    .filter(([path, { dev }]) => path !== '' && dev !== true)
    .map(([path, { version, license = 'none' }]) => ({
      name: path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length),
      version,
      license,
      isDirect: Object.hasOwn(dependencies, path.slice('node_modules/'.length)),
    }));
  const licenses = [...new Set(runtime.map(({ license }) => license))].sort();
  return [
    '# Runtime dependencies and their licences',
    '',
    '<!-- Made by `npm run generate` from package-lock.json; do not edit. -->',
    '',
    `${runtime.length} packages come with \`npm ci --omit=dev\`, those for other systems than yours counted in. A test refuses a licence that does not go with Apache-2.0 and a package that does not run on Node.js 20.19.`,
    '',
    '| package | version | licence |',
    '|---|---|---|',
    ...runtime
      .filter(({ isDirect }) => isDirect)
      .map(({ name, version, license }) => `| \`${name}\` | ${version} | ${license} |`)
      .sort(),
    '',
    'What these bring along:',
    ...licenses.flatMap((license) => {
      const names = runtime
        .filter((one) => one.license === license && !one.isDirect)
        .map(({ name, version }) => `${name} ${version}`);
      return names.length === 0
        ? []
        : ['', `**${license}** (${names.length}): ${[...new Set(names)].sort().join(', ')}.`];
    }),
    '',
  ].join('\n');
}
