/** Change sets: what a template would change, looked at before it is done. */
import { randomUUID } from 'node:crypto';
import type { ChangeSetStatus, CreateChangeSetCommandInput } from '@aws-sdk/client-cloudformation';
import { AwsError } from '../protocol/error.js';
import type { World } from '../service.js';
import { kinds } from './kinds.js';
import type { Change, StackOfDouble } from './stack.js';
import { readTemplate, type Template } from './template.js';

/** Milliseconds of the double's clock until a change set is ready. */
const READY = 3_000;

interface ChangeSet {
  readonly id: string;
  readonly name: string;
  readonly stack: StackOfDouble;
  readonly body: string;
  readonly template: Template;
  readonly tags: NonNullable<CreateChangeSetCommandInput['Tags']>;
  status: ChangeSetStatus;
  reason?: string;
  changes: Change[];
}

export class ChangeSets {
  readonly #world: World;
  #sets: ChangeSet[] = [];

  constructor(world: World) {
    this.#world = world;
  }

  create(input: CreateChangeSetCommandInput, stack: StackOfDouble): ChangeSet {
    const { ChangeSetName: name = '', TemplateBody: body = '', Tags: tags = [], Capabilities = [] } = input;
    const template = readTemplate(body, Object.keys(kinds));
    const hasNamedRights = Object.values(template.Resources).some(({ Type }) => Type.startsWith('AWS::IAM::'));
    if (hasNamedRights && !Capabilities.includes('CAPABILITY_NAMED_IAM'))
      throw new AwsError('InsufficientCapabilitiesException', 'Requires capabilities : [CAPABILITY_NAMED_IAM]');
    if (this.#sets.some((set) => set.stack === stack && set.name === name))
      throw new AwsError('AlreadyExistsException', `ChangeSet ${name} already exists`);
    const id = `${stack.id.replace(':stack/', ':changeSet/')}/${name}/${randomUUID()}`;
    const set: ChangeSet = { id, name, stack, body, template, tags, status: 'CREATE_PENDING', changes: [] };
    this.#sets.push(set);
    this.#world.at(this.#world.now() + READY, () => {
      set.changes = stack.changes(template);
      set.status = set.changes.length > 0 ? 'CREATE_COMPLETE' : 'FAILED';
      if (set.status === 'FAILED') set.reason = "The submitted information didn't contain changes.";
    });
    return set;
  }

  find(name: string | undefined, stack: StackOfDouble): ChangeSet {
    const set = this.#sets.find((each) => each.id === name || (each.stack === stack && each.name === name));
    if (set === undefined) throw new AwsError('ChangeSetNotFound', `ChangeSet [${String(name)}] does not exist`, 404);
    return set;
  }

  execute(set: ChangeSet, token: string | undefined): void {
    // The others of this stack are void with it.
    this.#sets = this.#sets.filter((each) => each.stack !== set.stack);
    for (const { Key = '', Value = '' } of set.tags) set.stack.tags.set(Key, Value);
    void set.stack.deploy(set.template, set.body, token);
  }
}
