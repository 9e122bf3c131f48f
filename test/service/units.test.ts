/** The texts of the user services, and what is done with them: judged by systemd itself, and by programs that only write down. */
import { execFileSync, spawnSync } from 'node:child_process';
import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { taafPaths } from '../../src/config/paths.js';
import { detachedArgv } from '../../src/service/detached.js';
import { installServices, removeServices, servicesStatus } from '../../src/service/install.js';
import { launcher } from '../../src/service/launch.js';
import { serviceManager } from '../../src/service/manager.js';
import { roles } from '../../src/service/places.js';
import { launchdPlist, STOP_SECONDS, systemdUnit, unitName } from '../../src/service/units.js';

const path = process.env['PATH'] ?? '';
let home: string;

beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'taaf-units-'));
});
afterEach(async () => {
  process.env['PATH'] = path;
  await rm(home, { recursive: true });
});

const facts = {
  node: process.execPath,
  program: '/opt/it’s 100% "TAAF" $HOME\\x/service.js',
  env: { TAAF_HOME: '/data/50% full "x"' },
  stopSeconds: STOP_SECONDS,
};

describe('a systemd unit', () => {
  const hasSystemd = spawnSync('systemd-analyze', ['--version']).status === 0;

  it.skipIf(!hasSystemd).each(roles)('of the %s passes systemd’s own check', async (role) => {
    for (const each of roles) await writeFile(join(home, unitName(each)), systemdUnit(each, facts));
    const { stderr } = spawnSync('systemd-analyze', ['--user', 'verify', join(home, unitName(role))], {
      encoding: 'utf8',
      env: { ...process.env, XDG_RUNTIME_DIR: home },
    });
    expect(stderr.split('\n').filter((line) => line.includes('taaf-'))).toEqual([]);
  });

  it('keeps odd characters of paths from being read as something else', () => {
    const text = systemdUnit('server', facts);
    expect(text).toContain(
      `ExecStart="${process.execPath}" "/opt/it’s 100%% \\"TAAF\\" $$HOME\\\\x/service.js" "server"`,
    );
    expect(text).toContain('Environment="TAAF_HOME=/data/50%% full \\"x\\""');
  });

  it('starts again after a crash, but not after what no start can mend', () => {
    const text = systemdUnit('worker', facts);
    for (const line of [
      'Restart=on-failure',
      'RestartPreventExitStatus=78',
      'KillMode=mixed',
      'After=taaf-server.service',
    ]) {
      expect(text).toContain(`${line}\n`);
    }
  });
});

describe('a launchd agent', () => {
  it('is well-formed and carries program, environment and label', () => {
    const text = launchdPlist('worker', { ...facts, env: { A: '<&>' } });
    const read = execFileSync(
      'python3',
      ['-c', 'import json,plistlib,sys; print(json.dumps(plistlib.loads(sys.stdin.buffer.read())))'],
      {
        input: text,
        encoding: 'utf8',
      },
    );
    expect(JSON.parse(read)).toMatchObject({
      Label: 'dev.taaf.worker',
      ProgramArguments: [process.execPath, facts.program, 'worker'],
      EnvironmentVariables: { A: '<&>' },
      KeepAlive: { SuccessfulExit: false },
      AbandonProcessGroup: true,
    });
  });

  it('is started, asked for and removed by launchctl', () => {
    const manager = serviceManager({}, 'darwin');
    expect(manager?.file('server')).toMatch(/Library\/LaunchAgents\/dev\.taaf\.server\.plist$/);
    expect(manager?.install[0]?.slice(0, 3)).toEqual(['launchctl', 'bootstrap', `gui/${userInfo().uid}`]);
    expect(manager?.remove).toHaveLength(2);
  });
});

describe('a program that must outlive the worker’s service', () => {
  const argv = ['/usr/bin/node', 'agent.js'];

  it('gets a scope of its own inside a unit, and is left as it is elsewhere', () => {
    expect(detachedArgv(argv, 'taaf-agent-e01', {})).toEqual(argv);
    expect(detachedArgv(argv, 'taaf-agent-e01', { TAAF_UNIT: 'taaf-worker.service' })).toEqual([
      ...['systemd-run', '--user', '--scope', '--collect', '--quiet', '--unit=taaf-agent-e01', '--', ...argv],
    ]);
  });
});

describe.skipIf(process.platform !== 'linux')('the services', () => {
  const told: string[] = [];
  const env = () => ({ XDG_CONFIG_HOME: join(home, 'config'), TAAF_HOME: home, PATH: '/usr/bin' });
  const calls = async () => (await readFile(join(home, 'calls'), 'utf8')).trim().split('\n');

  /** systemctl and loginctl that write down what they are asked; loginctl's answer is given. */
  async function pretend(loginctl: string): Promise<void> {
    const bin = join(home, 'bin');
    await mkdir(bin);
    const write = `echo "$(basename "$0") $*" >> ${join(home, 'calls')}\n`;
    await writeFile(join(bin, 'systemctl'), `#!/bin/sh\n${write}`);
    await writeFile(join(bin, 'loginctl'), `#!/bin/sh\n${write}${loginctl}\n`);
    for (const name of ['systemctl', 'loginctl']) await chmod(join(bin, name), 0o755);
    process.env['PATH'] = `${bin}:${path}`;
    told.length = 0;
  }
  const options = () => ({
    program: '/opt/taaf/service.js',
    env: env(),
    report: (line: string) => void told.push(line),
  });

  it('are written, enabled, started and kept over a log-out, then removed again', async () => {
    await pretend('echo yes');
    await installServices(options());
    const unit = await readFile(join(home, 'config', 'systemd', 'user', 'taaf-worker.service'), 'utf8');
    expect(unit).toContain(`Environment="TAAF_HOME=${home}"`);
    expect(await calls()).toEqual([
      'systemctl --user show-environment',
      'systemctl --user daemon-reload',
      'systemctl --user enable --now taaf-server.service taaf-worker.service',
      `loginctl enable-linger ${userInfo().username}`,
    ]);
    expect(told.at(-1)).toContain('lingering is on');
    expect(await servicesStatus(env())).toMatchObject({
      manager: 'systemd',
      lingers: true,
      services: [{ active: true }, { active: true }],
    });

    await launcher(taafPaths({ TAAF_HOME: home }), '/opt/taaf/service.js', env())('server');
    expect((await calls()).at(-1)).toBe('systemctl --user start taaf-server.service');

    await removeServices(options());
    expect((await servicesStatus(env())).services.map(({ file }) => file)).toEqual([undefined, undefined]);
    expect(await calls()).toContain('systemctl --user disable --now taaf-server.service taaf-worker.service');
  });

  it('say why they end at log-out, and who can change it', async () => {
    await pretend('echo "Access denied" >&2; exit 1');
    await installServices(options());
    expect(told.at(-1)).toMatch(/end when you log out.*Access denied.*As administrator: loginctl enable-linger/);
  });

  it('are refused with the way to do without where the user has no manager', async () => {
    await pretend('');
    await writeFile(join(home, 'bin', 'systemctl'), '#!/bin/sh\necho "Failed to connect to bus" >&2; exit 1\n');
    await expect(installServices(options())).rejects.toMatchObject({
      kind: 'unsupported',
      next: expect.stringContaining('taaf up') as string,
    });
  });
});
