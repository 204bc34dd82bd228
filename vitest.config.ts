import { configDefaults, defineConfig } from 'vitest/config'

// `vitest --mode slow` adds the simulations, which take longer than all other tests of the analysis together.
export default defineConfig(({ mode }) => ({
  test: {
    include: ['tests/**/*.test.ts'],
    exclude: [...configDefaults.exclude, 'tests/bench/**', ...(mode === 'slow' ? [] : ['tests/slow/**'])],
    testTimeout: mode === 'slow' ? 1_200_000 : 60_000,
    hookTimeout: 120_000,
    pool: 'forks',
  },
}))
