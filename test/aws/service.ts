/** The double of AWS is one HTTP server of several services that share a world: this is what a service is given, and what it shares. */
import type { IncomingMessage, ServerResponse } from 'node:http';

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

/** What the services know of each other. Times are milliseconds of the double's own clock, which runs `timeScale` times as fast as ours. */
export interface World {
  readonly account: string;
  readonly region: string;
  readonly timeScale: number;
  /** Folder for everything: buckets, machines. */
  readonly folder: string;
  readonly now: () => number;
  /** SSM documents and parameters by name; CloudFormation makes documents, SSM runs them. */
  readonly documents: Map<string, { readonly content: string }>;
  readonly parameters: Map<string, { readonly value: string; readonly secure: boolean }>;
  /** Roles, instance profiles, security groups, by name or id. */
  readonly resources: Map<string, { readonly type: string; readonly properties: unknown }>;
  /** What happened, in order: every call and every effect, for assertions and for people. */
  readonly journal: (event: { readonly kind: string } & Record<string, unknown>) => void;
}
