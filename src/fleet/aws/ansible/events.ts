/** What Ansible says while it runs: `ansible.posix.jsonl` prints one JSON object for each event. */
import { z } from 'zod';

const result = z.object({
  changed: z.boolean().optional(),
  failed: z.boolean().optional(),
  unreachable: z.boolean().optional(),
  ignore_errors: z.boolean().optional(),
  msg: z.unknown().optional(),
  module_stderr: z.string().optional(),
  module_stdout: z.string().optional(),
  stderr: z.string().optional(),
  censored: z.string().optional(),
});

/** Gathering facts fails by the modules that it runs. */
const resultWithParts = result.extend({ failed_modules: z.record(z.string(), result).optional() });

const counts = z.object({ changed: z.number(), failures: z.number(), unreachable: z.number(), ok: z.number() });

const taskEvent = z.object({
  _event: z.enum(['v2_runner_on_ok', 'v2_runner_on_failed', 'v2_runner_on_unreachable']),
  task: z.object({ name: z.string() }),
  hosts: z.record(z.string(), resultWithParts),
});
const startEvent = z.object({
  _event: z.enum(['v2_playbook_on_task_start', 'v2_playbook_on_handler_task_start', 'v2_runner_on_start']),
  task: z.object({ name: z.string() }),
});
const statsEvent = z.object({
  _event: z.literal('v2_playbook_on_stats'),
  stats: z.record(z.string(), counts),
  global_custom_stats: z.record(z.string(), z.unknown()).optional(),
});

export type PlayEvent =
  | { readonly kind: 'task'; readonly task: string }
  | { readonly kind: 'changed'; readonly task: string }
  | { readonly kind: 'failed' | 'unreachable'; readonly task: string; readonly why: string }
  | { readonly kind: 'end'; readonly changed: number; readonly told: Readonly<Record<string, unknown>> };

/** Characters of a message that go into a record: some modules answer with pages. */
const LONGEST = 500;

/** One line of output; `undefined` for what is no event, or none that matters. */
export function parseEvent(line: string): PlayEvent | undefined {
  const json = parseJson(line);
  const start = startEvent.safeParse(json);
  if (start.success) return { kind: 'task', task: start.data.task.name };
  const end = statsEvent.safeParse(json);
  if (end.success) {
    const changed = Object.values(end.data.stats).reduce((sum, host) => sum + host.changed, 0);
    return { kind: 'end', changed, told: end.data.global_custom_stats ?? {} };
  }
  const task = taskEvent.safeParse(json);
  return task.success ? taskOutcome(task.data) : undefined;
}

function taskOutcome({ _event, task, hosts }: z.infer<typeof taskEvent>): PlayEvent | undefined {
  const [host] = Object.values(hosts);
  if (host === undefined) return undefined;
  if (_event === 'v2_runner_on_ok') return host.changed === true ? { kind: 'changed', task: task.name } : undefined;
  return {
    kind: _event === 'v2_runner_on_unreachable' ? 'unreachable' : 'failed',
    task: task.name,
    why: whyOf(host),
  };
}

type Result = z.infer<typeof resultWithParts>;

/** What a task without a log says stays unsaid. */
function whyOf({ censored, msg, stderr, module_stderr, module_stdout, failed_modules }: Result): string {
  if (censored !== undefined) return 'its output is kept secret';
  const parts = [
    typeof msg === 'string' ? msg : JSON.stringify(msg),
    lastOf(stderr),
    lastOf(module_stderr) ?? lastOf(module_stdout),
  ];
  for (const part of Object.values(failed_modules ?? {})) parts.push(whyOf(part));
  const text = parts.filter((part) => part !== undefined && part !== '').join(': ');
  return withoutSignatures(text).slice(0, LONGEST);
}

function lastOf(text = ''): string | undefined {
  const last = text.trim().split('\n').at(-1)?.trim();
  return last === '' ? undefined : last;
}

/** A signed address opens an object to whoever reads it. */
const withoutSignatures = (text: string): string => text.replace(/(https?:\/\/[^\s?'"]+)\?[^\s'"]*/g, '$1?…');

function parseJson(line: string): unknown {
  if (!line.startsWith('{')) return undefined;
  try {
    return JSON.parse(line);
  } catch {
    // A module printed something that begins like an event.
    return undefined;
  }
}
