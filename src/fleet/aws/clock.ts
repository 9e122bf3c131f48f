/** AWS's time, from the date that stands over each of its answers: this computer's clock may jump, and its sleep is no time that has passed. */
import type { EC2Client } from '@aws-sdk/client-ec2';

interface Answered {
  readonly date: number;
  /** Monotonic milliseconds when it came. */
  readonly at: number;
}

const clocks = new WeakMap<EC2Client, () => number>();

/** Milliseconds since the epoch; by this computer's clock until the client's first answer. */
export function awsClock(client: EC2Client): () => number {
  const known = clocks.get(client);
  if (known) return known;
  let last: Answered | undefined;
  client.middlewareStack.add(
    (next) => async (args) => {
      const result = await next(args);
      const { headers } = result.response as { readonly headers?: Readonly<Record<string, string>> };
      const date = Date.parse(headers?.['date'] ?? '');
      if (Number.isFinite(date)) last = { date, at: performance.now() };
      return result;
    },
    // After the deserializer, which throws on an error's answer: those carry a date as well.
    { step: 'deserialize', priority: 'low', name: 'taafClock' },
  );
  const clock = (): number => (last ? last.date + performance.now() - last.at : Date.now());
  clocks.set(client, clock);
  return clock;
}
