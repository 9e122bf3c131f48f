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
  return { ...operationShapes(schema), run: (input, context) => run(input as Input, context) };
}

/**
 * The same action, which refuses what it has not looked at: the double would have ignored it, and AWS would not.
 * @throws AwsError `DoubleIgnored`, after the effect: it is the double that must learn
 */
export const attentive = (operation: Operation): Operation => ({
  ...operation,
  async run(input, context) {
    const watched = watch(input as object);
    const answer = await operation.run(watched.input, context);
    const [ignored] = watched.unread();
    if (ignored !== undefined)
      throw new AwsError('DoubleIgnored', `The double does not know ${ignored} of ${operation.name}`, 501);
    return answer;
  },
});

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
