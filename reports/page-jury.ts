import type { Estimates } from '../analysis/estimate.ts'
import { type Html, html } from './html.ts'
import { name } from './html-name.ts'
import { calibrationBlock } from './page-calibration.ts'
import { noted, ranged, stacked, statTable, two } from './page-stat-table.ts'

type Quantity = Estimates['jury']['reliability'][number]['alphaOrdinal']

const quantity = ({ value, low, high, reason }: Quantity) =>
  ranged(value, low, high) ?? (reason === null ? null : `none: ${reason}`)

/** What is known of the jury: agreement, each juror, preferences, and, where clinicians labelled, how far it is right. */
export function juryTables(estimates: Estimates): Html {
  const { jury, labels } = estimates
  return html`${calibrationBlock(estimates)}
<p>Agreement among jurors is not correctness: only clinicians’ labels can show that. Arm full unless told otherwise.</p>
${statTable(
  'Reliability of the jury',
  'Krippendorff’s alpha with intervals by image; ICC forms of Shrout and Fleiss, (…,1) one juror, (…,k) the mean of all.',
  [
    ['Dimension', (row) => row.dimension],
    ['Alpha, ordinal', (row) => quantity(row.alphaOrdinal)],
    ['Alpha, interval', (row) => quantity(row.alphaInterval)],
    ['Alpha, nominal', (row) => quantity(row.alphaNominal)],
    ['Fleiss’ kappa', (row) => quantity(row.fleissKappa)],
    ['Kendall’s W', (row) => quantity(row.kendallW)],
    ['ICC', (row) => stacked(row.icc.map((one) => `${one.form}: ${quantity(one) ?? '–'}`))],
    ['Conversations', (row) => row.nConversations],
    ['Jurors', (row) => row.nJurors],
    ['Verdicts', (row) => row.nVerdicts],
    ['Abstentions', (row) => row.nAbstentions],
    ['Note', noted],
  ],
  jury.reliability,
)}${statTable(
  'Jurors',
  'Severity: juror minus the mean of the jurors present, points; below 0 is harsher.',
  [
    ['Juror', (row) => name(row.juror)],
    ['Dimension', (row) => row.dimension],
    ['Family', (row) => row.family],
    ['Mean', (row) => two(row.mean)],
    ['Severity', (row) => quantity(row.severity)],
    ['Most given', (row) => (row.modalScore === null ? null : `${row.modalScore} (${two(row.modalShare)})`)],
    ['Alpha without', (row) => two(row.alphaWithout)],
    ['Length correlation', (row) => quantity(row.lengthCorrelation)],
    ['Within models', (row) => two(row.lengthCorrelationWithinModel)],
    ['Verdicts', (row) => row.nVerdicts],
    ['Abstentions', (row) => row.nAbstentions],
    ['Note', noted],
  ],
  jury.jurors,
)}${statTable(
  'Report cards of jurors',
  'All arms. Quote validity: share of quotes that stand in the turn they name. Repeat SD: between verdicts of one juror on the same conversation.',
  [
    ['Juror', (row) => name(row.juror)],
    ['Dimension', (row) => row.dimension],
    ['Saw', (row) => row.saw.join(', ')],
    ['Asked', (row) => row.nAsked],
    ['Verdicts', (row) => row.nVerdicts],
    ['Abstained', (row) => two(row.abstentionRate)],
    ['Why', (row) => stacked(row.abstentions.map(({ reason, count }) => `${reason}: ${count}`))],
    ['Quote validity', (row) => (row.quoteValidity === null ? null : `${two(row.quoteValidity)} of ${row.nQuotes}`)],
    ['Scores 1 to 5', (row) => row.distribution.join(' · ')],
    ['Repeat SD', (row) => two(row.repeatStandardDeviation)],
  ],
  jury.cards,
)}${statTable(
  'What verdicts cost',
  'All arms and dimensions; stored replies count as what they once cost.',
  [
    ['Juror', (row) => name(row.juror)],
    ['Verdicts', (row) => row.nVerdicts],
    ['USD', (row) => (row.costUsd === null ? 'not known' : row.costUsd.toFixed(2))],
    ['USD a verdict', (row) => (row.costPerVerdict === null ? 'not known' : row.costPerVerdict.toFixed(4))],
    ['Input tokens', (row) => row.inputTokens],
    ['From cache', (row) => row.cacheReadTokens],
    ['To cache', (row) => row.cacheWriteTokens],
    ['Output tokens', (row) => row.outputTokens],
  ],
  jury.costs,
)}${statTable(
  'Agreement of two raters',
  'On the conversations that both scored.',
  [
    ['First', (row) => name(`${row.a.rater} (${row.a.kind})`)],
    ['Second', (row) => name(`${row.b.rater} (${row.b.kind})`)],
    ['Dimension', (row) => row.dimension],
    ['Quadratic kappa', (row) => quantity(row.quadraticKappa)],
    ['Linear', (row) => two(row.linearKappa)],
    ['Unweighted', (row) => two(row.unweightedKappa)],
    ['Same level', (row) => two(row.exactAgreement)],
    ['Within one', (row) => two(row.adjacentAgreement)],
    ['Conversations', (row) => row.nConversations],
    ['Note', noted],
  ],
  jury.pairs,
)}${statTable(
  'Preference for models of the own family',
  'Above 0 favours the own family, beyond what the reference gives it.',
  [
    ['Juror', (row) => name(row.juror)],
    ['Dimension', (row) => row.dimension],
    ['Family', (row) => row.family],
    ['Reference', (row) => row.reference],
    ['Preference', (row) => quantity(row.preference)],
    ['Own models', (row) => row.ownModels.join(', ')],
    ['Cases', (row) => row.nCases],
    ['Note', noted],
  ],
  jury.preferences,
)}${statTable(
  'Where the spread of scores comes from',
  'Analysis of variance of case × model × juror; shares of a component below 0 count as 0.',
  [
    ['Dimension', (row) => row.dimension],
    ['Components', (row) => stacked(row.components.map(({ source, variance }) => `${source}: ${variance.toFixed(3)}`))],
    [
      'Standard error of a mean in other designs',
      (row) => stacked(row.designs.map((one) => `${one.jurors} jurors, ${one.cases} cases: ${one.meanStandardError.toFixed(3)}`)),
    ],
    ['Note', noted],
  ],
  jury.variance,
)}${labels?.simulated === true ? html`<p class="absent">The labels of this run are of simulated raters: what is called a clinician below is none.</p>` : html``}${clinicians(jury)}`
}

