import { load } from 'js-yaml'
import type { GradingResult } from 'promptfoo'
import { z } from 'zod'

const Config = z.record(z.string(), z.unknown())
const Assert = z.looseObject({ value: z.unknown(), config: Config.optional() })
const WithJury = z.looseObject({ defaultTest: z.looseObject({ assert: z.array(Assert) }) })

const Row = z.looseObject({
  promptIdx: z.int().min(0),
  success: z.boolean(),
  score: z.number(),
  failureReason: z.int().optional(),
  namedScores: z.record(z.string(), z.number()).optional(),
  gradingResult: z.looseObject({}).nullish(),
  testCase: z.looseObject({ assert: z.array(Assert).optional() }).nullish(),
})

/** One cell of a results file, as far as another grade changes it. */
export type JudgedRow = z.infer<typeof Row>

/** A promptfoo results file of version 3, as far as another jury changes it; all else in it is kept. */
export const ResultsFile = z.looseObject({
  evalId: z.string().nullish(),
  results: z.looseObject({
    version: z.literal(3),
    prompts: z.array(z.looseObject({ metrics: z.looseObject({}).optional() })),
    results: z.array(Row),
    stats: z.looseObject({}).optional(),
  }),
  config: z.looseObject({ defaultTest: z.unknown() }).optional(),
  metadata: z.looseObject({}).optional(),
})
export type ResultsFile = z.infer<typeof ResultsFile>

/**
 * The jury’s configuration in a promptfoo configuration: that of the assertion `…jury.ts:jury` under `defaultTest`.
 *
 * @param file named in errors
 * @throws Error when the file has none
 */
export function juryConfigIn(text: string, file: string): Record<string, unknown> {
  const parsed = WithJury.safeParse(load(text))
  const found = parsed.success ? parsed.data.defaultTest.assert.find(isJury)?.config : undefined
  if (found !== undefined) return found
  throw new Error(`${file}: defaultTest.assert: requires an assertion with the value …jury.ts:jury and its config, got none`)
}

/** A row with another grade in place of its own, in the form in which promptfoo writes it. */
export function rejudgedRow(row: JudgedRow, graded: GradingResult, config: unknown): JudgedRow {
  const { pass, score, reason, namedScores = {}, componentResults = [] } = graded
  const { error: _, ...rest } = row as JudgedRow & { error?: unknown }
  const assertion = { type: 'javascript', value: 'file://assertions/jury.ts:jury', config }
  const weights = Object.fromEntries(Object.keys(namedScores).map((name) => [name, 1]))
  const components = [{ ...graded, assertion }, ...componentResults]
  const words = pass ? 'All assertions passed' : reason
  return {
    ...rest,
    ...(pass ? {} : { error: reason }),
    success: pass,
    score,
    failureReason: pass ? 0 : 1,
    namedScores,
    gradingResult: { pass, score, reason: words, namedScores, namedScoreWeights: weights, componentResults: components },
    ...(row.testCase == null ? {} : { testCase: withConfig(row.testCase, config) }),
  }
}

/**
 * The file with these rows in place of its own. Counts and sums that promptfoo keeps for a prompt are made anew; derived
 * metrics, which only promptfoo can compute, are left out. The run gets an id of its own.
 *
 * @param from SHA-256 of the text of the file that the rows were judged from
 */
export function rejudgedFile(file: ResultsFile, rows: readonly JudgedRow[], config: unknown, from: string): ResultsFile {
  const { results } = file
  const passed = rows.filter(({ success }) => success).length
  const failed = rows.filter((row) => !row.success && !isError(row)).length
  const defaultTest = file.config?.defaultTest
  return {
    ...file,
    evalId: `${file.evalId ?? 'eval'}-rejudged`,
    ...(file.config === undefined
      ? {}
      : {
          config: {
            ...file.config,
            defaultTest: withConfig((defaultTest ?? {}) as { assert?: z.infer<typeof Assert>[] }, config),
          },
        }),
    results: {
      ...results,
      prompts: results.prompts.map((prompt, i) => ({
        ...prompt,
        metrics: { ...prompt.metrics, ...metricsOf(rows.filter((row) => row.promptIdx === i)) },
      })),
      results: [...rows],
      stats: { ...results.stats, successes: passed, failures: failed, errors: rows.length - passed - failed },
    },
    metadata: { ...file.metadata, rejudgedFrom: from },
  }
}

/** Whether promptfoo marked the cell as one that threw; it has nothing to judge. */
export function isError({ failureReason }: JudgedRow): boolean {
  return failureReason === 2
}

function isJury({ value }: z.infer<typeof Assert>): boolean {
  return String(value).endsWith('jury.ts:jury')
}

function withConfig<T extends { assert?: z.infer<typeof Assert>[] | undefined }>(test: T, config: unknown): T {
  return test.assert === undefined
    ? test
    : { ...test, assert: test.assert.map((one) => (isJury(one) ? { ...one, config } : one)) }
}

function metricsOf(rows: readonly JudgedRow[]) {
  const named = new Map<string, number[]>()
  for (const { namedScores = {} } of rows)
    for (const [name, score] of Object.entries(namedScores)) named.set(name, [...(named.get(name) ?? []), score])
  const sums = [...named].map(([name, scores]) => [name, scores.reduce((sum, score) => sum + score, 0)])
  const counts = Object.fromEntries([...named].map(([name, scores]) => [name, scores.length]))
  const components = rows.flatMap(({ gradingResult }) => (gradingResult?.componentResults ?? []) as { pass?: boolean }[])
  return {
    score: rows.reduce((sum, { score }) => sum + score, 0),
    testPassCount: rows.filter(({ success }) => success).length,
    testFailCount: rows.filter((row) => !row.success && !isError(row)).length,
    testErrorCount: rows.filter((row) => !row.success && isError(row)).length,
    assertPassCount: components.filter(({ pass }) => pass === true).length,
    assertFailCount: components.filter(({ pass }) => pass === false).length,
    namedScores: Object.fromEntries(sums),
    namedScoresCount: counts,
    namedScoreWeights: counts,
  }
}
