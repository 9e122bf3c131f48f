/** The double of AWS is one HTTP server of several services that share a world: this is what a service is given, and what it shares. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';

/** A signed request, as the server has read it: the service and the region stand in the signature's scope (header, or query when presigned). */
export interface Call {
  readonly service: string;
  readonly region: string;
  readonly accessKey: string;
  readonly url: URL;
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
}

/** One service of the double, such as `s3` or `ec2`; it answers in its own protocol, errors included. */
export type Service = (call: Call) => Promise<void>;

/**
 * What a script wants of one call. A service asks for it when it knows the action, and does it in its own codes:
 * `throttled`, `denied`, `error` (500), `expired` (credentials); `drop-before` and `drop-after` reset the connection before the effect, or after it
 * and instead of the answer; `code` answers with `code` and `status`. `stuck` is for EC2's TerminateInstances: accepted, and nothing happens.
 */
export interface Fault {
  readonly kind: FaultKind;
  readonly code?: string;
  readonly status?: number;
}

export const faultKinds = [
  'throttled',
  'denied',
  'error',
  'expired',
  'drop-before',
  'drop-after',
  'code',
  'stuck',
] as const;
export type FaultKind = (typeof faultKinds)[number];

/** Who signs with an access key: the laptop, or a machine with its role. */
export interface Caller {
  readonly arn: string;
  /** Set for a machine. */
  readonly instanceId?: string;
}

/** A launched Linux machine, as something that programs are started on. */
export interface MachineHost {
  readonly instanceId: string;
  /** The machine's disk: `bin` first on its PATH, `root` for TAAF, `log`. */
  readonly folder: string;
  /** Whole environment of its processes; it carries the mark by which they are found and killed. */
  readonly environment: Readonly<Record<string, string>>;
}

/** What the services know of each other. Times are milliseconds of the double's own clock, which runs `timeScale` times as fast as ours. */
export interface World {
  readonly account: string;
  readonly region: string;
  readonly timeScale: number;
  /** Folder for everything: buckets, machines. */
  readonly folder: string;
  /** Address of the double, such as `http://127.0.0.1:4567`. */
  readonly url: () => string;
  readonly now: () => number;
  /** Calls `act` at a time of the double's clock; returns how to call it off. */
  readonly at: (time: number, act: () => void) => () => void;
  /** SSM documents and parameters by name; CloudFormation makes documents, SSM runs them. */
  readonly documents: Map<string, { readonly content: string }>;
  readonly parameters: Map<string, { readonly value: string; readonly secure: boolean }>;
  /** Roles, instance profiles, security groups, by name or id. */
  readonly resources: Map<string, { readonly type: string; readonly properties: unknown }>;
  /** What happened, in order: every call and every effect, for assertions and for people. */
  readonly journal: (event: { readonly kind: string } & Record<string, unknown>) => void;
  /** What a script wants of this call, once for each call. */
  readonly fault: (call: Call, action: string) => Fault | undefined;
  readonly caller: (accessKey: string) => Caller;
  /** The machine, from its boot to its end. */
  readonly machine: (instanceId: string) => MachineHost | undefined;
}

/** The other side of SSM's sessions: who is told a stream's address may open a shell on that machine. */
export interface SessionChannel {
  /** `undefined`: no such machine, or it is not up. */
  readonly start: (instanceId: string) => StartedSession | undefined;
  /** `undefined`: no such session. */
  readonly resume: (sessionId: string) => StartedSession | undefined;
  readonly terminate: (sessionId: string) => void;
  /** For the server's `upgrade` event; false when the address is no data channel's. */
  readonly upgrade: (request: IncomingMessage, socket: Duplex, head: Buffer) => boolean;
  readonly close: () => void;
}

export interface StartedSession {
  readonly SessionId: string;
  readonly TokenValue: string;
  readonly StreamUrl: string;
}
