/** The real program on a real terminal: only there signals, cursor and screen size are what they are. */
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connect } from '../../src/cli/client.js';
import { seasonClient } from '../../src/cli/season-client.js';
import { seasonInput } from '../../src/cli/season-input.js';
import { seasonWorkflowId } from '../../src/domain/ids.js';
import { seasonRegistry } from '../../src/seasons/registry.js';
import { bundle } from '../helpers/bundle.js';
import { temporaryFolder } from '../helpers/folder.js';
import { temporalServer, withWorker } from '../helpers/temporal.js';
import { until } from '../helpers/until.js';
import { makeWorld } from '../workflows/world.js';
import { planOf, recordOf } from './plans.js';

const TIME_SCALE = 200;
const CTRL_C = '\u0003';
const terminal = join(import.meta.dirname, '..', 'fixtures', 'terminal.py');
let server: TestWorkflowEnvironment;
let program: string;
beforeAll(async () => {
  [server, program] = await Promise.all([temporalServer(), bundle('src/cli/main.ts', 'taaf')]);
});
afterAll(() => server.teardown());

interface Shown {
  readonly code: number | undefined;
  readonly text: string;
}

/** Watches a season that is stuck in the middle, until its episode is seen to render; then Ctrl-C is typed. */
async function watch(rows: number, columns: number): Promise<Shown> {
  const home = await temporaryFolder();
  const plan = planOf(`show-${randomUUID().slice(0, 8)}`, ['one', 'two']);
  await seasonRegistry(join(home, 'data')).save(recordOf(plan, home), plan);
  const env = {
    TAAF_HOME: home,
    TEMPORAL_ADDRESS: server.address,
    TEMPORAL_NAMESPACE: 'default',
    TERM: 'xterm-256color',
  };
  const world = makeWorld(() => server.client, TIME_SCALE);
  world.frozen = true;
  return withWorker(server, world.activities, async () => {
    const temporal = await connect(env);
    const options = {
      planHash: 'x',
      pools: [{ name: plan.season, limit: 1, units: 1 }],
      width: 1,
      timeScale: TIME_SCALE,
    };
    await seasonClient(temporal).start(seasonInput(plan, options));
    const argv = [terminal, String(rows), String(columns), process.execPath, program, 'watch'];
    const child = execa('python3', argv, { env, extendEnv: true, reject: false });
    let text = '';
    child.stdout.on('data', (chunk: Buffer) => (text += chunk.toString('utf8')));
    await until(() => text.includes('waiting'), `"waiting" in ${text}`);
    child.stdin.write(CTRL_C);
    const { exitCode } = await child;
    await server.client.workflow.getHandle(seasonWorkflowId(plan.season)).terminate();
    await temporal.close();
    return { code: exitCode, text };
  });
}

describe('taaf watch on a terminal', () => {
  it('draws one picture, and Ctrl-C leaves with a word about what goes on', async () => {
    const { code, text } = await watch(24, 80);
    expect(code).toBe(0);
    expect(text).toContain('Rendering continues in the background; `taaf cancel` stops it.');
    expect(text).toContain('░░░░');
    // The cursor is hidden while the picture is drawn, and given back.
    expect(text.lastIndexOf('\u001b[?25h')).toBeGreaterThan(text.lastIndexOf('\u001b[?25l'));
  });

  it('tells events line by line where the terminal does not know its height', async () => {
    const { code, text } = await watch(0, 80);
    expect(code).toBe(0);
    expect(text).toContain('one: waiting');
    expect(text).not.toContain('\u001b[?25l');
    expect(text).toContain('Rendering continues in the background');
  });
});
