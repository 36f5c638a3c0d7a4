import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    // CI reads the counts from here.
    reporters: process.env['MODELHUB_TEST_REPORT'] === undefined ? ['default'] : ['default', 'json'],
    ...(process.env['MODELHUB_TEST_REPORT'] === undefined
      ? {}
      : { outputFile: { json: process.env['MODELHUB_TEST_REPORT'] } }),
    include: ['**/*.test.ts'],
    exclude: ['node_modules', 'dist', 'web/dist'],
    pool: 'forks',
    maxWorkers: 2,
    testTimeout: 30_000,
    hookTimeout: 60_000,
  },
})
