// Type-aware lint. The import table of docs/architecture.md is here as rules: test/lint.test.ts shows each of them firing.
import { importX } from 'eslint-plugin-import-x';
import { createTypeScriptImportResolver } from 'eslint-import-resolver-typescript';
import tseslint from 'typescript-eslint';

/** folder → what it may import of src/. `import type` follows the same table but for `typesFrom`. */
const rooms = {
  domain: [],
  seasons: ['domain', 'disk'],
  connection: ['domain', 'disk', 'config'],
  profiles: ['domain'],
  engines: ['domain'],
  process: ['domain'],
  disk: ['domain'],
  models: ['domain', 'disk'],
  config: ['domain', 'profiles', 'disk'],
  media: ['domain', 'process', 'disk'],
  discs: ['domain', 'process', 'disk', 'media'],
  proofs: ['domain', 'engines', 'media', 'process'],
  aws: ['domain', 'process', 'disk', 'config'],
  store: ['domain', 'disk', 'aws'],
  toolchain: ['domain', 'process', 'disk', 'config', 'models'],
  fleet: ['domain', 'process', 'disk', 'store', 'aws', 'config'],
  notify: ['domain', 'process', 'disk'],
  agent: ['domain', 'engines', 'media', 'models', 'process', 'proofs', 'disk', 'store'],
  intake: ['domain', 'profiles', 'media', 'discs', 'disk', 'engines', 'process', 'models'],
  report: ['domain', 'process', 'disk', 'media'],
  workflows: ['domain'],
  activities: ['domain', 'workflows', 'seasons', 'store', 'fleet', 'media', 'discs', 'disk', 'process', 'proofs'],
  service: ['domain', 'process', 'disk', 'config', 'toolchain'],
  worker: [
    'domain',
    'aws',
    'activities',
    'seasons',
    'config',
    'disk',
    'fleet',
    'media',
    'process',
    'store',
    'toolchain',
    'service',
    'connection',
    'intake',
    'notify',
    'workflows',
  ],
  cli: [
    'domain',
    'agent',
    'aws',
    'profiles',
    'config',
    'discs',
    'disk',
    'engines',
    'fleet',
    'intake',
    'media',
    'models',
    'process',
    'report',
    'seasons',
    'service',
    'store',
    'toolchain',
    'workflows',
    'connection',
    'notify',
  ],
};

const zones = Object.entries(rooms).map(([room, allowed]) => ({
  target: `./src/${room}`,
  from: './src',
  except: [room, ...allowed].map((name) => `./${name}`),
  message: `src/${room} may import ${allowed.length ? allowed.join(', ') : 'nothing'} of src (docs/architecture.md, "Who may import whom").`,
}));

const ban = (patterns) => ({ 'no-restricted-imports': ['error', { patterns }] });
const node = { group: ['node:*'], message: 'This room is pure: no Node builtins.' };
const temporal = { group: ['@temporalio/*'], message: 'Temporal stays in workflows, activities, worker and cli.' };
const aws = { group: ['@aws-sdk/*'], message: 'The AWS SDK stays in its adapters.' };

export default tseslint.config(
  {
    ignores: [
      '.cache/',
      'dist/',
      'node_modules/',
      'coverage/',
      'test/fixtures/cycle/',
      'src/models/onnx_pb.*',
      'assets/report/',
    ],
  },
  ...tseslint.configs.strictTypeChecked,
  importX.flatConfigs.typescript,
  {
    languageOptions: { parserOptions: { projectService: true } },
    linterOptions: { reportUnusedDisableDirectives: 'error' },
    plugins: { 'import-x': importX },
    settings: { 'import-x/resolver-next': [createTypeScriptImportResolver()] },
    rules: {
      'import-x/no-cycle': 'error',
      'import-x/no-default-export': 'error',
      'import-x/no-restricted-paths': ['error', { zones }],
      'max-lines': ['error', { max: 250 }],
      'no-console': 'error',
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      '@typescript-eslint/no-invalid-void-type': 'off',
      '@typescript-eslint/no-non-null-assertion': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_' }],
      '@typescript-eslint/switch-exhaustiveness-check': 'error',
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'separate-type-imports' }],
    },
  },
  { files: ['src/{domain,profiles,engines}/**'], rules: ban([node, temporal, aws]) },
  {
    files: ['src/{process,disk,models,config,media,discs,proofs,store,toolchain,fleet,agent,intake,report,service}/**'],
    rules: ban([temporal, aws]),
  },
  { files: ['src/aws/**', 'src/store/s3/**', 'src/fleet/aws/**'], rules: ban([temporal]) },
  {
    files: ['src/workflows/**'],
    rules: {
      ...ban([
        node,
        {
          group: ['@temporalio/*', '!@temporalio/workflow', '!@temporalio/common'],
          message: 'Workflows import @temporalio/workflow and common only.',
        },
        aws,
      ]),
      'no-restricted-globals': ['error', 'process', 'setTimeout', 'setInterval', 'fetch'],
      'no-restricted-syntax': [
        'error',
        {
          selector: "CallExpression[callee.name='proxyActivities']",
          message: 'Use activitiesFor() of options.ts: the SDK’s default cancellation type orphans machines.',
        },
        {
          selector: "MemberExpression[object.name='Date'][property.name='now']",
          message: 'Time is read in one place: workflows/clock.ts.',
        },
        {
          selector: "MemberExpression[object.name='Math'][property.name='random']",
          message: 'No chance in workflows.',
        },
      ],
    },
  },
  { files: ['src/workflows/{options,clock}.ts'], rules: { 'no-restricted-syntax': 'off' } },
  { files: ['src/cli/**'], rules: ban([aws, { group: ['@temporalio/worker'], message: 'The CLI loads no worker.' }]) },
  {
    files: ['bench/**', 'test/**', 'scripts/**', '*.config.*', 'src/**/*.d.ts'],
    rules: {
      'max-lines': ['error', { max: 400 }],
      'no-console': 'off',
      'import-x/no-default-export': 'off',
      '@typescript-eslint/require-await': 'off',
    },
  },
  { files: ['**/*.js', '**/*.mjs', '**/*.cjs'], ...tseslint.configs.disableTypeChecked },
  // What runs inside AWS Lambda has no package around it.
  { files: ['assets/aws/*.cjs'], rules: { '@typescript-eslint/no-require-imports': 'off', 'no-console': 'off' } },
);
