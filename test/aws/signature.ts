/** Whose request it is and for which service: read from the signature's scope, which the double does not verify. */
import type { IncomingMessage } from 'node:http';

export interface Scope {
  readonly accessKey: string;
  readonly region: string;
  readonly service: string;
}

/** @returns undefined for a request without a signature of AWS */
export function scopeOf(request: IncomingMessage, url: URL): Scope | undefined {
  const header = request.headers.authorization;
  const credential =
    header === undefined
      ? url.searchParams.get('X-Amz-Credential')
      : /^AWS4-HMAC-SHA256 .*\bCredential=([^,\s]+).*\bSignature=[0-9a-f]{64}$/.exec(header)?.[1];
  if (header === undefined && !/^[0-9a-f]{64}$/.test(url.searchParams.get('X-Amz-Signature') ?? '')) return undefined;
  const [accessKey, , region, service, end] = (credential ?? '').split('/');
  if (!accessKey || !region || !service || end !== 'aws4_request') return undefined;
  return { accessKey, region, service };
}
