import type { Estimates } from '../analysis/estimate.ts'
import { calibrationSentence } from './calibration.ts'
import { percent } from './format.ts'
import { type Html, html } from './html.ts'
import { name } from './html-name.ts'
import { ranged, statTable, two } from './page-stat-table.ts'

type Calibrated = Extract<Estimates['calibrated'], { dimensions: unknown }>

/** How the scores were mapped to people’s scores, and whether the map holds in each part of the run; one sentence when they were not. */
export function calibrationBlock(estimates: Pick<Estimates, 'calibrated'>): Html {
  const { calibrated } = estimates
  const said = html`<p>${calibrationSentence(estimates)}</p>`
  if (calibrated.status === 'uncalibrated') return said
  return html`${said}
${statTable<Calibrated['dimensions'][number]>(
  'Calibration by dimension',
  'Chosen by the error on images left out of the fit. Outside the labelled range the map is a guess.',
  [
    ['Dimension', (row) => row.dimension],
    ['Map', (row) => row.map.kind],
    ['Severity taken off', (row) => (row.severitiesRemoved ? 'yes' : 'no')],
    ['Labelled conversations', (row) => row.nConversations],
    ['Images', (row) => row.nImages],
    ['Labelled range', (row) => (row.support === null ? null : `${two(row.support.low)} to ${two(row.support.high)}`)],
    ['Trials outside it', (row) => (row.shareOutside === null ? null : `${row.nOutside} (${percent(row.shareOutside)})`)],
    ['Why this map', (row) => row.chosen],
  ],
  calibrated.dimensions,
)}${statTable<Calibrated['transport'][number]>(
  'Does the calibration hold in each part of the run?',
  'Score minus the raters’ mean, points. An interval that leaves out 0 says that the map does not carry over.',
  [
    ['Part', (row) => name(`${row.by}: ${row.group}`)],
    ['Dimension', (row) => row.dimension],
    ['Calibrated', (row) => ranged(row.calibrated.value, row.calibrated.low, row.calibrated.high) ?? row.calibrated.reason],
    ['Jury’s own', (row) => ranged(row.raw.value, row.raw.low, row.raw.high) ?? row.raw.reason],
    ['Conversations', (row) => row.nConversations],
    ['Images', (row) => row.nImages],
  ],
  calibrated.transport,
)}`
}
