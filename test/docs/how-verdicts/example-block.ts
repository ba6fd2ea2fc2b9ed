import { parseObservations } from '../../../src/domain/observations-file.js';
import type { Policy } from '../../../src/domain/policy.js';
import type { GuardrailVerdict } from '../../../src/domain/verdict.js';
import { defaultPolicy, judge, parsePolicy } from '../../../src/judge/index.js';
import { valueOf } from '../../support/value-of.js';
import { runCommand } from '../run-command.js';
import type { Example } from './examples/index.js';
import { stepsTable } from './step.js';

const folder = 'docs/examples/worked';

/** The policy of the relative guardrails, all their settings as they are by default. */
export const relativePolicy = {
  guardrails: [
    { name: 'error-ratio', kind: 'error-ratio' },
    { name: 'latency-ratio', kind: 'latency-ratio' },
    { name: 'decision-rate', kind: 'decision-rate', above: 0.8 },
  ],
};

export const relativePolicyPath = `${folder}/relative.json`;

export const examplePath = ({ name }: Example): string => `${folder}/${name}.json`;

export function policyOf({ policy }: Example): Policy {
  return policy === undefined ? defaultPolicy() : valueOf(parsePolicy(relativePolicy, policy));
}

/** What the judge says of an example's guardrail. */
export function verdictOf(example: Example): GuardrailVerdict {
  const observations = valueOf(parseObservations(example.file));
  const [verdict] = judge(policyOf(example), observations, { guardrail: example.guardrail }).guardrails;
  if (verdict === undefined) throw new RangeError(`${example.name} is not judged`);
  return verdict;
}

/** An example's steps and, under them, the verdict with its reason: what the command line says of its file. */
export async function exampleBlock(example: Example): Promise<string> {
  const { verdict, reason } = verdictOf(example);
  const { output } = await runCommand(argvOf(example));
  if (!output.includes(`  ${example.guardrail}: ${reason}\n`)) {
    throw new RangeError(`the command line says something else of ${example.name}:\n${output}`);
  }
  return [stepsTable(example.steps(verdictOf(example))), `> **${verdict}**: ${reason}`].join('\n\n');
}

function argvOf(example: Example): readonly string[] {
  const policy = example.policy === undefined ? [] : ['--policy', relativePolicyPath];
  return ['judge', examplePath(example), '--guardrail', example.guardrail, ...policy];
}

/** A console block: a command and what it prints, or what of that is shown. */
export async function consoleBlock(
  argv: readonly string[],
  shown: (output: string) => string = (output) => output,
): Promise<string> {
  const { output } = await runCommand(argv);
  return ['```console', `$ npx ml-verdict ${argv.join(' ')}`, shown(output.trimEnd()), '```'].join('\n');
}
