/** Requests and answers of the JSON protocol (SSM, quotas): checked against the model, both ways. */
import { AwsError } from './error.js';
import type { Shape } from './shape.js';

/** @throws AwsError `SerializationException` or `ValidationException` for what the model does not know */
export function decodeJson(shape: Shape, value: unknown, path = ''): unknown {
  const wrong = () => new AwsError('SerializationException', `${path || 'The request'}: ${shape.kind} expected`);
  switch (shape.kind) {
    case 'unit':
      return {};
    case 'struct': {
      if (!isRecord(value)) throw wrong();
      const members = new Map(shape.members.map((member) => [member.name, member]));
      for (const [at, { name }] of shape.members.entries())
        if (at < shape.required && (value[name] === undefined || value[name] === null))
          throw new AwsError(
            'ValidationException',
            `Value null at '${path}${name}' failed to satisfy constraint: Member must not be null`,
          );
      return mapValues(value, (item, name) => {
        const member = members.get(name);
        if (member === undefined) throw new AwsError('ValidationException', `Unknown parameter: ${path}${name}`);
        return decodeJson(member.shape(), item, `${path}${name}.`);
      });
    }
    case 'list':
      if (!Array.isArray(value)) throw wrong();
      return value.map((item, at) => decodeJson(shape.item.shape(), item, `${path}${at + 1}.`));
    case 'map':
      if (!isRecord(value)) throw wrong();
      return mapValues(value, (item, name) => decodeJson(shape.value.shape(), item, `${path}${name}.`));
    case 'time':
      if (typeof value !== 'number') throw wrong();
      return new Date(value * 1000);
    case 'blob':
      if (typeof value !== 'string') throw wrong();
      return Buffer.from(value, 'base64');
    case 'document':
      return value;
    case 'string':
    case 'number':
    case 'boolean':
      if (typeof value !== shape.kind) throw wrong();
      return value;
  }
}

/** The answer as plain JSON data: times as seconds since 1970. */
export function encodeJson(shape: Shape, value: unknown): unknown {
  switch (shape.kind) {
    case 'unit':
      return {};
    case 'struct': {
      const members = new Map(shape.members.map((member) => [member.name, member]));
      return mapValues(value as Record<string, unknown>, (item, name) => {
        const member = members.get(name);
        if (member === undefined) throw new Error(`the double answers with ${name}, which the model does not have`);
        return encodeJson(member.shape(), item);
      });
    }
    case 'list':
      return (value as readonly unknown[]).map((item) => encodeJson(shape.item.shape(), item));
    case 'map':
      return mapValues(value as Record<string, unknown>, (item) => encodeJson(shape.value.shape(), item));
    case 'time':
      return (value as Date).getTime() / 1000;
    case 'blob':
      return Buffer.from(value as Uint8Array).toString('base64');
    case 'string':
    case 'number':
    case 'boolean':
    case 'document':
      return value;
  }
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const mapValues = (record: Readonly<Record<string, unknown>>, of: (value: unknown, name: string) => unknown) =>
  Object.fromEntries(
    Object.entries(record)
      .filter(([, value]) => value !== undefined && value !== null)
      .map(([name, value]) => [name, of(value, name)]),
  );
