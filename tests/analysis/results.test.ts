import { describe, expect, test } from 'vitest'
import { readRows } from '../../analysis/results.ts'
import { rawRow, resultsFile } from './rows.ts'

const rows = [rawRow({ caseId: 'a' }), rawRow({ caseId: 'b' })]

describe('a results file', () => {
  test('gives its rows, and the same rows as JSONL', () => {
    const fromJson = readRows(resultsFile(rows), 'r.json')
    expect(fromJson.map((row) => row.provider.label)).toEqual(['m1', 'm1'])
    const lines = `\uFEFF${rows.map((row) => JSON.stringify(row)).join('\r\n')}\r\n\r\n`
    expect(readRows(lines, 'r.jsonl')).toEqual(fromJson)
  })

  test('that breaks off is an error naming it', () => {
    expect(() => readRows(resultsFile(rows).slice(0, 300), 'r.json')).toThrow('r.json requires whole JSON')
    expect(() => readRows('', 'r.json')).toThrow('r.json requires whole JSON')
  })

  test('as JSONL that breaks off is an error naming the line', () => {
    const lines = rows.map((row) => JSON.stringify(row)).join('\n')
    expect(() => readRows(lines.slice(0, -20), 'r.jsonl')).toThrow('r.jsonl line 2 requires whole JSON')
  })

  test('of another version is an error naming the field', () => {
    const other = resultsFile(rows).replace('"version":3', '"version":4')
    expect(() => readRows(other, 'r.json')).toThrow(/r\.json requires .*results\.version 3.*results\.version/s)
  })

  test('that is JSON of another kind is an error', () => {
    for (const text of ['[]', '7', 'null', '{"results":[]}']) expect(() => readRows(text, 'r.json')).toThrow('r.json requires')
  })

  test('with a row that is no promptfoo row is an error naming row and field', () => {
    expect(() => readRows(resultsFile([rows[0], { provider: { id: 'x' } }]), 'r.json')).toThrow(/r\.json row 2.*prompt/s)
  })
})
