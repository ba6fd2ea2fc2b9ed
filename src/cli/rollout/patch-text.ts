import type { SentPatch } from '../../progressive/targets/index.js';

/** A change as it goes over the wire, for people; ends with a line break. */
export function patchText({ reference, operations }: SentPatch): string {
  const { group, version, plural, namespace, name } = reference;
  const lines = operations.map((operation) => `  ${JSON.stringify(operation)}`);
  return `PATCH /apis/${group}/${version}/namespaces/${namespace}/${plural}/${name}\n[\n${lines.join(',\n')}\n]\n`;
}
