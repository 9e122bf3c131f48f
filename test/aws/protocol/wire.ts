/** The three protocols of services with named actions: EC2's query, the plain query, JSON 1.1. */
import type { Call } from '../service.js';
import { AwsError } from './error.js';
import { decodeJson, encodeJson } from './json.js';
import type { Operation } from './operation.js';
import { decodeQuery } from './query.js';
import type { Shape } from './shape.js';
import { element, encodeXml, escapeXml } from './xml.js';

export interface Wire {
  readonly contentType: string;
  readonly codes: Codes;
  readonly action: (call: Call, body: string) => string;
  readonly decode: (shape: Shape, body: string) => unknown;
  readonly encode: (operation: Operation, answer: unknown, requestId: string) => string;
  readonly encodeError: (error: AwsError, requestId: string) => string;
  readonly errorHeaders: (error: AwsError) => Record<string, string>;
}

/** A service's own words for what every service may answer. */
export interface Codes {
  readonly unknownAction: string;
  readonly throttled: string;
  readonly throttledStatus: number;
  readonly denied: string;
  readonly deniedStatus: number;
  readonly expired: string;
  readonly expiredStatus: number;
  readonly internal: string;
}

const queryCodes: Codes = {
  unknownAction: 'InvalidAction',
  throttled: 'Throttling',
  throttledStatus: 400,
  denied: 'AccessDenied',
  deniedStatus: 403,
  expired: 'ExpiredToken',
  expiredStatus: 403,
  internal: 'InternalFailure',
};

const formAction = (_call: Call, body: string): string => new URLSearchParams(body).get('Action') ?? '';

function formFields(body: string, version: string): URLSearchParams {
  const fields = new URLSearchParams(body);
  if (fields.get('Version') !== version)
    throw new AwsError('InvalidParameterValue', `Version ${version} expected, not ${String(fields.get('Version'))}`);
  return fields;
}

/** @param version of the API, such as `2016-11-15` */
export const ec2Wire = (version: string): Wire => ({
  contentType: 'text/xml;charset=UTF-8',
  codes: {
    ...queryCodes,
    throttled: 'RequestLimitExceeded',
    throttledStatus: 503,
    denied: 'UnauthorizedOperation',
    expired: 'RequestExpired',
    expiredStatus: 400,
    internal: 'InternalError',
  },
  action: formAction,
  decode: (shape, body) => decodeQuery(shape, formFields(body, version), 'ec2'),
  encode: ({ name, output }, answer, requestId) =>
    `<${name}Response xmlns="http://ec2.amazonaws.com/doc/${version}/">` +
    element('requestId', requestId) +
    encodeXml(output, answer) +
    `</${name}Response>`,
  encodeError: ({ code, message }, requestId) =>
    element(
      'Response',
      element('Errors', element('Error', element('Code', escapeXml(code)) + element('Message', escapeXml(message)))) +
        element('RequestID', requestId),
    ),
  errorHeaders: () => ({}),
});

/** @param namespace of the answers, such as `https://sts.amazonaws.com/doc/2011-06-15/` */
export const queryWire = (version: string, namespace: string): Wire => ({
  contentType: 'text/xml',
  codes: queryCodes,
  action: formAction,
  decode: (shape, body) => decodeQuery(shape, formFields(body, version), 'query'),
  encode: ({ name, output }, answer, requestId) =>
    `<${name}Response xmlns="${namespace}">` +
    (output.kind === 'unit' ? '' : element(`${name}Result`, encodeXml(output, answer))) +
    element('ResponseMetadata', element('RequestId', requestId)) +
    `</${name}Response>`,
  encodeError: ({ code, message, status }, requestId) =>
    `<ErrorResponse xmlns="${namespace}">` +
    element(
      'Error',
      element('Type', status < 500 ? 'Sender' : 'Receiver') +
        element('Code', escapeXml(code)) +
        element('Message', escapeXml(message)),
    ) +
    element('RequestId', requestId) +
    '</ErrorResponse>',
  errorHeaders: () => ({}),
});

/** @param target prefix of the header that names the action, such as `AmazonSSM` */
export const jsonWire = (target: string): Wire => ({
  contentType: 'application/x-amz-json-1.1',
  codes: {
    unknownAction: 'UnknownOperationException',
    throttled: 'ThrottlingException',
    throttledStatus: 400,
    denied: 'AccessDeniedException',
    deniedStatus: 400,
    expired: 'ExpiredTokenException',
    expiredStatus: 400,
    internal: 'InternalServerError',
  },
  action: ({ request }) => {
    const [prefix, action] = String(request.headers['x-amz-target']).split('.');
    return prefix === target ? (action ?? '') : '';
  },
  decode: (shape, body) => decodeJson(shape, parsed(body)),
  encode: ({ output }, answer) => JSON.stringify(encodeJson(output, answer)),
  encodeError: ({ code, message }) => JSON.stringify({ __type: code, message }),
  errorHeaders: ({ code }) => ({ 'x-amzn-errortype': code }),
});

function parsed(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    throw new AwsError('SerializationException', 'The body is no JSON');
  }
}