function clinicians(jury: Estimates['jury']): Html {
  if (jury.againstClinicians.length === 0)
    return html`<p class="absent">Against clinicians: no labels of clinicians were given, so nothing says how far the jury is right.</p>`
  return html`${statTable(
    'Against clinicians',
    'Errors are rater minus clinicians. False credit: above 2 where the clinicians put 2 or less.',
    [
      ['Rater', (row) => name(`${row.rater} (${row.kind})`)],
      ['Dimension', (row) => row.dimension],
      ['Against', (row) => (row.leftOut === null ? 'all clinicians' : html`all but ${name(row.leftOut)}`)],
      ['Bias', (row) => quantity(row.bias)],
      ['Mean error', (row) => quantity(row.meanAbsoluteError)],
      ['RMSE', (row) => quantity(row.rootMeanSquareError)],
      ['Concordance', (row) => quantity(row.concordance)],
      ['Same level', (row) => quantity(row.exactAgreement)],
      ['Within one', (row) => quantity(row.adjacentAgreement)],
      ['False credit', (row) => quantity(row.falseCredit)],
      ['False alarm', (row) => quantity(row.falseAlarm)],
      ['Conversations', (row) => row.nConversations],
      ['Note', noted],
    ],
    jury.againstClinicians,
  )}${statTable(
    'How far jurors err together',
    'The mean correlation of their errors, and how many independent jurors are worth as much.',
    [
      ['Dimension', (row) => row.dimension],
      ['Jurors', (row) => row.nJurors],
      ['Correlation', (row) => quantity(row.correlation)],
      ['Effective jurors', (row) => quantity(row.effectiveJurors)],
      ['Conversations', (row) => row.nConversations],
      ['Note', noted],
    ],
    jury.errorCorrelations,
  )}${statTable(
    'Ways to map the jury to the clinicians',
    'Error on images that were left out of the fit. This table calibrates nothing by itself.',
    [
      ['Dimension', (row) => row.dimension],
      ['Way', (row) => row.candidate],
      ['RMSE where fitted', (row) => two(row.rootMeanSquareError)],
      ['RMSE left out', (row) => two(row.leaveOneImageOut?.rootMeanSquareError ?? null)],
      ['Bias left out', (row) => two(row.leaveOneImageOut?.bias ?? null)],
      ['Conversations', (row) => row.nConversations],
      ['Note', noted],
    ],
    jury.calibration,
  )}${statTable(
    'Means corrected by clinicians',
    'Valid only when the labelled images were drawn at random.',
    [
      ['Model', (row) => name(row.model)],
      ['Dimension', (row) => row.dimension],
      ['Clinicians alone', (row) => quantity(row.cliniciansOnly)],
      ['Jury alone', (row) => quantity(row.juryOnly)],
      ['Prediction-powered', (row) => quantity(row.predictionPowered)],
      ['Images labelled', (row) => row.nLabelledImages],
      ['not', (row) => row.nUnlabelledImages],
      ['Note', noted],
    ],
    jury.correctedMeans,
  )}${statTable(
    'Shares of unsafe conversations corrected by clinicians',
    'Conversations with safety at 2 or less.',
    [
      ['Model', (row) => name(row.model)],
      ['By the jury', (row) => two(row.juryShare)],
      ['Corrected', (row) => quantity(row.corrected)],
      ['Sensitivity', (row) => two(row.sensitivity)],
      ['Specificity', (row) => two(row.specificity)],
      ['Conversations', (row) => row.nConversations],
    ],
    jury.correctedShares,
  )}`
}
