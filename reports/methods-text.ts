import type { Estimates } from '../analysis/estimate.ts'
import { armMarks } from './arm-marks.ts'
import { banner } from './banner.ts'
import { calibrationSentence, juryIsCalibrated } from './calibration.ts'
import { counted, listed, percent, whole } from './format.ts'
import { nameInSentence } from './names.ts'
import type { Piece, Prose } from './prose.ts'

/**
 * The methods of a run as paragraphs for a paper, from its settings and counts; `[AUTHORS: …]` stands where only an author
 * knows. Every number is one of estimates.json, but for the bounds of the scale and the rules of when there is no interval.
 */
export function methodsText(estimates: Estimates): Prose {
  return {
    name: 'methods',
    title: 'Methods',
    paragraphs: [
      design(estimates),
      scoring(estimates),
      statistics(estimates),
      missing(estimates),
      versions(estimates),
      [banner(estimates)],
    ],
  }
}

function design({ models, arms, trials, comparisons, source, simulated }: Estimates): Piece[] {
  const rules =
    simulated.models.length === 0 ? '' : `, of which ${whole(simulated.models.length)} are embedded rules and no language models,`
  const named = models.map(nameInSentence)
  return [
    'The design follows the abstract of IMCBench',
    { cite: ['imcbench'] },
    '; it is not the official benchmark and does not reproduce it. ',
    `${counted(models.length, 'model')} (${listed(named)})${rules} talked with ${simulated.patient ? 'a scripted patient' : 'a patient [AUTHORS: scripted, simulated by a model, or recorded]'} about ${counted(trials.cases, 'case')} on ${counted(trials.images, 'image')}, in ${counted(arms.length, 'arm')} (${listed(arms.map((arm) => armMarks[arm].name))}). `,
    ...strata(comparisons.strata),
    ...(simulated.drawnImages > 0
      ? [
          `${counted(simulated.drawnImages, 'image')} of the bank ${simulated.drawnImages === 1 ? 'is a drawn illustration' : 'are drawn illustrations'}. `,
        ]
      : []),
    ...(source === 'promptfoo'
      ? [
          'Conversations were run with promptfoo',
          { cite: ['promptfoo'] } as const,
          '. ',
          ...(arms.some((arm) => arm.startsWith('no-'))
            ? ['An arm named “no” leaves something out: it was neither sent nor mentioned, and requests were checked for it. ']
            : []),
        ]
      : ['Scores come from a table of ratings; how the conversations were held is not told there. [AUTHORS: describe it.] ']),
    '[AUTHORS: say where cases and images come from, who wrote and who reviewed them, and on which dates the models were asked.]',
  ]
}

function strata(rows: Estimates['comparisons']['strata']): Piece[] {
  if (rows.length === 0) return []
  const cases = (of: (row: (typeof rows)[number]) => boolean) =>
    whole(rows.filter(of).reduce((sum, { nCases }) => sum + nCases, 0))
  const malignant = `${cases(({ malignancy }) => malignancy === 'malignant')} are malignant and ${cases(({ malignancy }) => malignancy === 'unclear')} are in situ or uncertain`
  const rare = `${cases(({ rarity }) => rarity === 'rare')} are rare and ${cases(({ rarity }) => rarity === 'unknown')} of unknown rarity`
  return [`Of the cases, ${malignant}; ${rare}; what is not known counts in neither group. `]
}

function rubricWords({ rubric, source }: Estimates): string {
  return source === 'table'
    ? 'a rubric that the table does not tell [AUTHORS: name it]'
    : `version ${nameInSentence(rubric)} of the rubric`
}

function scoring(estimates: Estimates): Piece[] {
  const { jurors, simulated } = estimates
  const rules = simulated.jurors.length === 0 ? '' : `, of which ${whole(simulated.jurors.length)} are embedded rules,`
  return [
    `A jury of ${counted(jurors.length, 'juror')} (${listed(jurors.map(nameInSentence))})${rules} scored each conversation from 1 to 5 on safety, accuracy and appropriate use of uncertainty, by ${rubricWords(estimates)}. The overall score of a conversation is the mean of its three dimensions. `,
    `${calibrationSentence(estimates)} ${juryIsCalibrated(estimates) ? '[AUTHORS: describe clinicians and labels.] ' : ''}`,
    'Agreement of jurors is given as Krippendorff’s ordinal alpha',
    { cite: ['krippendorff2011'] },
    ' and as intraclass correlations',
    { cite: ['shrout1979'] },
    '; agreement with clinicians, where there are labels, as bias, errors and Lin’s concordance',
    { cite: ['lin1989'] },
    '.',
  ]
}

function statistics({ settings, estimates, trials }: Estimates): Piece[] {
  const bca = estimates.some(({ intervals }) => intervals.some(({ method }) => method === 'cluster-bca'))
  return [
    `Means weigh cases equally, after averaging repeats. A delta is the mean of flagged minus the mean of other cases in arm full; an ablation effect is an arm minus full on the same cases. Averages over models take each case over all models first, on the cases that every model has. Intervals are ${percent(settings.level)} t intervals with CR2 standard errors clustered by image and Satterthwaite degrees of freedom`,
    { cite: ['bell2002', 'pustejovsky2018'] },
    ...(bca
      ? [
          `, with BCa intervals`,
          { cite: ['efron1987'] } as const,
          ` of ${whole(settings.resamples)} resamples of images (seed ${settings.seed}) beside`,
        ]
      : []),
    ...(estimates.some(({ intervals }) => intervals.length > 0)
      ? []
      : ['; this run has too few images for any on a mean, delta or effect']),
    '. Pairs of models, deltas and effects are tested two-sided with Holm’s correction',
    { cite: ['holm1979'] },
    ' within a measure. ',
    `The ${counted(trials.images, 'image')} are the clusters: fewer than 20 effective images make a number exploratory, fewer than 15 leave it without an interval. Models are fixed: intervals are over cases and say nothing of models in general.`,
  ]
}

function missing({ trials, exclusions }: Estimates): Piece[] {
  const kinds = new Set(exclusions.map(({ reason }) => reason)).size
  return [
    `Of ${counted(trials.planned, 'planned trial')}, ${whole(trials.scored)} have a score on at least one dimension. `,
    kinds === 0
      ? 'Nothing is missing. '
      : `What is missing is counted by model, arm and reason (${counted(kinds, 'reason')}, in the table of missing data); no value was put in its place. Bounds that put the lowest or highest score there are in estimates.json`,
    ...(kinds === 0 ? [] : [{ cite: ['manski1990'] } as const, '.']),
  ]
}

function versions({ software, bank, settings }: Estimates): Piece[] {
  return [
    `Analysis: ${nameInSentence(software.name)} ${nameInSentence(software.version)}; bank ${nameInSentence(bank.name)} (sha256 ${bank.sha256.slice(0, 12)}, ${counted(bank.cases, 'case')}, ${counted(bank.images, 'image')}); seed ${settings.seed}. [AUTHORS: say where data, code and transcripts can be had.]`,
  ]
}
