/** One stack of the double: its state, its events, and the work on it, step by step in the double's own time. */
import { randomUUID } from 'node:crypto';
import type { StackEvent, StackStatus } from '@aws-sdk/client-cloudformation';
import type { Making, Properties } from './kind.js';
import { kinds } from './kinds.js';
import { inOrder, invalid, resolved, type Made, type Resource, type Template } from './template.js';

/** Milliseconds of the double's clock that each resource takes. */
const STEP = 2_000;

interface Standing {
  readonly type: string;
  readonly made: Made;
  readonly properties: Properties;
}

export interface Change {
  readonly name: string;
  readonly action: 'Add' | 'Modify' | 'Remove';
}

/** Why a resource could not be made or removed. */
class StepError extends Error {}

export class StackOfDouble {
  readonly id: string;
  readonly name: string;
  status: StackStatus = 'REVIEW_IN_PROGRESS';
  readonly created: Date;
  readonly events: StackEvent[] = [];
  readonly tags = new Map<string, string>();
  body = '';
  outputs: { readonly OutputKey: string; readonly OutputValue: string; readonly Description?: string }[] = [];
  readonly #standing = new Map<string, Standing>();
  readonly #making: Omit<Making, 'tags'>;
  #token: string | undefined;
  #template: Template | undefined;

  constructor(name: string, making: Omit<Making, 'tags'>) {
    const { world, region } = making;
    this.name = name;
    this.id = `arn:aws:cloudformation:${region}:${world.account}:stack/${name}/${randomUUID()}`;
    this.created = new Date(world.now());
    this.#making = making;
  }

  get isGone(): boolean {
    return this.status === 'DELETE_COMPLETE';
  }

