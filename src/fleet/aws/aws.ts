/** The AWS fleet: a machine is one EC2 instance, found by its tags; it is launched once, watched from outside, and confirmed gone. */
import { Failure } from '../../domain/failures.js';
import type { Fleet, MachineRef, Watch } from '../port.js';
import { siteOf, type AwsFleetDeps, type Site } from './deps.js';
import { findInstances, THERE } from './instances.js';
import { launch } from './launch.js';
import { limits } from './limits.js';
import { untilNextLook } from './look.js';
import { release } from './release.js';
import { status } from './status.js';
import { targetOf, type Leased } from './target.js';

export function awsFleet(deps: AwsFleetDeps): Fleet {
  return {
    name: 'aws',
    launch: (ref, watch) => launch(deps, ref, watch),
    async find(season) {
      const { ec2, place } = await siteOf(deps, season);
      const found = await findInstances(ec2, { install: place.install, season }, THERE);
      return [...new Set(found.map(({ machine }) => machine))].sort();
    },
    configure: (ref, watch) =>
      whileItLives(deps, ref, async (site) => {
        const target = await whenOnline(deps, site, ref, watch);
        if (target) await deps.configurer.configure(target, await deps.provision(ref, target.endsAt), watch);
      }),
    start: (ref, watch) =>
      whileItLives(deps, ref, async (site) => {
        if ((await status(deps, ref)).state !== 'launched') return;
        const target = await whenOnline(deps, site, ref, watch);
        if (target) await deps.remote.start(target, watch);
      }),
    status: (ref) => status(deps, ref),
    release: (ref, watch) => release(deps, ref, watch),
  };
}

/** A step that fails because its machine is gone is over: the watch, which comes next, tells why it is gone. */
async function whileItLives(deps: AwsFleetDeps, ref: MachineRef, step: (site: Site) => Promise<void>): Promise<void> {
  const site = await siteOf(deps, ref.season);
  try {
    await step(site);
  } catch (error) {
    if ((await status(deps, ref)).state !== 'lost') throw error;
  }
}

/** The machine as soon as SSM reaches it; `undefined` when it is gone before. */
async function whenOnline(deps: AwsFleetDeps, site: Site, ref: MachineRef, watch: Watch): Promise<Leased | undefined> {
  let began: number | undefined;
  for (;;) {
    const target = await targetOf(deps, site, ref);
    began ??= site.now();
    if (!target) {
      if ((await status(deps, ref)).state !== 'launched') return undefined;
    } else {
      const ping = await deps.remote.ping(target);
      if (ping === 'online') return target;
      watch.report(`${target.instanceId} boots (SSM: ${ping})`);
    }
    if (site.now() - began >= limits.boot) {
      throw new Failure('configure-failed', `The machine ${ref.machine} never registered with SSM`, {
        evidence: `${Math.round(limits.boot / 60_000)} minutes without a ping`,
        next: 'Check that its subnet reaches the internet: taaf aws check',
      });
    }
    await untilNextLook(deps, watch.signal);
  }
}
