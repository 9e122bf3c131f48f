/** `taaf aws`: one word says what of it. */
import { Failure } from '../../domain/failures.js';
import type { ExitCode } from '../command.js';
import type { Context } from '../context.js';

export interface AwsValues {
  readonly action: 'init' | 'check' | 'remove' | 'policy' | 'template' | undefined;
  readonly awsProfile: string | undefined;
  readonly awsRegion: string | undefined;
  readonly topazInstaller: string | undefined;
  readonly topazSha256: string | undefined;
  readonly topazLicence: string | undefined;
  readonly topazSeats: number | undefined;
  readonly acceptTopazTerms: boolean;
  readonly noTerminator: boolean;
  readonly discard: boolean;
  readonly yes: boolean;
}

export async function aws(values: AwsValues, context: Context): Promise<ExitCode> {
  switch (values.action) {
    case 'init':
      return (await import('./aws-init.js')).awsInit(values, context);
    case 'check':
      return (await import('./aws-check.js')).awsCheck(values, context);
    case 'remove':
      return (await import('./aws-remove.js')).awsRemove(values, context);
    case 'policy':
      return (await import('./aws-show.js')).awsPolicy(values, context);
    case 'template':
      return (await import('./aws-show.js')).awsTemplate(values, context);
    case undefined:
      throw new Failure('usage', '<action> is missing: init, check, remove, policy or template', {
        next: 'Run: taaf aws --help',
      });
  }
}
