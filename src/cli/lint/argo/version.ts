/** A release of Argo Rollouts. */
export type ArgoVersion = readonly [major: number, minor: number, patch: number];

/** Reads `1.7`, `1.8.2` or `v1.8.2-rc1`; undefined for anything else. */
export function parseArgoVersion(text: string): ArgoVersion | undefined {
  const match = /^v?(\d{1,4})\.(\d{1,4})(?:\.(\d{1,4}))?(?:[-+].*)?$/.exec(text.trim());
  return match === null ? undefined : [Number(match[1]), Number(match[2]), Number(match[3] ?? 0)];
}

export function isOlder(version: ArgoVersion, than: ArgoVersion): boolean {
  const differing = version.findIndex((part, index) => part !== than[index]);
  return differing >= 0 && (version[differing] ?? 0) < (than[differing] ?? 0);
}

export function formatArgoVersion(version: ArgoVersion): string {
  return `v${version.join('.')}`;
}
