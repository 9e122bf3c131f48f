/** The commands of Temporal's CLI that TAAF runs for its own server. */
import { NAMESPACE } from '../domain/ids.js';

export interface ServerPorts {
  /** gRPC: workers and clients. */
  readonly grpc: number;
  /** Web UI. */
  readonly ui: number;
}

export const LOOPBACK = '127.0.0.1';

/** How long finished seasons can be looked at. The server's own default is one day. */
const RETENTION = '90d';

export const addressOf = ({ grpc }: ServerPorts): string => `${LOOPBACK}:${grpc}`;
export const uiAddressOf = ({ ui }: ServerPorts): string => `http://${LOOPBACK}:${ui}`;

/** The development server on a file, reachable from this computer only. */
export const serverArgv = (temporal: string, ports: ServerPorts, database: string): string[] => [
  ...[temporal, 'server', 'start-dev', '--ip', LOOPBACK, '--port', String(ports.grpc)],
  ...['--ui-ip', LOOPBACK, '--ui-port', String(ports.ui), '--ui-disable-news-fetch'],
  ...['--db-filename', database, '--namespace', NAMESPACE, '--log-format', 'json'],
];

/** The user's own Temporal profile is about another server. */
const toOwn = (ports: ServerPorts): string[] => [
  ...['--address', addressOf(ports), '--disable-config-env', '--disable-config-file'],
];

/** Ends well when the server answers. */
export const healthArgv = (temporal: string, ports: ServerPorts): string[] => [
  ...[temporal, 'operator', 'cluster', 'health', ...toOwn(ports)],
];

export const retentionArgv = (temporal: string, ports: ServerPorts): string[] => [
  ...[temporal, 'operator', 'namespace', 'update', '--namespace', NAMESPACE, '--retention', RETENTION, ...toOwn(ports)],
];
