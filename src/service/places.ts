/** Names of the files by which the server, the worker and those who steer them find each other. */
import { join } from 'node:path';
import type { TaafPaths } from '../config/paths.js';

/** What runs in the background: Temporal's server, and the worker. */
export const roles = ['server', 'worker'] as const;
export type Role = (typeof roles)[number];

/** Held by the supervisor and its child; its text is the supervisor's process id. */
export const lockOf = (paths: TaafPaths, role: Role): string => join(paths.state, `${role}.lock`);
/** What the running one says of itself; there only while it is ready. */
export const recordOf = (paths: TaafPaths, role: Role): string => join(paths.state, `${role}.json`);
/** Why the last start was given up. */
export const problemOf = (paths: TaafPaths, role: Role): string => join(paths.state, `${role}.problem.json`);
/** The last words of a supervisor that ended before it could write a log. */
export const errorsOf = (paths: TaafPaths, role: Role): string => join(paths.log, `${role}.err`);
export const logOf = (paths: TaafPaths, role: Role): string => join(paths.log, `${role}.log`);

export const databaseOf = (paths: TaafPaths): string => join(paths.state, 'temporal.db');
/** The ports of the last server: the next one takes them again, since a worker may be waiting there. */
export const portsOf = (paths: TaafPaths): string => join(paths.state, 'ports.json');
