import type { Estimates } from '../analysis/estimate.ts'
import type { PlotRow } from './figure.ts'
import { counted, listed, percent, span } from './format.ts'

const intervalNames: Readonly<Record<string, string>> = {
  'cr2-t': 'CR2 t interval clustered by image',
  'cluster-bca': 'BCa cluster bootstrap interval',
  'cluster-boot-t': 'studentised cluster bootstrap interval',
  'cluster-bca-refit': 'BCa cluster bootstrap interval with the calibration refitted in each resample',
  wilson: 'Wilson interval',
  'wilson-images': 'Wilson interval with images as trials',
  'rank-percentile': 'percentile interval of ranks over resamples of images',
}

/** What the word exploratory means, as a note under figures and tables. */
export const exploratoryMeaning = 'exploratory: fewer than 20 images or fewer than 4 degrees of freedom'

/** Which intervals the lines of a figure are, with their level; nothing where no mark has one. */
export function intervalWords(rows: readonly { interval: string | null; level: number | null }[]): string[] {
  const kinds = [...new Set(rows.flatMap(({ interval, level }) => (interval && level ? [`${interval} ${level}`] : [])))]
  if (kinds.length === 0) return []
  const words = kinds.map((kind) => {
    const [method = '', level] = kind.split(' ')
    return `${percent(Number(level))} ${intervalNames[method] ?? method}`
  })
  return [`Lines: ${words.join(' or ')}.`]
}

/**
 * The sentences that every caption ends with, from the rows that are drawn: what the lines and open marks are, how many
 * cases and images stand behind a mark, what is missing. `rows` must hold at least one row with a value.
 */
export function captionEnd(rows: readonly PlotRow[], estimates: Estimates, cut: boolean): string {
  const drawn = rows.filter(({ value }) => value !== null)
  const open = drawn.filter(({ exploratory }) => exploratory).length
  return [
    ...intervalWords(drawn),
    ...(drawn.some(({ low, model }) => low === null && model !== null)
      ? ['Marks without a line have no interval; the tables say why.']
      : []),
    ...diamonds(drawn.filter(({ model }) => model === null)),
    ...(cut ? ['Arrow heads: the interval goes on past the axis.'] : []),
    ...(open === 0 ? [] : [`${open === drawn.length ? 'All marks are open' : 'Open marks'}: ${exploratoryMeaning}.`]),
    ...(drawn.length < rows.length ? ['“no estimate”: the data allow none; the tables say why.'] : []),
    behindWords(drawn),
    missingWords(rows, estimates),
  ].join(' ')
}

function diamonds(averages: readonly PlotRow[]): string[] {
  if (averages.length === 0) return []
  const without = averages.some(({ low }) => low === null) ? '; a small one has no interval' : ''
  return [`Diamond: average of models, as wide as its interval${without}.`]
}

/** How many cases and images stand behind each mark; `rows` must not be empty. */
export function behindWords(rows: readonly { cases: number; images: number; casesLeftOut?: number }[]): string {
  const column = (key: 'cases' | 'images') => rows.map((row) => row[key])
  const several = (key: 'cases' | 'images', noun: string) =>
    `${span(column(key))} ${Math.max(...column(key)) === 1 ? noun : `${noun}s`}`
  const out = rows.map(({ casesLeftOut = 0 }) => casesLeftOut)
  const left = Math.max(...out) === 0 ? '' : `, with ${span(out)} cases left out`
  return `Behind each mark: ${several('cases', 'case')} on ${several('images', 'image')}${left}.`
}

/**
 * What is missing in the arms and measures of `rows`, and in arm full, since an effect compares with it. A missing trial
 * counts whatever the measure.
 */
export function missingWords(rows: readonly { arm: string; measure: string }[], estimates: Estimates): string {
  const arms = new Set<string>(['full', ...rows.map(({ arm }) => arm)])
  const measures = new Set<string | null>([null, ...rows.map(({ measure }) => measure)])
  const left = estimates.exclusions.filter(({ arm, measure }) => arms.has(arm) && measures.has(measure))
  const total = (exclusions: typeof left) => exclusions.reduce((sum, { count }) => sum + count, 0)
  const trials = total(left.filter(({ measure }) => measure === null))
  // A missing dimension takes the overall score with it; it is one score that is missing, not two.
  const scores = total(left.filter(({ measure }) => measure !== null && measure !== 'overall'))
  const parts = [...(trials > 0 ? [counted(trials, 'trial')] : []), ...(scores > 0 ? [counted(scores, 'single score')] : [])]
  if (parts.length === 0) return 'No trial is missing.'
  return `Missing in these arms: ${listed(parts)}; reasons under Missing data.`
}
