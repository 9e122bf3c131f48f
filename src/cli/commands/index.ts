/** Every command, in the order in which help lists them. */
import type { Command } from '../command.js';
import { approve } from './approve.js';
import { aws } from './aws.js';
import { cadence } from './cadence.js';
import { cancel } from './cancel.js';
import { doctor } from './doctor.js';
import { list } from './list.js';
import { logs } from './logs.js';
import { notify } from './notify.js';
import { pause, resume } from './pause.js';
import { plan } from './plan.js';
import { preview } from './preview.js';
import { profiles } from './profiles.js';
import { report } from './report.js';
import { retry } from './retry.js';
import { setup } from './setup.js';
import { status } from './status.js';
import { submit } from './submit.js';
import { down, up } from './up.js';
import { watch } from './watch.js';
import { why } from './why.js';
import { worker } from './worker.js';

export const commands: readonly Command[] = [
  submit,
  plan,
  preview,
  cadence,
  status,
  watch,
  list,
  logs,
  why,
  report,
  retry,
  approve,
  cancel,
  pause,
  resume,
  profiles,
  aws,
  notify,
  up,
  down,
  worker,
  setup,
  doctor,
];
