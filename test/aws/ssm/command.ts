/** One command on one machine: from `Pending` to its end, step by step, on the double's clock. */
import type { ChildProcess } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Instance } from '../ec2/instance.js';
import type { Machines } from '../machine/machines.js';
import type { World } from '../service.js';
import { environmentOf, interpolate, type SsmDocument, type SsmStep, type Values } from './document.js';

export type CommandStatus = 'Pending' | 'InProgress' | 'Success' | 'Failed' | 'TimedOut' | 'Cancelling' | 'Cancelled';

export interface StepOutcome {
  readonly name: string;
  status: CommandStatus;
  details: string;
  /** −1 while it has not ended. */
  code: number;
  output: string;
  errors: string;
  startedAt: number | undefined;
  endedAt: number | undefined;
}

export interface SsmCommand {
  readonly id: string;
  readonly document: string;
  readonly comment: string;
  readonly instance: Instance;
  readonly parameters: Readonly<Record<string, string[]>>;
  readonly requestedAt: number;
  /** Before this time nobody knows of its invocation. */
  readonly visibleAt: number;
  /** When it must have been delivered. */
  readonly expiresAt: number;
  status: CommandStatus;
  details: string;
  readonly steps: StepOutcome[];
  cancel: () => void;
}

/** What a command ends with, instead of being run. */
export interface ScriptedOutcome {
  readonly status: 'Failed' | 'TimedOut' | 'Cancelled' | 'Success';
  /** Such as `Undeliverable`, `DeliveryTimedOut`, `ExecutionTimedOut`, `AccessDenied`, `InvalidPlatform`. */
  readonly details: string;
}

/** SSM's agent asks for work about as often. */
const DELIVERY_MS = 1_000;
const OUTPUT = 24_000;
const ERRORS = 8_000;
const LEAST = 5;
const MOST = 172_800;
const USUAL = 3_600;

export interface Execution {
  readonly world: World;
  readonly machines: Machines;
  readonly document: SsmDocument;
  readonly values: Values;
  readonly scripted: ScriptedOutcome | undefined;
  /** What a cancel or a timeout ends: the shell alone, as on Windows, or all of its process group. */
  readonly kills: 'shell' | 'group';
}

export function startCommand(command: SsmCommand, execution: Execution): void {
  const { world, machines, scripted } = execution;
  const deliver = () => {
    if (command.status !== 'Pending') return;
    if (scripted !== undefined) finish(command, execution, scripted.status, scripted.details);
    else if (world.now() >= command.expiresAt) finish(command, execution, 'TimedOut', 'DeliveryTimedOut');
    else if (machines.agentAnswers(command.instance)) void runSteps(command, execution);
    else world.at(world.now() + DELIVERY_MS, deliver);
  };
  command.cancel = () => {
    if (command.status === 'Pending') finish(command, execution, 'Cancelled', 'Cancelled');
  };
  world.at(world.now() + DELIVERY_MS, deliver);
}

function finish(command: SsmCommand, { world }: Execution, status: CommandStatus, details: string): void {
  command.status = status;
  command.details = details;
  world.journal({ kind: 'command-ended', command: command.id, instance: command.instance.id, status, details });
}

async function runSteps(command: SsmCommand, execution: Execution): Promise<void> {
  command.status = 'InProgress';
  command.details = 'InProgress';
  const platform = command.instance.image.system === 'windows' ? 'Windows' : 'Linux';
  let worst: StepOutcome | undefined;
  for (const [at, step] of execution.document.mainSteps.entries()) {
    const outcome = command.steps[at];
    if (outcome === undefined) throw new Error('a command has an outcome for each step');
    if ((step.precondition?.StringEquals[1] ?? platform) !== platform) {
      Object.assign(outcome, { status: 'Success', details: 'Success', code: 0, output: SKIPPED });
      continue;
    }
    await runStep(command, step, outcome, execution);
    if (outcome.status !== 'Success') worst ??= outcome;
  }
  finish(command, execution, worst?.status ?? 'Success', worst?.details ?? 'Success');
}

