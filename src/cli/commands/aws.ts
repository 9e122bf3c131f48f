/** `taaf aws`. */
import { command } from '../command.js';
import { action, flag, option, wholeNumber } from '../values.js';

export const aws = command({
  name: 'aws',
  summary: 'Prepare an AWS account for seasons, check it, or take everything out again',
  examples: [
    ['taaf aws init --aws-region eu-central-1', 'make what lasts between seasons; costs nothing by itself'],
    ['taaf aws init --topaz-installer ./TopazVideo.msi --topaz-sha256 9f86…', 'with your own Topaz, for its models'],
    ['taaf aws check', 'every right, quota and bucket, before any money is spent'],
    ['taaf aws policy', 'the least rights that this computer needs, as an IAM policy'],
    ['taaf aws template', 'the CloudFormation template that init uses'],
    ['taaf aws remove', 'take it all out again'],
  ],
  args: {
    action: action('what to do', ['init', 'check', 'remove', 'policy', 'template']),
    awsProfile: option('profile of your AWS configuration to sign in with'),
    awsRegion: option('region, such as eu-central-1'),
    topazInstaller: option('your Topaz Video installer for Windows (.msi): a file or an https address'),
    topazSha256: option('its SHA-256'),
    topazLicence: option('file with your Topaz sign-in (auth.tpz); it is stored encrypted'),
    topazSeats: wholeNumber('computers that may use your Topaz licence at once (default: 1)', 1, 1000),
    acceptTopazTerms: flag('you have a Topaz licence, and its terms allow you this'),
    noTerminator: flag('leave out the function in AWS that ends machines after their deadline'),
    discard: flag('remove: end machines and delete the buckets of seasons too'),
    yes: flag('go on without asking', 'y'),
  },
  run: async (values, context) => (await import('../actions/aws.js')).aws(values, context),
});
