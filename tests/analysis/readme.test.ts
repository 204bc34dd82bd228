import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { ESTIMANDS } from '../../analysis/estimands.ts'
import { Estimates } from '../../analysis/estimate.ts'

const readme = readFileSync(join(import.meta.dirname, '../../analysis/README.md'), 'utf8')

/** Paths of every table in a part of estimates.json. */
function tablesOf(schema: unknown, path: string): string[] {
  if (schema instanceof z.ZodArray) return schema.element instanceof z.ZodObject ? [path] : []
  if (schema instanceof z.ZodDiscriminatedUnion) return schema.options.flatMap((option) => tablesOf(option, path))
  if (!(schema instanceof z.ZodObject)) return []
  return Object.entries(schema.shape).flatMap(([key, part]) => tablesOf(part, path === '' ? key : `${path}.${key}`))
}

test('the table of estimands in the README is the table in the code', () => {
  const lines = readme.split('\n')
  const first = lines.findIndex((line) => /^\| *name /.test(line))
  const last = lines.findIndex((line, i) => i > first && !line.startsWith('|'))
  const table = lines.slice(first + 2, last).map((line) =>
    line
      .split(/(?<!\\)\|/)
      .slice(1, -1)
      .map((cell) => cell.trim().replaceAll('\\|', '|')),
  )
  expect(table).toEqual(
    ESTIMANDS.map(({ name, words, formula, weighting, interval, source, where }) => [
      name,
      words,
      formula,
      weighting,
      interval,
      source,
      `\`${where}\``,
    ]),
  )
})

test('every table of estimates.json has a row among the estimands, and every row a table', () => {
  // Exclusions and what patients did are counts of the run itself, and estimate nothing.
  const tables = tablesOf(Estimates, '').filter((path) => path !== 'exclusions' && !path.startsWith('patients.'))
  expect(tables.length).toBeGreaterThan(20)
  expect(new Set(ESTIMANDS.map(({ where }) => where))).toEqual(new Set(tables))
})

test('every row that says “as” names another row', () => {
  for (const { weighting, interval, source } of ESTIMANDS)
    for (const [, name] of [weighting, interval, source].flatMap((text) => [...text.matchAll(/^as ([a-z-]+)$/g)]))
      expect(ESTIMANDS.map((row) => row.name)).toContain(name)
})
