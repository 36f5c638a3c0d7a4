import { defineConfig } from 'vitest/config'

/** CI reads the counts from this file. */
const report = process.env['MODELHUB_TEST_REPORT']

const shared = { pool: 'forks' as const, testTimeout: 30_000, hookTimeout: 60_000 }
const ignored = ['**/node_modules/**', '**/dist/**']
const whole = ['test/e2e/**/*.test.ts', 'test/pack/**/*.test.ts']
const attacks = ['test/faults/**/*.test.ts', 'test/fuzz/**/*.test.ts']

export default defineConfig({
  test: {
    reporters: report === undefined ? ['default'] : ['default', 'json'],
    ...(report === undefined ? {} : { outputFile: { json: report } }),
    projects: [
      {
        test: {
          ...shared,
          name: 'parts',
          include: ['**/*.test.ts'],
          exclude: [...ignored, ...whole, ...attacks],
          maxWorkers: 3,
          sequence: { groupOrder: 0 },
        },
      },
      {
        // Whole hubs, one test file at a time: what they measure must not be another file's load.
        test: {
          ...shared,
          name: 'whole',
          include: whole,
          exclude: ignored,
          maxWorkers: 1,
          fileParallelism: false,
          sequence: { groupOrder: 1 },
        },
      },
      {
        // What is killed, starved and lied to. A short seeded slice here, all of it in `npm run test:faults` and `npm run test:fuzz`.
        test: {
          ...shared,
          name: 'attacks',
          include: attacks,
          exclude: ignored,
          maxWorkers: 1,
          fileParallelism: false,
          sequence: { groupOrder: 2 },
        },
      },
    ],
  },
})
