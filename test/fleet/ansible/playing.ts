/** A play of the tests: on this computer, with everything that a real one has but the machine. */
import { resolve } from 'node:path';
import type { AgentSettings } from '../../../src/domain/agent.js';
import type { Play } from '../../../src/fleet/aws/ansible/play.js';

const LOCAL = JSON.stringify({
  all: { hosts: { machine: { ansible_connection: 'local', ansible_python_interpreter: '/usr/bin/python3' } } },
});

export const playOf = (playbook: string, python: string, folder: string, more: Partial<Play> = {}): Play => ({
  machine: 'e01-00000000-l1',
  python,
  playbooks: resolve('ansible'),
  playbook: resolve('test/fleet/ansible/playbooks', playbook),
  inventory: LOCAL,
  settings: {} as AgentSettings,
  variables: () => ({}),
  folder,
  limit: 600_000,
  signal: new AbortController().signal,
  report: () => undefined,
  ...more,
});
