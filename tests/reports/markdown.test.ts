import fc from 'fast-check'
import { expect, test } from 'vitest'
import { markdownTable, markdownText } from '../../reports/markdown.ts'
import { scoresPaperTable } from '../../reports/tables-estimates.ts'
import { madeUp } from './estimates.ts'
import { hostileNames } from './hostile.ts'

test('no character that begins markup, a table cell, a link or HTML stands without a backslash', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.stringMatching(/^[\\`*_{}[\]<>#|~$&!@\r\n]*$/u)), (any) => {
      const escaped = markdownText(any)
      expect(escaped.replaceAll(/\\./gsu, '')).not.toMatch(/[\\`*_{}[\]<>#|~$&!@\r\n]/u)
      expect(escaped.replaceAll(/\\(?=[\\`*_{}[\]<>#|~$&!@:.])/gu, '').length).toBeLessThanOrEqual(any.length)
    }),
  )
})

test('addresses are no links', () => {
  expect(markdownText('see https://x.example and www.x.example')).toBe('see https\\://x.example and www\\.x.example')
})

test('every line of a table has as many cells, whatever the names', () => {
  const lines = markdownTable(scoresPaperTable(madeUp({ models: hostileNames }))).split('\n')
  const rows = lines.filter((line) => line.startsWith('|'))
  const cells = rows.map((row) => row.replaceAll(/\\./gu, '').split('|').length)
  expect(rows.length).toBeGreaterThan(hostileNames.length)
  expect(new Set(cells).size).toBe(1)
})

test('a table is as in the golden file', async () => {
  await expect(markdownTable(scoresPaperTable(madeUp()))).toMatchFileSnapshot('golden/scores.md')
})
