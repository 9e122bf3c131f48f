/** One action of a service: its model, and what it does. */
import type { Call, Fault, World } from '../service.js';
import { AwsError } from './error.js';
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
  const shapes = operationShapes(schema);
  return {
    ...shapes,
    async run(input, context) {
      const watched = watch(input as object);
      const answer = await run(watched.input as Input, context);
      // What it has not looked at it has ignored, and then the real one may have done something else.
      const [ignored] = watched.unread();
      if (ignored !== undefined)
        throw new AwsError('DoubleIgnored', `The double does not know ${ignored} of ${shapes.name}`, 501);
      return answer;
    },
  };
}

function watch(input: object): { readonly input: object; readonly unread: () => string[] } {
  const unread = new Set(Object.keys(input));
  return {
    input: new Proxy(input, {
      get(target, name, receiver) {
        unread.delete(String(name));
        return Reflect.get(target, name, receiver) as unknown;
      },
    }),
    unread: () => [...unread],
  };
}
