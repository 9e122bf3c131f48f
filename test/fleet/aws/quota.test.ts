/** Quotas and rights before any money is spent, against the double. */
import { describe, expect, it } from 'vitest';
import { machinesAllowed, quotaOf, vCpusInUse, vCpusOf } from '../../../src/fleet/aws/quota.js';
import { failureOf } from './failure-of.js';
import { placeOf, ref } from './fleet.js';
import { region } from './region.js';

describe('the quotas of GPU machines', () => {
  it('are two, in vCPUs, and what runs counts against its own', async () => {
    const here = await region({ quotas: { spot: 16, 'on-demand': 0 } });
    const clients = here.deps.clients(placeOf());
    expect(await quotaOf(clients, 'spot')).toEqual({
      code: 'L-3819A6DF',
      name: 'All G and VT Spot Instance Requests',
      vCpus: 16,
    });
    expect((await quotaOf(clients, 'on-demand')).vCpus).toBe(0);
    await here.fleet.launch(ref(), here.watch);
    expect([await vCpusInUse(clients, 'spot'), await vCpusInUse(clients, 'on-demand')]).toEqual([4, 0]);
    await here.fleet.release(ref(), here.watch);
    expect(await vCpusInUse(clients, 'spot')).toBe(0);
  });

  it('say how many machines of the largest type fit, and refuse none with the command that asks for more (E7)', async () => {
    const here = await region({ quotas: { spot: 20, 'on-demand': 4 } });
    const clients = here.deps.clients(placeOf());
    const types = ['g6.xlarge', 'g6.2xlarge'];
    expect(Object.fromEntries(await vCpusOf(clients, types))).toEqual({ 'g6.xlarge': 4, 'g6.2xlarge': 8 });
    expect(await machinesAllowed(clients, placeOf(), 'spot', types)).toMatchObject({ machines: 2, vCpusEach: 8 });
    const profiled = { ...placeOf(), profile: 'films' };
    const failure = await failureOf(machinesAllowed(clients, profiled, 'on-demand', types));
    expect(failure).toMatchObject({ kind: 'quota', evidence: '4 vCPUs allowed, 8 wanted' });
    expect(failure.next).toContain('--quota-code L-DB2E81BA --desired-value 8 --region us-east-1 --profile films');
  });
});
