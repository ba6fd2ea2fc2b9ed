import { InvalidArgumentError, type Command } from 'commander';
import { describeFieldError } from '../../domain/errors.js';
import { initialState, isEnd, type Command as RolloutCommand } from '../../progressive/index.js';
import { createLogger } from '../../telemetry/index.js';
import { rolloutReference } from '../../progressive/resource/index.js';
import type { CommandContext } from '../commands.js';
import { printable } from '../output/printable.js';
import { personName } from './ask-commands.js';
import { newCommand } from './add-command.js';
import { addClusterOptions, withCluster, type ChosenCluster } from './cluster-options.js';
import { createRollout } from './create-rollout.js';
import { dryRun } from './dry-run.js';
import { endStatus, storedStatus } from './end-status.js';
import { followRollout } from './follow.js';
import { runForeground } from './foreground.js';
import { addJudgeOptions, readJudgeOptions } from './foreground-options.js';
import { interruption } from './interruption.js';
import { keyHelp, listenToKeys } from './key-commands.js';
import { leftText } from './left-text.js';
import { LiveView } from './live-view.js';
import { otherDriver } from './other-driver.js';
import { readRolloutFile, type RolloutFile } from './read-rollout-file.js';
import { refuse } from './refused.js';
import { openStageJudge } from './stage-judge.js';
import { startOptionsFault, type StartOptions } from './start-options.js';
import { fileStore, newRun, readStateFile } from './state-file.js';

const firstCommands: readonly RolloutCommand['kind'][] = ['resume', 'promote', 'abort'];

/** `rollout start`: hands a rollout to the controller and shows it, or drives it here. */
export function addStartCommand(rollout: Command, context: CommandContext): void {
  const command = addClusterOptions(
    rollout
      .command('start')
      .description('begin a rollout: for the controller to drive, or in the foreground')
      .requiredOption('-f, --file <file>', 'YAML with one ModelRollout; "-" is standard input'),
  )
    .option('--foreground', 'drive it in this process, without a controller; the exit status tells the end')
    .option('--no-follow', 'do not show how it goes on')
    .option('--dry-run', 'print the patches that would be sent; change nothing')
    .option('--state <file>', 'with --foreground: keep the state there, and go on from it')
    .option(
      '--first <command>',
      'with --foreground and --state: resume, promote or abort what the state is of',
      (value) => {
        const kind = firstCommands.find((known) => known === value);
        if (kind === undefined)
          throw new InvalidArgumentError(`expected one of ${firstCommands.join(', ')}.`);
        return kind;
      },
    );
  addJudgeOptions(command).action((options: StartOptions) => {
    const fault = startOptionsFault(options);
    if (fault !== undefined) {
      refuse(context, fault);
      return;
    }
    return withCluster(options, context, (chosen) => start(options, chosen, context));
  });
}

async function start(options: StartOptions, chosen: ChosenCluster, context: CommandContext): Promise<void> {
  const file = readRolloutFile(options.file, { given: options.namespace, otherwise: chosen.namespace });
  if (!file.ok) {
    refuse(context, `${options.file}: ${file.errors.map(describeFieldError).join('; ')}`);
    return;
  }
  if (options.dryRun === true) await dryRun(file.value.rollout, chosen.cluster.api, context, Date.now());
  else if (options.foreground === true) await startHere(options, file.value, chosen, context);
  else await startThere(options, file.value, chosen, context);
}

async function startThere(
  { follow }: StartOptions,
  file: RolloutFile,
  { cluster: { api } }: ChosenCluster,
  context: CommandContext,
): Promise<void> {
  const created = await createRollout(api, file);
  if (created.kind === 'refused') {
    refuse(context, created.reason);
    return;
  }
  const { name, namespace } = file.rollout;
  context.console.err(`${created.text}\n`);
  if (!follow) return;
  const interrupted = interruption();
  const view = new LiveView(context.console);
  const followed = await followRollout(api, rolloutReference(namespace, name), view, interrupted.signal);
  interrupted.dispose();
  if (followed.kind === 'lost') {
    refuse(context, followed.reason);
    return;
  }
  if (followed.kind === 'left') {
    context.console.err(`The rollout goes on: ml-verdict rollout status ${name} -n ${namespace} --watch\n`);
  }
  if (followed.stored !== undefined) context.setStatus(storedStatus(followed.stored));
}

async function startHere(
  options: StartOptions,
  { rollout }: RolloutFile,
  { cluster: { api } }: ChosenCluster,
  context: CommandContext,
): Promise<void> {
  const read = readJudgeOptions(options, context);
  const before = options.state === undefined ? undefined : readStateFile(options.state, rollout);
  for (const result of [read, before]) {
    if (result?.ok !== false) continue;
    refuse(context, result.errors.map(describeFieldError).join('; '));
    return;
  }
  if (!read.ok) return;
  const saved = before?.ok === true ? before.value : undefined;
  if (saved !== undefined && isEnd(saved.state.phase)) {
    refuse(
      context,
      `the rollout that ${options.state ?? ''} is of has ended: remove the file to begin another one`,
    );
    return;
  }
  const other = await otherDriver(api, rollout);
  if (other.kind === 'found') {
    refuse(context, other.reason);
    return;
  }
  if (other.kind === 'hidden') {
    const text = `whether a controller drives the same target cannot be seen: ${other.reason}`;
    context.console.err(`ml-verdict: ${printable(text)}\n`);
  }
  const { config, place } = read.value;
  const run = saved?.run ?? newRun(rollout);
  const logger = createLogger({ level: context.console.isTerminal ? 'silent' : config.logging.level });
  const interrupted = interruption();
  const abort = new AbortController();
  const keys = process.stdin;
  const view = new LiveView(context.console);
  const isAttended = context.console.isTerminal && keys.isTTY;
  let stopKeys: () => void = () => undefined;
  const opened = await openStageJudge(place, { logger, now: Date.now });
  try {
    if (isAttended) context.console.err(`${keyHelp}\n`);
    const { state } = await runForeground({
      // One that is driven here has no identity of a cluster, and another run of the same file is another one.
      rollout: { ...rollout, uid: run.id },
      state: saved?.state ?? initialState(Date.now()),
      store: fileStore(options.state, run),
      api,
      judge: opened.judge,
      config,
      view,
      now: Date.now,
      endsOnPause: !isAttended,
      signal: AbortSignal.any([interrupted.signal, abort.signal]),
      commands: options.first === undefined ? [] : [newCommand(options.first, personName())],
      onStart: (add) => {
        stopKeys = listenToKeys(
          keys,
          ({ kind, full }) => {
            add(newCommand(kind, personName(), full));
          },
          () => {
            abort.abort();
          },
          () => process.kill(process.pid, 'SIGINT'),
        );
      },
    });
    context.setStatus(endStatus(state.phase));
    if (isEnd(state.phase)) return;
    context.console.err(`${printable(leftText(state, options.state))}\n`);
  } finally {
    stopKeys();
    interrupted.dispose();
    await opened.close();
  }
}
