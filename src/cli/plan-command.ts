import { z } from 'zod';
import { describeFieldError, type FieldError } from '../domain/errors.js';
import { routings } from '../domain/observations.js';
import { parseWith, quote } from '../domain/parsing.js';
import { failure, success, type Result } from '../domain/result.js';
import {
  latencyBoundsField,
  plan,
  plannedTraffic,
  readQualities,
  trafficFields,
  withinField,
  type Plan,
} from '../judge/index.js';
import { latencyBoundsMs } from '../sources/index.js';
import { choosePolicy, type PolicyChoice } from './choose-policy.js';
import type { AddCommand, CommandContext } from './commands.js';
import { exitStatus } from './exit-status.js';
import { formatDocuments, outputFormats, parseOutputFormat, type OutputFormat } from './output/format.js';
import { planTable } from './output/plan-table.js';

interface PlanOptions extends PolicyChoice {
  readonly rps: string;
  readonly weight: string;
  readonly healthy?: readonly string[];
  readonly faulty?: readonly string[];
  readonly outcomesPerRequest?: string;
  readonly outcomeMean?: string;
  readonly outcomeDeviation?: string;
  readonly decisionRate?: string;
  readonly latencyBounds?: string;
  readonly routing?: string;
  readonly within?: string;
  readonly output: OutputFormat;
}

/** `plan`: how long a policy takes on some traffic until it promotes or rolls back. */
export const addPlanCommand: AddCommand = (program, context) => {
  program
    .command('plan')
    .description('how long until a verdict at some traffic, and which guardrail takes longest')
    .requiredOption('--rps <number>', 'requests per second of both versions together')
    .requiredOption('--weight <percent>', "the canary's share, as in setWeight")
    .option(
      '-p, --policy <name|file>',
      'policy of the config, or a file (.yaml, .yml, .json, or with a slash)',
      'default',
    )
    .option('-c, --config <file>', 'config file with the policies')
    .option('--confidence <share>', 'confidence of promote, such as 0.8')
    .option('--mode <mode>', 'evidence or threshold')
    .option('--set <guardrail.field=value>', 'change a setting of the policy; may be repeated', collect)
    .option('--healthy <guardrail=quality>', 'what a healthy canary is like; may be repeated', collect)
    .option('--faulty <guardrail=quality>', 'what a faulty canary is like; may be repeated', collect)
    .option('--outcomes-per-request <number>', 'outcomes that come of one request; 0: none')
    .option('--outcome-mean <figure>', 'mean of an outcome, or the share of yes')
    .option('--outcome-deviation <number>', 'standard deviation of one outcome; absent: yes or no')
    .option('--decision-rate <percent>', "the share of stable's predictions that a decision-rate counts")
    .option('--latency-bounds <ms,ms,ms>', "bounds of the latency histogram; absent: the ledger's")
    .option('--routing <how>', `how requests come to the canary: ${routings.join(', ')}`)
    .option('--within <time>', 'find the smallest weight that promotes within this time, such as 10m')
    .option('-o, --output <format>', outputFormats.join(', '), parseOutputFormat, 'table')
    .addHelpText('after', '\nExit status: 0, or 3 where an option or the config was refused.')
    .action((options: PlanOptions) => {
      const made = makePlan(options, context);
      if (!made.ok) {
        const told = made.errors.map((error) => describeFieldError(asFlag(error)));
        context.console.err(`ml-verdict: ${told.join('\n            ')}\n`);
        context.setStatus(exitStatus.refused);
        return;
      }
      const { output } = options;
      context.console.out(
        output === 'table' || output === 'wide'
          ? planTable(made.value, output === 'wide')
          : formatDocuments([made.value], output),
      );
    });
};

function collect(value: string, earlier: readonly string[] = []): readonly string[] {
  return [...earlier, value];
}

const optionsSchema = z.object({
  ...trafficFields,
  routing: z.enum(routings).optional(),
  latencyBounds: latencyBoundsField().optional(),
  within: withinField().optional(),
});

function makePlan(options: PlanOptions, context: CommandContext): Result<Plan> {
  const policy = choosePolicy(options, context.env);
  const given = parseWith(optionsSchema, {
    requestsPerSecond: options.rps,
    weight: options.weight,
    outcomesPerRequest: options.outcomesPerRequest,
    outcomeMean: options.outcomeMean,
    outcomeDeviation: options.outcomeDeviation,
    decisionRate: options.decisionRate,
    routing: options.routing,
    latencyBounds: options.latencyBounds,
    within: options.within,
  });
  if (!policy.ok || !given.ok) {
    return failure([policy, given].flatMap((read) => (read.ok ? [] : read.errors)));
  }
  const healthy = assignments('healthy', options.healthy);
  const faulty = assignments('faulty', options.faulty);
  if (!healthy.ok || !faulty.ok) {
    return failure([healthy, faulty].flatMap((read) => (read.ok ? [] : read.errors)));
  }
  const qualities = readQualities(policy.value, { healthy: healthy.value, faulty: faulty.value });
  const traffic = plannedTraffic(given.value, {
    latencyBoundsMs: given.value.latencyBounds ?? latencyBoundsMs,
    ...(given.value.routing === undefined ? {} : { routing: given.value.routing }),
  });
  if (!qualities.ok || !traffic.ok) {
    return failure([qualities, traffic].flatMap((read) => (read.ok ? [] : read.errors)));
  }
  return success(
    plan(policy.value, {
      traffic: traffic.value,
      qualities: qualities.value,
      ...(given.value.within === undefined ? {} : { withinSeconds: given.value.within }),
    }),
  );
}

function assignments(
  option: 'healthy' | 'faulty',
  given: readonly string[] = [],
): Result<Readonly<Record<string, string>>> {
  const errors: FieldError[] = [];
  // A map, since the names are the caller's.
  const values = new Map<string, string>();
  for (const assignment of given) {
    const at = assignment.indexOf('=');
    if (at > 0) values.set(assignment.slice(0, at), assignment.slice(at + 1));
    else errors.push({ path: option, message: `expected guardrail=quality, got ${quote(assignment)}` });
  }
  return errors.length > 0 ? failure(errors) : success(Object.fromEntries(values));
}

const ownFields = [...Object.keys(optionsSchema.shape), 'healthy', 'faulty'];

/** The flag that a field came with: `--outcome-mean` for `outcomeMean`. Paths of policies stay what they are. */
function asFlag({ path, message }: FieldError): FieldError {
  const [, head = '', rest = ''] = /^(\w+)(.*)$/.exec(path) ?? [];
  if (head === 'requestsPerSecond') return { path: '--rps', message };
  if (ownFields.includes(head)) {
    const flag = head.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
    return { path: `--${flag}${rest === '' ? '' : ` ${rest.slice(1)}`}`, message };
  }
  return { path, message };
}