const SKIPPED = 'Step execution skipped due to unsatisfied preconditions.';

async function runStep(command: SsmCommand, step: SsmStep, outcome: StepOutcome, execution: Execution): Promise<void> {
  const { world } = execution;
  outcome.status = 'InProgress';
  outcome.details = 'InProgress';
  outcome.startedAt = world.now();
  let end: (ended: Partial<StepOutcome>) => void = () => undefined;
  const first = new Promise<Partial<StepOutcome>>((resolve) => (end = resolve));
  // The agent takes 3,600 for what is out of its bounds, and says nothing.
  const asked = Number(step.inputs.timeoutSeconds ?? USUAL);
  const seconds = asked >= LEAST && asked <= MOST ? asked : USUAL;
  const kill = launch(command, step, execution, end);
  const stopWaiting = world.at(world.now() + seconds * 1000, () => {
    kill();
    end({ status: 'TimedOut', details: 'ExecutionTimedOut', code: -1 });
  });
  command.cancel = () => {
    command.status = 'Cancelling';
    kill();
    end({ status: 'Cancelled', details: 'Cancelled', code: -1 });
  };
  const ended = await first;
  stopWaiting();
  Object.assign(outcome, ended, { endedAt: world.now() });
}

/** @returns how to kill it */
function launch(
  command: SsmCommand,
  step: SsmStep,
  execution: Execution,
  end: (ended: Partial<StepOutcome>) => void,
): () => void {
  const { machines, document, values } = execution;
  const done = (code: number, output: string, errors: string) =>
    end({
      status: code === 0 ? 'Success' : 'Failed',
      details: code === 0 ? 'Success' : 'Failed',
      code,
      output: output.slice(0, OUTPUT),
      errors: errors.slice(0, ERRORS),
    });
  const { instance } = command;
  if (!machines.isReal(instance)) {
    const act = machines.driver.command;
    if (act === undefined) end({ status: 'Failed', details: 'Undeliverable', code: -1 });
    else
      act(instance, { document: command.document, parameters: command.parameters }).then(
        ({ code, output = '', errors = '' }) => done(code, output, errors),
        (error: unknown) => done(1, '', String(error)),
      );
    return () => undefined;
  }
  const machine = machines.find(instance.id);
  if (machine === undefined) {
    end({ status: 'Failed', details: 'Undeliverable', code: -1 });
    return () => undefined;
  }
  const script = join(machine.folder, 'tmp', `${command.id}-${step.name}.sh`);
  const text = machine.here(interpolate(step.inputs.runCommand.join('\n'), document, values));
  let child: ChildProcess | undefined;
  let killed = false;
  writeFile(script, `${text}\n`, { mode: 0o700 })
    .then(() => {
      if (killed || !machine.up) return;
      child = machine.spawn(['sh', '-c', script], environmentOf(document, values));
      collect(child, done, () => machine.up);
    })
    .catch((error: unknown) => done(1, '', String(error)));
  return () => {
    killed = true;
    // It may have been killed with its machine.
    if (child?.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
    process.kill(execution.kills === 'shell' ? child.pid : -child.pid, 'SIGKILL');
  };
}

/** A shell has ended when nobody holds its output any more: a child in the background with the same output keeps the command in progress. */
function collect(
  child: ChildProcess,
  done: (code: number, output: string, errors: string) => void,
  up: () => boolean,
): void {
  let output = '';
  let errors = '';
  child.stdout?.setEncoding('utf8').on('data', (text: string) => (output += text));
  child.stderr?.setEncoding('utf8').on('data', (text: string) => (errors += text));
  child.once('error', (error) => done(1, '', error.message));
  // When the machine goes, nobody is left who could tell: the command stays in progress until its time is over.
  child.once('close', (code) => {
    if (up()) done(code ?? 137, output, errors);
  });
}
