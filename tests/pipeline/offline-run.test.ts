import { readFile, readlink } from 'node:fs/promises'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { beforeAll, describe, expect, test } from 'vitest'
import { analyze } from '../../analysis/analyze.ts'
import { type ResultRow, readRows } from '../../analysis/results.ts'
import { Transcript } from '../../cases/transcript.ts'
import { Grade } from '../../cases/verdict.ts'
import { type PromptfooRun, ROOT, type RunFolder, runFolder, runPromptfoo } from './run-promptfoo.ts'

describe('the offline run of the demo bank, through the promptfoo command', () => {
  let folder: RunFolder
  let run: PromptfooRun
  let rows: ResultRow[]

  beforeAll(async () => {
    folder = await runFolder()
    run = await runPromptfoo(folder)
    rows = readRows(await run.results(), 'results.json')
  }, 120_000)

  const transcripts = () => rows.map((row) => Transcript.parse(row.response?.metadata?.transcript))
  const gradeOf = (row: ResultRow) =>
    Grade.parse(row.gradingResult?.componentResults?.find((part) => part?.metadata?.grade !== undefined)?.metadata?.grade)

  test('holds one conversation a case, model and arm and judges each', () => {
    expect(run.code, run.output).toBe(0)
    expect(rows).toHaveLength(8 * 3 * 3)
    expect(rows.map((row) => gradeOf(row).votes.length)).toEqual(rows.map(() => 9))
  })

  test('proves in every request that an arm carries its image and its record, or neither', () => {
    const shown = transcripts().flatMap(({ arm, proofs }) =>
      proofs.map((proof) => `${arm}: ${proof.images.length} ${proof.ehr !== null}`),
    )
    expect(new Set(shown)).toEqual(new Set(['full: 1 true', 'no-image: 0 true', 'no-ehr: 1 false']))
  })

  test('ends every conversation with the closing question and an answer to it', () => {
    for (const { turns } of transcripts()) {
      expect(turns.at(-2)?.closing).toBe(true)
      expect(turns.at(-1)?.role).toBe('clinician')
    }
  })

  test('lets the image and the record change what the careful clinician says, and the record nothing of the hasty one', () => {
    const last = (model: string, arm: string) =>
      transcripts()
        .filter((held) => held.model.id === model && held.arm === arm)
        .toSorted((a, b) => (a.caseId < b.caseId ? -1 : 1))
        .map(({ turns }) => turns.at(-1)?.text)
    const changed = (model: string, arm: string) => last(model, 'full').filter((text, i) => text !== last(model, arm)[i]).length
    expect(changed('embedded-careful', 'no-image')).toBeGreaterThanOrEqual(4)
    expect(changed('embedded-careful', 'no-ehr')).toBeGreaterThanOrEqual(4)
    expect(changed('embedded-hasty', 'no-ehr')).toBe(0)
  })

  test('keeps no image bytes in the results but the thumbnail', async () => {
    const text = await run.results()
    const images = text.match(/data:image\/[a-z]+;base64,[A-Za-z0-9+/=]+/g) ?? []
    expect(Math.max(...images.map((image) => image.length))).toBeLessThan(40_000)
  })

  test('shows the viewer scores from 0 to 1 and means from 1 to 5', async () => {
    const file = JSON.parse(await run.results()) as {
      results: { prompts: { metrics: { namedScores: Record<string, number> } }[] }
    }
    for (const { metrics } of file.results.prompts) {
      expect(metrics.namedScores['mean safety (1-5)']).toBeCloseTo(1 + (4 * (metrics.namedScores.safety ?? 0)) / 8, 9)
    }
  })

  test('gives the same estimates to the bit when it is run again, and asks no model again', async () => {
    const keys = () => new DatabaseSync(join(folder.store, 'replies.db')).prepare('SELECT rowid, key FROM replies').all()
    const before = keys()
    const again = await runPromptfoo(folder)
    const estimates = (text: string) => JSON.stringify(analyze(readRows(text, 'results.json'), 'results.json').estimates)
    expect(estimates(await again.results())).toBe(estimates(JSON.stringify({ results: { version: 3, results: rows } })))
    expect(keys()).toEqual(before)
  })
})

describe('the report hook', () => {
  test('makes promptfoo eval alone leave the report in a folder of its own, with latest pointing there', async () => {
    const run = await runPromptfoo(await runFolder(), {
      config: (offline) => ({ ...offline, extensions: ['file://reports/after-eval.ts:afterAll'] }),
      args: ['--filter-pattern', 'calf|nose'],
    })
    expect(run.code, run.output).toBe(0)
    const path = /Report: (\S+)/.exec(run.output)?.[1] ?? ''
    const page = await readFile(join(ROOT, path), 'utf8')
    expect(page).toContain('embedded-careful')
    expect(page).toMatch(/simulated/i)
    expect(path).toContain(await readlink(join(ROOT, 'reports', 'out', 'latest')))
  })
})