  /** What a change set would do, without doing it. */
  changes(template: Template): Change[] {
    const made = new Map([...this.#standing].map(([name, { made: one }]) => [name, one]));
    const same = (name: string, { Properties }: Resource): boolean => {
      const before = this.#standing.get(name);
      try {
        return JSON.stringify(before?.properties) === JSON.stringify(resolved(Properties, made));
      } catch {
        return false;
      }
    };
    return [
      ...Object.entries(template.Resources).flatMap(([name, resource]): Change[] => {
        if (!this.#standing.has(name)) return [{ name, action: 'Add' }];
        return same(name, resource) ? [] : [{ name, action: 'Modify' }];
      }),
      ...[...this.#standing.keys()]
        .filter((name) => !(name in template.Resources))
        .map((name) => ({ name, action: 'Remove' as const })),
    ];
  }

  /** Makes or changes the stack; what fails is taken back. */
  async deploy(template: Template, body: string, token: string | undefined): Promise<void> {
    const isNew = this.status === 'REVIEW_IN_PROGRESS';
    const before = this.#template;
    this.#begin(isNew ? 'CREATE_IN_PROGRESS' : 'UPDATE_IN_PROGRESS', token);
    try {
      await this.#reach(template);
      this.#template = template;
      this.body = body;
      this.#end(isNew ? 'CREATE_COMPLETE' : 'UPDATE_COMPLETE');
    } catch (error) {
      const reason = (error as Error).message;
      this.#mark(isNew ? 'ROLLBACK_IN_PROGRESS' : 'UPDATE_ROLLBACK_IN_PROGRESS', reason);
      if (isNew) await this.#clear();
      else if (before) await this.#reach(before);
      this.#end(isNew ? 'ROLLBACK_COMPLETE' : 'UPDATE_ROLLBACK_COMPLETE');
    }
  }

  async remove(token: string | undefined): Promise<void> {
    this.#begin('DELETE_IN_PROGRESS', token);
    try {
      await this.#clear();
      this.#end('DELETE_COMPLETE');
    } catch (error) {
      this.#mark('DELETE_FAILED', (error as Error).message);
    }
  }

  async #reach(template: Template): Promise<void> {
    const order = inOrder(template.Resources);
    for (const name of order) {
      const resource = template.Resources[name];
      if (resource) await this.#bring(name, resource);
    }
    const surplus = [...this.#standing.keys()].reverse().filter((name) => !(name in template.Resources));
    for (const name of surplus) await this.#take(name);
    const made = new Map([...this.#standing].map(([name, { made: one }]) => [name, one]));
    this.outputs = Object.entries(template.Outputs).map(([OutputKey, { Value, Description }]) => ({
      OutputKey,
      OutputValue: String(resolved(Value, made)),
      ...(Description === undefined ? {} : { Description }),
    }));
  }

  async #bring(name: string, { Type, Properties: raw }: Resource): Promise<void> {
    const kind = kinds[Type];
    if (!kind) throw invalid(`Unrecognized resource type ${Type}`);
    const made = new Map([...this.#standing].map(([other, { made: one }]) => [other, one]));
    const properties = resolved(raw, made) as Properties;
    const before = this.#standing.get(name);
    if (before && JSON.stringify(before.properties) === JSON.stringify(properties)) return;
    const verb = before ? 'UPDATE' : 'CREATE';
    await this.#step(name, Type, verb, before?.made.id, async () => {
      checkProperties(properties, kind);
      const moved = before && kind.fixed.find((key) => differs(before.properties[key], properties[key]));
      if (moved !== undefined)
        throw new StepError(
          `CloudFormation cannot update a stack when a custom-named resource requires replacing (${moved})`,
        );
      const making = this.#full();
      const result = before
        ? await kind.update(before.made.id, properties, making)
        : await kind.create(properties, making);
      this.#standing.set(name, { type: Type, made: result, properties });
      return result.id;
    });
  }

  async #take(name: string): Promise<void> {
    const standing = this.#standing.get(name);
    if (!standing) return;
    const { type, made } = standing;
    await this.#step(name, type, 'DELETE', made.id, async () => {
      await kinds[type]?.remove(made.id, this.#full());
      this.#standing.delete(name);
      return made.id;
    });
  }

  async #clear(): Promise<void> {
    for (const name of [...this.#standing.keys()].reverse()) await this.#take(name);
  }

  async #step(
    name: string,
    type: string,
    verb: 'CREATE' | 'UPDATE' | 'DELETE',
    id: string | undefined,
    act: () => Promise<string>,
  ): Promise<void> {
    this.#event(name, type, `${verb}_IN_PROGRESS`, id);
    await this.#pass();
    try {
      const physical = await act();
      this.#event(name, type, `${verb}_COMPLETE`, physical);
    } catch (error) {
      const reason = (error as Error).message;
      this.#event(name, type, `${verb}_FAILED`, id, reason);
      throw new StepError(`The following resource(s) failed to ${verb.toLowerCase()}: [${name}].`);
    }
  }

  #full(): Making {
    return { ...this.#making, tags: [...this.tags].map(([Key, Value]) => ({ Key, Value })) };
  }

  #pass(): Promise<void> {
    const { world } = this.#making;
    return new Promise((done) => void world.at(world.now() + STEP, done));
  }

  #begin(status: StackStatus, token: string | undefined): void {
    this.#token = token;
    this.#mark(status, 'User Initiated');
  }

  #end(status: StackStatus): void {
    this.#mark(status);
    this.#making.world.journal({ kind: 'stack', name: this.name, status });
  }

  #mark(status: StackStatus, reason?: string): void {
    this.status = status;
    this.#event(this.name, 'AWS::CloudFormation::Stack', status, this.id, reason);
  }

  #event(name: string, type: string, status: string, id?: string, reason?: string): void {
    this.events.push({
      StackId: this.id,
      StackName: this.name,
      EventId: randomUUID(),
      LogicalResourceId: name,
      ResourceType: type,
      Timestamp: new Date(this.#making.world.now()),
      ResourceStatus: status as NonNullable<StackEvent['ResourceStatus']>,
      ...(id === undefined ? {} : { PhysicalResourceId: id }),
      ...(reason === undefined ? {} : { ResourceStatusReason: reason }),
      ...(this.#token === undefined ? {} : { ClientRequestToken: this.#token }),
    });
  }
}

const differs = (a: unknown, b: unknown): boolean => JSON.stringify(a) !== JSON.stringify(b);

function checkProperties(properties: Properties, kind: { required: readonly string[]; optional: readonly string[] }) {
  const missing = kind.required.find((name) => properties[name] === undefined);
  if (missing !== undefined) throw new StepError(`Properties validation failed: required key [${missing}] not found`);
  const strange = Object.keys(properties).find((name) => ![...kind.required, ...kind.optional].includes(name));
  if (strange !== undefined)
    throw new StepError(`Properties validation failed: extraneous key [${strange}] is not permitted`);
}
