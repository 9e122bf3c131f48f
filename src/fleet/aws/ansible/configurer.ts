/** Brings a machine into the state that its profile needs, by Ansible on this computer: wait for SSM, play, reboot where a role asks for it, play again. */
import { join } from 'node:path';
import type { AwsClients } from '../../../aws/clients.js';
import { packageRoot } from '../../../config/package-root.js';
import type { AwsPlace } from '../../../domain/aws.js';
import { lasting } from '../../../domain/durations.js';
import { Failure } from '../../../domain/failures.js';
import { pause } from '../../../process/pause.js';
import type { Watch } from '../../port.js';
import type { Configurer, Provision, Target } from '../ports.js';
import type { SsmRemote } from '../ssm/remote.js';
import { inventoryOf, type Connection } from './inventory.js';
import { runPlay } from './play.js';
import { reboot } from './reboot.js';
import { signedUrls } from './urls.js';
import { variablesOf } from './variables.js';
import type { PlayOutcome } from './verdict.js';

export interface AnsibleDeps {
  readonly clients: (place: AwsPlace) => AwsClients;
  readonly remote: Pick<SsmRemote, 'ping' | 'boot'>;
  /** Python of the environment with Ansible; makes it where there is none, and says so. */
  readonly python: (target: Target, watch: Watch) => Promise<string>;
  /** How a machine is reached. */
  readonly connection: (target: Target) => Connection | Promise<Connection>;
  /** Folder of this computer for what runs: a folder in it for each machine. */
  readonly folder: string;
  readonly timeScale: number;
  /** Milliseconds that one play may take: real ones, since a play is a real program. */
  readonly limit: number;
  /** See `Reach`. */
  readonly pathStyle: boolean;
}

/** Half an hour: installers come from the same region. The machine ends itself 45 minutes after its boot, and must be ready before. */
export const PLAY_LIMIT_MS = 1_800_000;

/** NVIDIA's driver asks for one; a second is one too many to be an accident. */
const MOST_REBOOTS = 2;

export function ansibleConfigurer(deps: AnsibleDeps): Configurer {
  return {
    async configure(target, provision, watch) {
      const python = await deps.python(target, watch);
      await online(target, deps, watch);
      for (let reboots = 0; ; reboots += 1) {
        const { changed, needsReboot } = await play(target, provision, { ...deps, python }, watch);
        if (!needsReboot) {
          watch.report(changed === 0 ? 'configured, nothing had to change' : `configured, ${changed} changes`);
          return;
        }
        if (reboots === MOST_REBOOTS)
          throw new Failure('configure-failed', `${target.ref.machine} asks for one reboot after another`);
        const { remote, timeScale } = deps;
        await reboot(target, { clients: deps.clients(target.place), remote, timeScale }, watch);
      }
    },
  };
}

interface Playing extends Omit<AnsibleDeps, 'python'> {
  readonly python: string;
}

async function play(target: Target, provision: Provision, deps: Playing, watch: Watch): Promise<PlayOutcome> {
  const { place, ref, instanceId, system } = target;
  const urls = await signedUrls(deps.clients(place), target, provision);
  const connection = await deps.connection(target);
  return runPlay({
    machine: ref.machine,
    python: deps.python,
    playbooks: join(packageRoot(), 'ansible'),
    playbook: `${system}.yml`,
    inventory: inventoryOf({ place, instanceId, system, connection, pathStyle: deps.pathStyle }),
    settings: provision.settings,
    variables: (files) => variablesOf(target, provision, urls, files),
    profile: place.profile,
    folder: join(deps.folder, ref.season, ref.machine),
    limit: deps.limit,
    ...watch,
  });
}

/** SSM's agent on the machine has said that it is there. @throws Failure `machine-lost` when it does not in time */
async function online(target: Target, { remote, timeScale }: AnsibleDeps, { signal, report }: Watch): Promise<void> {
  const deadline = performance.now() + lasting('machineBoot', timeScale);
  for (;;) {
    const ping = await remote.ping(target);
    if (ping === 'online') return;
    if (performance.now() > deadline) {
      throw new Failure('machine-lost', `${target.ref.machine} did not register with SSM in time`, {
        evidence: `${target.instanceId}: ${ping}`,
      });
    }
    report('waiting for the machine to boot');
    await pause(lasting('machineLook', timeScale), signal);
    if (signal.aborted) throw new Failure('cancelled', `Waiting for ${target.ref.machine} was stopped`);
  }
}
