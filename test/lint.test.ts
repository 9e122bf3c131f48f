import { ESLint } from 'eslint';
import tseslint from 'typescript-eslint';
import { describe, expect, it } from 'vitest';

/** Our own configuration, without the rules that need types (the snippets are in no project) and the slow search for cycles. */
const eslint = new ESLint({
  overrideConfig: [
    tseslint.configs.disableTypeChecked,
    { languageOptions: { parserOptions: { projectService: false } }, rules: { 'import-x/no-cycle': 'off' } },
  ],
});

async function rulesAgainst(filePath: string, code: string): Promise<(string | null)[]> {
  const [result] = await eslint.lintText(code, { filePath });
  return (result?.messages ?? []).map(({ ruleId }) => ruleId);
}

const forbidden: [file: string, code: string, rule: string][] = [
  ['src/domain/x.ts', `import '../store/port.js';`, 'import-x/no-restricted-paths'],
  ['src/engines/x.ts', `import '../process/run.js';`, 'import-x/no-restricted-paths'],
  ['src/store/x.ts', `import '../fleet/port.js';`, 'import-x/no-restricted-paths'],
  ['src/agent/x.ts', `import '../fleet/port.js';`, 'import-x/no-restricted-paths'],
  ['src/activities/x.ts', `import '../store/../toolchain/locate.js';`, 'import-x/no-restricted-paths'],
  ['src/cli/x.ts', `import '../activities/index.js';`, 'import-x/no-restricted-paths'],
  ['src/report/x.ts', `import '../intake/plan.js';`, 'import-x/no-restricted-paths'],
  ['src/worker/x.ts', `import '../cli/main.js';`, 'import-x/no-restricted-paths'],
  ['src/workflows/x.ts', `import '../store/records.js';`, 'import-x/no-restricted-paths'],
  ['src/domain/x.ts', `import 'node:fs';`, 'no-restricted-imports'],
  ['src/engines/x.ts', `import 'node:child_process';`, 'no-restricted-imports'],
  ['src/workflows/x.ts', `import 'node:crypto';`, 'no-restricted-imports'],
  ['src/workflows/x.ts', `import '@temporalio/client';`, 'no-restricted-imports'],
  ['src/store/x.ts', `import '@temporalio/client';`, 'no-restricted-imports'],
  ['src/report/x.ts', `import '@temporalio/client';`, 'no-restricted-imports'],
  ['src/cli/x.ts', `import '@temporalio/worker';`, 'no-restricted-imports'],
  ['src/cli/x.ts', `import '@aws-sdk/client-s3';`, 'no-restricted-imports'],
  ['src/workflows/x.ts', `export const t = Date.now();`, 'no-restricted-syntax'],
  ['src/workflows/x.ts', `export const r = Math.random();`, 'no-restricted-syntax'],
  [
    'src/workflows/x.ts',
    `import { proxyActivities } from '@temporalio/workflow';\nexport const a = proxyActivities({});`,
    'no-restricted-syntax',
  ],
  ['src/workflows/x.ts', `export const e = process.env;`, 'no-restricted-globals'],
  ['src/domain/x.ts', `export default 1;`, 'import-x/no-default-export'],
  ['src/domain/x.ts', `console.log('x');`, 'no-console'],
  ['src/domain/x.ts', 'export {};\n'.repeat(251), 'max-lines'],
];

describe('the import table', () => {
  it.each(forbidden)('in %s refuses %s', async (file, code, rule) => {
    expect(await rulesAgainst(file, code)).toContain(rule);
  });

  it('lets through what it allows', async () => {
    expect(await rulesAgainst('src/store/x.ts', `import '../domain/ids.js';\nimport '../disk/hash.js';\n`)).toEqual([]);
    expect(
      await rulesAgainst('src/workflows/x.ts', `import '../domain/ids.js';\nimport '@temporalio/workflow';\n`),
    ).toEqual([]);
  });
});

describe('cycles', () => {
  it('are found between TypeScript files', async () => {
    const eslintHere = new ESLint({
      ignore: false,
      overrideConfig: [
        tseslint.configs.disableTypeChecked,
        { languageOptions: { parserOptions: { projectService: false } } },
      ],
    });
    const results = await eslintHere.lintFiles(['test/fixtures/cycle/one.ts']);
    expect(results.flatMap(({ messages }) => messages.map(({ ruleId }) => ruleId))).toContain('import-x/no-cycle');
  });
});
