/** `taaf notify test`: one message to every address, and what became of each. */
import { loadConfig } from '../../config/load.js';
import { configFile, taafPaths } from '../../config/paths.js';
import { Failure } from '../../domain/failures.js';
import type { Outcome } from '../../notify/apprise.js';
import { sendNotice } from '../../notify/send.js';
import type { ExitCode } from '../command.js';
import type { Context, Look } from '../context.js';
import { patiently } from '../patience.js';
import { printable } from '../views/text.js';
import { ready } from './setup.js';

const notice = { title: 'TAAF', body: 'This is a test: TAAF can reach you.' };

export async function notify({ action }: { readonly action: 'test' | undefined }, context: Context): Promise<ExitCode> {
  if (action === undefined) throw new Failure('usage', '<action> is missing', { next: 'Run: taaf notify test' });
  const { env, cwd } = context;
  const paths = taafPaths(env);
  const { config } = await loadConfig({ paths, env, cwd });
  if (config.notify.length === 0)
    throw new Failure('usage', 'Nobody is to be told: the configuration has no address', {
      next: `Add to ${configFile(paths)} a line such as: notify: [ntfy://ntfy.sh/my-topic]`,
    });
  const tools = await ready(context);
  const outcomes = await patiently(context, 'Telling every address', () => sendNotice(tools, config.notify, notice));
  context.result(outcomes, (look) => outcomes.map((outcome) => lineOf(outcome, look)).join('\n'));
  return outcomes.some(({ failure }) => failure !== undefined) ? 1 : 0;
}

const lineOf = ({ address, failure }: Outcome, look: Look): string =>
  failure === undefined
    ? `${look.paint('green', 'ok')}      ${address}`
    : `${look.paint('red', 'failed')}  ${address}: ${printable(failure.evidence ?? failure.what)}`;
