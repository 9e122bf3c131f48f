/** The request that makes a machine, and the first lines that the machine runs: pure, and checked word by word. */
import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { MachineSystem } from '../../../src/domain/aws.js';
import { clientToken, runRequest, type RequestInput } from '../../../src/fleet/aws/request.js';
import { userData } from '../../../src/fleet/aws/user-data.js';

const DEADLINE = Date.UTC(2026, 10, 26, 9, 5, 7);

const input = (market: 'spot' | 'on-demand' = 'spot', system: MachineSystem = 'windows'): RequestInput => ({
  place: {
    region: 'us-east-1',
    account: '123456789012',
    install: '00112233445566ff',
    installBucket: 'b',
    bucket: 's',
  },
  ref: { season: 'voyager-s1-9f86d081', episode: 'e03-5feceb66', machine: 'e03-5feceb66-l2' },
  order: { system, types: ['g6.2xlarge'], market, volumeGiB: 200, deadlineSeconds: 129_600 },
  placement: { type: 'g6.2xlarge', zone: 'us-east-1b', subnet: 'subnet-1', market },
  number: 3,
  image: { id: 'ami-1', rootDevice: '/dev/sda1' },
  securityGroup: 'sg-1',
  deadline: DEADLINE,
  bootSeconds: 2700,
  version: '0.2.0',
});

describe('the request', () => {
  it('asks for one machine that cannot stay, hide or be reached', () => {
    const request = runRequest(input());
    expect(request).toMatchObject({
      MinCount: 1,
      MaxCount: 1,
      ImageId: 'ami-1',
      InstanceType: 'g6.2xlarge',
      IamInstanceProfile: { Name: 'taaf-00112233445566ff-machine-us-east-1' },
      InstanceInitiatedShutdownBehavior: 'terminate',
      InstanceMarketOptions: { MarketType: 'spot', SpotOptions: { SpotInstanceType: 'one-time' } },
      MetadataOptions: { HttpTokens: 'required', HttpPutResponseHopLimit: 1 },
      NetworkInterfaces: [{ SubnetId: 'subnet-1', Groups: ['sg-1'], DeleteOnTermination: true }],
      BlockDeviceMappings: [
        {
          DeviceName: '/dev/sda1',
          Ebs: { VolumeSize: 200, VolumeType: 'gp3', Encrypted: true, DeleteOnTermination: true },
        },
      ],
    });
    expect(request).not.toHaveProperty('KeyName');
    expect(runRequest(input('on-demand'))).not.toHaveProperty('InstanceMarketOptions');
  });

  it('names instance, volume and network interface alike, in opaque words', () => {
    const specifications = runRequest(input()).TagSpecifications ?? [];
    expect(specifications.map(({ ResourceType }) => ResourceType)).toEqual(['instance', 'volume', 'network-interface']);
    for (const { Tags = [] } of specifications) {
      expect(Object.fromEntries(Tags.map(({ Key, Value }) => [Key, Value]))).toEqual({
        'taaf:install': '00112233445566ff',
        'taaf:season': 'voyager-s1-9f86d081',
        'taaf:episode': 'e03-5feceb66',
        'taaf:machine': 'e03-5feceb66-l2',
        'taaf:launch': '2',
        'taaf:deadline': '2026-11-26T09:05:07.000Z',
        'taaf:version': '0.2.0',
        Name: 'taaf e03-5feceb66-l2',
      });
    }
  });

  it('has a token of its own for every install, season, machine and number, in 64 ASCII characters', () => {
    const word = fc.stringMatching(/^[a-z0-9-]{1,12}$/);
    const named = fc.tuple(word, word, word, fc.nat(50));
    const token = ([install, season, machine, number]: [string, string, string, number]): string =>
      clientToken(install, { season, machine, episode: 'any' }, number);
    fc.assert(
      fc.property(named, named, (a, b) => {
        expect(token(a)).toMatch(/^[\x21-\x7e]{1,64}$/);
        expect(token(a) === token(b)).toBe(JSON.stringify(a) === JSON.stringify(b));
      }),
    );
  });
});

describe('user data', () => {
  it('set the timer first on Windows, again at every boot, and a task for the deadline that no boot moves (E46, E47)', () => {
    expect(userData('windows', { bootSeconds: 2700, deadline: DEADLINE }).split('\r\n')).toEqual([
      '<script>',
      'shutdown /s /f /t 2700',
      'schtasks /create /f /ru SYSTEM /tn taaf-end-boot /sc onstart /tr "shutdown /s /f /t 2700"',
      'schtasks /create /f /ru SYSTEM /tn taaf-end-deadline /sc once /sd 11/26/2026 /st 09:05 /tr "shutdown /s /f /t 0"',
      '</script>',
      '',
    ]);
  });

  it('do the same on Linux', () => {
    const text = userData('linux', { bootSeconds: 2700, deadline: DEADLINE });
    expect(text.split('\n').slice(0, 2)).toEqual(['#!/bin/sh', 'shutdown -h +45']);
    expect(text).toContain('OnCalendar=2026-11-26 09:05:07 UTC');
    execFileSync('sh', ['-n'], { input: text });
  });

  it('fit into 16 KB, and round a timer of less than a minute up', () => {
    const shortest = { bootSeconds: 1, deadline: DEADLINE };
    expect(userData('linux', shortest)).toContain('shutdown -h +1\n');
    const systems: MachineSystem[] = ['windows', 'linux'];
    for (const system of systems) expect(Buffer.byteLength(userData(system, shortest))).toBeLessThan(16_384);
  });
});
