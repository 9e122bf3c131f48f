import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    pool: 'forks',
    // A slow machine is no failure: the limits only end what hangs.
    testTimeout: 120_000,
    hookTimeout: 300_000,
    globalSetup: ['test/helpers/prepare.ts'],
    maxWorkers: 2,
  },
});
