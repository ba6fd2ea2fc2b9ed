import type { PrometheusServer } from '../../sources/index.js';
import { error, ok, type CheckResult } from './finding.js';

/** Whether a server answers queries with the credentials that it is asked with, and what it says it is. */
export async function checkServer(
  server: PrometheusServer,
  nowMs: number,
  signal: AbortSignal,
): Promise<CheckResult> {
  const [answer, build] = await Promise.all([
    server.query({ kind: 'instant', expression: 'vector(1)', atMs: nowMs }, signal),
    server.buildInfo(signal),
  ]);
  if (answer.kind !== 'series') {
    return error(
      'server',
      answer.reason,
      `look at prometheus.servers.${server.name}: without it every verdict of its models holds`,
    );
  }
  return ok('server', `answers queries in ${Math.ceil(answer.elapsedMs)} ms${buildText(build)}`);
}

/** What a server says of itself. Not all of them do, and nothing depends on it. */
function buildText(build: Awaited<ReturnType<PrometheusServer['buildInfo']>>): string {
  if (build.kind !== 'build' || build.version === undefined) return '';
  return `; it says it is ${build.application ?? 'version'} ${build.version}`;
}
