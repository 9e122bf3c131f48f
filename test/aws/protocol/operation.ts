/** One action of a service: its model, and what it does. */
import type { Call, Fault, World } from '../service.js';
import { operationShapes, type Schema, type Shape } from './shape.js';

export interface Context {
  readonly world: World;
  readonly call: Call;
  /** A script that only this action understands, such as `stuck`. */
  readonly fault: Fault | undefined;
}

export interface Operation {
  readonly name: string;
  readonly input: Shape;
  readonly output: Shape;
  readonly run: (input: unknown, context: Context) => unknown;
}

/** What the SDK's client returns, as the service says it. */
export type Answer<Output> = Omit<Output, '$metadata'>;

/** @param schema the SDK's, such as `RunInstances$`; `Input` and `Output` are its types for the same command */
// eslint-disable-next-line @typescript-eslint/no-unnecessary-type-parameters -- `Input` ties an action to the SDK's type.
export function operation<Input, Output>(
  schema: Schema,
  run: (input: Input, context: Context) => Answer<Output> | Promise<Answer<Output>>,
): Operation {
  return { ...operationShapes(schema), run: (input, context) => run(input as Input, context) };
}
