import { describe, expect, test } from 'vitest'
import type { Estimates } from '../../analysis/estimate.ts'
import { juryTables } from '../../reports/page-jury.ts'
import { standing } from '../../reports/page-standing.ts'
import { comparisonTables, rateTable } from '../../reports/page-statistics.ts'
import { heldRun } from './held-run.ts'

const { estimates } = heldRun()

const text = (markup: string) => markup.replace(/<[^>]+>/gu, '')
const table = (markup: string, caption: string) => {
  const [, body = ''] = markup.split(`<caption>${caption}</caption>`)
  return [
    ...(body
      .split('</table>')[0]
      ?.split('<tbody>')[1]
      ?.matchAll(/<tr>(.*?)<\/tr>/gsu) ?? []),
  ].map(([, row = '']) => text(row.replaceAll('</td>', '|').replaceAll('</th>', '|')))
}

describe('the statistics of the page', () => {
  test('every pair stands there with its difference, interval and Holm p', () => {
    const rows = table(comparisonTables(estimates).markup, 'Pairs of models')
    expect(rows).toHaveLength(estimates.comparisons.pairs.length)
    estimates.comparisons.pairs.forEach((pair, index) => {
      const shown = rows[index]?.split('|') ?? []
      expect(shown.slice(0, 3)).toEqual([pair.first, pair.second, pair.measure])
      expect(shown[3]).toBe(
        `${pair.value?.toFixed(2)} [${pair.interval?.low.toFixed(2)}, ${pair.interval?.high.toFixed(2)}]`.replaceAll('-', '−'),
      )
      expect(shown[5]).toBe((pair.pHolm ?? 0) < 0.001 ? '&lt;0.001' : pair.pHolm?.toFixed(3))
    })
  })

  test('no table of the estimates is left out: each says how many rows it has, or that there are none', () => {
    const page = `${comparisonTables(estimates).markup}${rateTable(estimates).markup}${juryTables(estimates).markup}`
    const { comparisons, jury } = estimates
    const sizes: [string, readonly unknown[]][] = [
      ['Pairs of models', comparisons.pairs],
      ['Contrasts of deltas between models', comparisons.contrasts],
      ['Deltas with the other flag held fixed', comparisons.adjusted],
      ['Dominance between strata', comparisons.dominance],
      ['Do stronger models lose more without image or record?', comparisons.interactions],
      ['Subgroups of patients and images', estimates.subgroups],
      ['Smallest effect that this run could have found', estimates.detectable],
      ['Rates by plain rules: missed red flags, triage errors and others', estimates.rates],
      ['Reliability of the jury', jury.reliability],
      ['Jurors', jury.jurors],
      ['Agreement of two raters', jury.pairs],
      ['Preference for models of the own family', jury.preferences],
      ['Where the spread of scores comes from', jury.variance],
    ]
    for (const [caption, rows] of sizes)
      expect(page, caption).toContain(
        rows.length === 0 ? `${caption}: this run holds none.` : `<summary>${caption} (${rows.length})</summary>`,
      )
    expect(page).toContain('no labels of clinicians were given')
    expect(page).toContain('&lt;b&gt;j3&lt;/b&gt;')
    expect(page).not.toContain('<b>j3')
  })

  test('sensitivity has one row for all measures of a number, with its change', () => {
    const rows = table(comparisonTables(estimates).markup, 'The same numbers computed another way')
    const all = estimates.comparisons.sensitivity
    expect(rows).toHaveLength(new Set(all.map((one) => JSON.stringify([one.variant, one.estimand, one.arm, one.model]))).size)
    const bound = all.find(({ variant, value }) => variant === 'lower-bound' && value !== null)
    expect(rows.some((row) => row.startsWith('lower-bound') && row.includes(bound?.value?.toFixed(2) ?? 'none'))).toBe(true)
  })
})

describe('standing', () => {
  const model = (name: string, rank: number, notSeparable: string[]) => ({
    model: name,
    mean: 5 - rank,
    rank,
    meanRank: rank,
    low: 1,
    high: 3,
    pBest: 1 / rank,
    notSeparable,
  })
  const with3 = (models: ReturnType<typeof model>[], groups: string[][]): Estimates => ({
    ...estimates,
    comparisons: {
      ...estimates.comparisons,
      rankings: [
        {
          measure: 'overall',
          models,
          groups,
          resamples: 10,
          level: 0.95,
          nCases: 30,
          nImages: 25,
          exploratory: false,
          reason: null,
        },
      ],
    },
  })

  test.each([
    [
      'apart from all',
      with3([model('a', 1, []), model('b', 2, ['c']), model('c', 3, ['b'])], [['a'], ['b', 'c']]),
      'a has the highest mean, 4.00, and is told apart from every other model.',
    ],
    [
      'not from one',
      with3([model('a', 1, ['b']), model('b', 2, ['a']), model('c', 3, [])], [['a', 'b'], ['c']]),
      'a has the highest mean, 4.00, but is not told apart from b.',
    ],
    [
      'from none',
      with3([model('a', 1, ['b', 'c']), model('b', 2, ['a', 'c']), model('c', 3, ['a', 'b'])], [['a', 'b', 'c']]),
      'a has the highest mean, 4.00, but is told apart from no other model.',
    ],
    [
      'shared first place',
      with3([model('a', 1.5, ['b']), model('b', 1.5, ['a']), model('c', 3, [])], [['a', 'b'], ['c']]),
      'a and b share the highest mean, 3.50',
    ],
  ])('%s', (_, run, sentence) => {
    expect(text(standing(run).markup)).toContain(sentence)
  })

  test('a single model is not ranked, and a sentence says so', () => {
    expect(standing(with3([model('a', 1, [])], [['a']])).markup).toContain('Models are not ranked')
  })
})
