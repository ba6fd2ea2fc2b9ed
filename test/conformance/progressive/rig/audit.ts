import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { z } from 'zod';

const event = z.object({
  verb: z.string(),
  requestURI: z.string(),
  user: z.object({ username: z.string().default('') }),
  userAgent: z.string().default(''),
  responseStatus: z.object({ code: z.number().default(0) }).prefault({}),
  stageTimestamp: z.string(),
  objectRef: z
    .object({
      resource: z.string().default(''),
      subresource: z.string().optional(),
      namespace: z.string().optional(),
      name: z.string().optional(),
    })
    .prefault({}),
  requestObject: z.unknown().optional(),
});

/** What an API server was asked, and by whom. */
export interface AuditedRequest {
  readonly verb: string;
  /** With its query. */
  readonly path: string;
  readonly user: string;
  readonly agent: string;
  readonly status: number;
  /** When it was answered, real time. */
  readonly atMs: number;
  readonly resource: string;
  readonly subresource: string | undefined;
  readonly namespace: string | undefined;
  readonly name: string | undefined;
  /** As it was sent, as JSON. */
  readonly body: string | undefined;
}

/** What traffic is moved on: patches of these are kept with what they say. */
const targets = [
  { group: 'serving.kserve.io', resources: ['inferenceservices'] },
  { group: 'machinelearning.seldon.io', resources: ['seldondeployments'] },
  { group: 'mlops.seldon.io', resources: ['experiments'] },
];

/** The API server's own book of who changed what: every change of a target, and all that ml-verdict asks. */
export class Audit {
  readonly #file: string;
  readonly flags: readonly string[];

  constructor(folder: string) {
    const policy = join(folder, 'audit-policy.yaml');
    writeFileSync(
      policy,
      stringify({
        apiVersion: 'audit.k8s.io/v1',
        kind: 'Policy',
        omitStages: ['RequestReceived'],
        rules: [
          { level: 'Request', verbs: ['patch', 'update'], resources: targets },
          { level: 'Metadata', userGroups: ['system:serviceaccounts'] },
          { level: 'None' },
        ],
      }),
    );
    this.#file = join(folder, 'audit.log');
    writeFileSync(this.#file, '');
    this.flags = [`--audit-policy-file=${policy}`, `--audit-log-path=${this.#file}`];
  }

  /** All that was written so far, oldest first. */
  requests(): readonly AuditedRequest[] {
    const lines = readFileSync(this.#file, 'utf8').split('\n').slice(0, -1);
    return lines.map((line) => {
      const { objectRef, requestObject, ...told } = event.parse(JSON.parse(line));
      return {
        verb: told.verb,
        path: told.requestURI,
        user: told.user.username,
        agent: told.userAgent,
        status: told.responseStatus.code,
        atMs: Date.parse(told.stageTimestamp),
        resource: objectRef.resource,
        subresource: objectRef.subresource,
        namespace: objectRef.namespace,
        name: objectRef.name,
        body: requestObject === undefined ? undefined : JSON.stringify(requestObject),
      };
    });
  }

  /** The changes of targets that ml-verdict asked for in a namespace, oldest first. */
  patchesIn(namespace: string): readonly AuditedRequest[] {
    return this.requests().filter(
      (one) =>
        one.namespace === namespace &&
        one.agent === 'ml-verdict' &&
        one.subresource === undefined &&
        one.body !== undefined,
    );
  }
}
