/** An SSM document, read as strictly as a document of TAAF's own deserves; and the values that a command gives it. */
import { parse } from 'yaml';
import { z } from 'zod';
import { AwsError } from '../protocol/error.js';

const parameter = z.strictObject({
  type: z.literal('String'),
  description: z.string().optional(),
  default: z.string().optional(),
  allowedValues: z.array(z.string()).optional(),
  // Without both ends a pattern lets anything through that holds what it wants.
  allowedPattern: z
    .string()
    .regex(/^\^.*\$$/, 'an allowedPattern needs ^ and $')
    .optional(),
  minChars: z.number().optional(),
  maxChars: z.number().optional(),
  displayType: z.string().optional(),
  interpolationType: z.literal('ENV_VAR').optional(),
});

const step = z.strictObject({
  action: z.enum(['aws:runShellScript', 'aws:runPowerShellScript']),
  name: z.string(),
  precondition: z
    .strictObject({ StringEquals: z.tuple([z.literal('platformType'), z.enum(['Linux', 'Windows'])]) })
    .optional(),
  inputs: z.strictObject({
    runCommand: z.array(z.string()),
    timeoutSeconds: z.union([z.string(), z.number()]).optional(),
    workingDirectory: z.string().optional(),
  }),
});

const document = z.strictObject({
  schemaVersion: z.literal('2.2'),
  description: z.string().optional(),
  parameters: z.record(z.string(), parameter).default({}),
  mainSteps: z.array(step).min(1),
});

export type SsmDocument = z.infer<typeof document>;
export type SsmStep = SsmDocument['mainSteps'][number];

/** @throws AwsError `InvalidDocumentContent` */
export function readDocument(content: string): SsmDocument {
  if (Buffer.byteLength(content) > 65_536)
    throw new AwsError('MaxDocumentSizeExceeded', 'A document has at most 64 KB');
  const result = document.safeParse(parse(content));
  if (!result.success) throw new AwsError('InvalidDocumentContent', z.prettifyError(result.error));
  return result.data;
}

export type Values = Readonly<Record<string, string>>;

/** @throws AwsError `InvalidParameters` */
export function valuesFor({ parameters }: SsmDocument, given: Readonly<Record<string, readonly string[]>>): Values {
  const refuse = (message: string) => new AwsError('InvalidParameters', message);
  const strange = Object.keys(given).find((name) => parameters[name] === undefined);
  if (strange !== undefined) throw refuse(`Parameter "${strange}" is not supported by the document.`);
  return Object.fromEntries(
    Object.entries(parameters).map(([name, rule]) => {
      const list = given[name];
      if (list !== undefined && list.length !== 1) throw refuse(`Parameter "${name}" is a String: one value expected.`);
      const value = list?.[0] ?? rule.default;
      if (value === undefined) throw refuse(`Parameter "${name}" is required.`);
      const { allowedPattern, allowedValues, minChars = 0, maxChars = Infinity } = rule;
      if (
        (allowedPattern !== undefined && !new RegExp(allowedPattern).test(value)) ||
        (allowedValues !== undefined && !allowedValues.includes(value)) ||
        value.length < minChars ||
        value.length > maxChars
      )
        throw refuse(`Parameter "${name}" does not match what the document allows.`);
      return [name, value];
    }),
  );
}

/** `{{ name }}` in a text; values that come as environment variables are never written into one. */
export function interpolate(text: string, { parameters }: SsmDocument, values: Values): string {
  return text.replace(/\{\{\s*(\w+)\s*\}\}/g, (whole, name: string) =>
    parameters[name] === undefined || parameters[name].interpolationType === 'ENV_VAR'
      ? whole
      : (values[name] ?? whole),
  );
}

export const environmentOf = ({ parameters }: SsmDocument, values: Values): Record<string, string> =>
  Object.fromEntries(
    Object.entries(values)
      .filter(([name]) => parameters[name]?.interpolationType === 'ENV_VAR')
      .map(([name, value]) => [`SSM_${name}`, value]),
  );
