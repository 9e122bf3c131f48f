/** All activities, from ports. */
import type { Activities } from '../workflows/activities.js';
import { assembleActivities } from './assemble.js';
import { collectActivities } from './collect.js';
import { machineActivities } from './machines.js';
import type { Ports } from './ports.js';
import { prepareActivities } from './prepare.js';
import { seasonActivities } from './season.js';

export const createActivities = (ports: Ports): Activities => ({
  ...prepareActivities(ports),
  ...collectActivities(ports),
  ...assembleActivities(ports),
  ...machineActivities(ports),
  ...seasonActivities(ports),
});
