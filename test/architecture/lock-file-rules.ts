import semver from 'semver';

/** One entry of `packages` in package-lock.json. */
export interface LockedPackage {
  readonly version?: string;
  readonly resolved?: string;
  readonly integrity?: string;
  readonly license?: string;
  readonly dev?: boolean;
  readonly link?: boolean;
  readonly engines?: Readonly<Record<string, string>> | readonly string[];
}

export type LockedPackages = Readonly<Record<string, LockedPackage>>;

/** The oldest Node that the project runs on. */
export const oldestNode = '20.19.0';

/** Licences under which a package may be distributed together with an Apache-2.0 work. */
const licences: readonly string[] = [
  '0BSD',
  'Apache-2.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'BSL-1.0',
  'BlueOak-1.0.0',
  'CC0-1.0',
  'ISC',
  'MIT',
  'Python-2.0',
  'Unlicense',
];

const installed = (packages: LockedPackages) =>
  Object.entries(packages).filter(([path]) => path.startsWith('node_modules/'));
const runtime = (packages: LockedPackages) => installed(packages).filter(([, entry]) => entry.dev !== true);

/** Runtime packages that do not run on the oldest Node, by what they say themselves. */
export function engineViolations(packages: LockedPackages): readonly string[] {
  return runtime(packages).flatMap(([path, { engines }]) => {
    const node = engines !== undefined && 'node' in engines ? engines['node'] : undefined;
    return node === undefined || semver.satisfies(oldestNode, node) ? [] : [`${path} needs node ${node}`];
  });
}

/** Runtime packages without a licence, or with one that is not on the list. */
export function licenceViolations(packages: LockedPackages): readonly string[] {
  return runtime(packages).flatMap(([path, { license }]) =>
    license !== undefined && isAllowed(license) ? [] : [`${path} has the licence ${license ?? '(none)'}`],
  );
}

/** An SPDX expression: every part of an AND, one part of an OR. */
function isAllowed(expression: string): boolean {
  const text = expression.trim().replace(/^\((.*)\)$/, '$1');
  if (text.includes(' OR ')) return text.split(' OR ').some(isAllowed);
  if (text.includes(' AND ')) return text.split(' AND ').every(isAllowed);
  return licences.includes(text);
}

/** Entries that do not say exactly what is installed, or that name a host to take it from. */
export function pinViolations(packages: LockedPackages): readonly string[] {
  return installed(packages).flatMap(([path, entry]) => [
    ...(entry.version !== undefined && semver.valid(entry.version) === entry.version
      ? []
      : [`${path} has no exact version`]),
    ...(entry.integrity === undefined ? [`${path} has no checksum`] : []),
    ...(entry.resolved === undefined ? [] : [`${path} names where it came from: ${entry.resolved}`]),
    ...(entry.link === true ? [`${path} is a link`] : []),
  ]);
}

/** Dependencies of package.json that are not one exact version. */
export function rangeViolations(dependencies: Readonly<Record<string, string>>): readonly string[] {
  return Object.entries(dependencies)
    .filter(([, version]) => semver.valid(version) !== version)
    .map(([name, version]) => `${name} is ${version}`);
}
