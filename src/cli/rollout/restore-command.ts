import { readFileSync } from 'node:fs';
import type { Command } from 'commander';
import { parse, YAMLParseError } from 'yaml';
import { failure, success, type Result } from '../../domain/result.js';
import { describeFieldError } from '../../domain/errors.js';
import { inferenceServiceReference } from '../../progressive/targets/kserve/inference-service.js';
import {
  restoreOldModel,
  type RestoreResult,
  type RestoreStep,
  type SentPatch,
} from '../../progressive/targets/index.js';
import type { CommandContext } from '../commands.js';
import { exitStatus } from '../exit-status.js';
import { reasonOfFileError } from '../file-error.js';
import { printable } from '../output/printable.js';
import {
  addClusterOptions,
  withCluster,
  type ChosenCluster,
  type ClusterOptions,
} from './cluster-options.js';
import { interruption } from './interruption.js';
import { patchText } from './patch-text.js';
import { refuse } from './refused.js';

interface RestoreCommandOptions extends ClusterOptions {
  readonly storageUri?: string;
  readonly model?: string;
  readonly dryRun?: boolean;
}

/** `rollout restore NAME`: puts the old model back after a rollback, in the order that gives the bad one no traffic. */
export function addRestoreCommand(rollout: Command, context: CommandContext): void {
  addClusterOptions(
    rollout
      .command('restore')
      .description('after a rollback in KServe: put the old model back, while the new one keeps 0 %')
      .argument('<name>', 'name of the InferenceService'),
  )
    .option('--storage-uri <uri>', 'where the old model is stored')
    .option('--model <file>', 'YAML or JSON with all fields of spec.predictor.model that were otherwise')
    .option('--dry-run', 'print the first patch, checked by the API server; change nothing')
    .action((name: string, options: RestoreCommandOptions) => {
      const oldModel = readOldModel(options);
      if (!oldModel.ok) {
        refuse(context, oldModel.errors.map(describeFieldError).join('; '));
        return;
      }
      return withCluster(options, context, (chosen) =>
        restore(name, oldModel.value, options.dryRun === true, chosen, context),
      );
    });
}

type OldModel = Readonly<Record<string, unknown>>;

async function restore(
  name: string,
  oldModel: OldModel,
  dryRun: boolean,
  { cluster: { api }, namespace }: ChosenCluster,
  context: CommandContext,
): Promise<void> {
  const interrupted = interruption();
  const reference = inferenceServiceReference(namespace, name);
  try {
    const result = await restoreOldModel(api, reference, oldModel, {
      dryRun,
      signal: interrupted.signal,
      onStep: (step) => {
        context.console.out(`${stepText(step)}\n`);
      },
    });
    if (result.kind !== 'done') refuse(context, resultText(name, result));
    else if (dryRun) context.console.out('Nothing was changed.\n');
  } catch (error) {
    if (!interrupted.signal.aborted) throw error;
    context.console.err(
      'Left as it is: the share stays 0 until the same command is given again, or the field is removed by hand.\n',
    );
    context.setStatus(exitStatus.hold);
  } finally {
    interrupted.dispose();
  }
}

function readOldModel({ storageUri, model: file }: RestoreCommandOptions): Result<OldModel> {
  if ((storageUri === undefined) === (file === undefined)) {
    return failure([{ path: '', message: 'expected either --storage-uri or --model' }]);
  }
  if (storageUri !== undefined) return success({ storageUri });
  try {
    const fields: unknown = parse(readFileSync(file ?? '', 'utf8'));
    if (
      typeof fields === 'object' &&
      fields !== null &&
      !Array.isArray(fields) &&
      Object.keys(fields).length > 0
    ) {
      return success(fields as OldModel);
    }
    return failure([{ path: '--model', message: 'expected the fields of a model' }]);
  } catch (error) {
    const message = error instanceof YAMLParseError ? error.message : reasonOfFileError(error);
    return failure([{ path: '--model', message }]);
  }
}

function stepText(step: RestoreStep): string {
  switch (step.kind) {
    case 'restoring':
      return `The old model, while the share stays 0:\n${patch(step.patch)}`;
    case 'waiting':
      return `Waiting: ${printable(step.text)}.`;
    case 'releasing':
      return `${printable(step.revision)} is ready, the share goes:\n${patch(step.patch)}`;
    case 'restored':
      return `${printable(step.revision)} has all of the traffic.`;
  }
}

function patch(sent: SentPatch): string {
  return patchText(sent).trimEnd();
}

function resultText(name: string, result: Exclude<RestoreResult, { readonly kind: 'done' }>): string {
  if (result.kind === 'gone') return `there is no InferenceService "${name}"`;
  const what =
    result.kind === 'failed' ? 'the old model does not load, nothing has got traffic' : 'not restored';
  return `${what}: ${result.reason}`;
}
