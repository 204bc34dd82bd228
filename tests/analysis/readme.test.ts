import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { ESTIMANDS } from '../../analysis/estimands.ts'

test('the table of estimands in the README is the table in the code', () => {
  const readme = readFileSync(join(import.meta.dirname, '../../analysis/README.md'), 'utf8')
  const lines = readme.split('\n').filter((line) => line.startsWith('|'))
  const table = lines.slice(2).map((line) =>
    line
      .split(/(?<!\\)\|/)
      .slice(1, -1)
      .map((cell) => cell.trim().replaceAll('\\|', '|')),
  )
  expect(table).toEqual(ESTIMANDS.map((row) => [row.name, row.words, row.formula, row.weighting, row.interval]))
  for (const part of [...new Set(ESTIMANDS.map((row) => row.source))].flatMap((source) => source.split('; ')))
    expect(readme).toContain(`${part}.`)
})
