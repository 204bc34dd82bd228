import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus'
import type { LabelSet } from '../../analysis/label-files.ts'
import { normalCdf } from '../../analysis/normal.ts'
import { NO_SUBGROUPS } from '../../analysis/subgroups.ts'
import { type Trial, type TrialVote, trialKey } from '../../analysis/trial.ts'
import { Dimension, type JuryMark } from '../../cases/verdict.ts'

/** How a simulated jury comes about, in points of the scale. Everything that a fit should recover is named here. */
const SIMULATED = {
  cases: 100,
  models: [
    { name: 'm1', family: 'north', level: 3.7 },
    { name: 'm2', family: 'south', level: 3.3 },
    { name: 'm3', family: 'none of the jurors', level: 3.0 },
  ],
  jurors: [
    { id: 'j1', family: 'north', severity: -0.9 },
    { id: 'j2', family: 'south', severity: -0.1 },
    { id: 'j3', family: 'west', severity: -0.5 },
  ],
  /** What a juror adds for a model of its own family. */
  familyBias: 0.5,
  spread: { image: 0.5, conversation: 0.6, rater: 0.5, jury: 0.3, juror: 0.5 },
} as const

/** A simulated run, what a rater would say on average of each trial, and the labels of two raters for its first conversations. */
export type SimulatedRun = { trials: Trial[]; truth: ReadonlyMap<string, number>; labels: LabelSet; jury: JuryMark }

/** One case and image each, all models, arm full; labels on all dimensions for the conversations of the first images. */
export function simulatedRun(seed: number, labelled: number, cases: number = SIMULATED.cases): SimulatedRun {
  const next = normals(seed)
  const { models, spread } = SIMULATED
  const trials: Trial[] = []
  const truth = new Map<string, number>()
  const ratings: LabelSet['ratings'][number][] = []
  for (let c = 0; c < cases; c++) {
    const image = spread.image * next()
    for (const model of models) {
      const level = model.level + image + spread.conversation * next()
      const trial = trialOf(c, model, votesOn(level, model.family, next))
      const where = { caseId: trial.caseId, arm: 'full' as const, model: model.name, repeat: 0 }
      // Drawn for every conversation, so that fewer labels change nothing else.
      const said = ['A', 'B'].map((rater) => {
        const scores = () => whole(level + spread.rater * next())
        return {
          ...where,
          rater,
          weight: 1,
          scores: { safety: scores(), accuracy: scores(), uncertainty: scores() },
          place: 'labels',
        }
      })
      if (trials.length < labelled) ratings.push(...said)
      trials.push(trial)
      truth.set(trialKey(where), expected(level, spread.rater))
    }
  }
  const labels = { simulated: true, raters: 'two simulated raters', sha256: ['e'.repeat(64)], ratings }
  return { trials, truth, labels, jury: MARK }
}

/** What a rater gives on average over all conversations of all models that could be drawn. */
export function meanTruth(): number {
  const { models, spread } = SIMULATED
  const means = models.map(({ level }) => expected(level, Math.hypot(spread.image, spread.conversation, spread.rater)))
  return means.reduce((sum, mean) => sum + mean, 0) / means.length
}

/** The mean score of a juror for a model over all conversations that could be drawn. */
function meanScore(juror: (typeof SIMULATED.jurors)[number], model: (typeof SIMULATED.models)[number]): number {
  const { familyBias, spread } = SIMULATED
  const width = Math.hypot(spread.image, spread.conversation, spread.jury, spread.juror)
  return expected(model.level + juror.severity + (juror.family === model.family ? familyBias : 0), width)
}

/** The jury’s mean less the raters’ mean over all conversations that could be drawn. */
export function biasTruth(): number {
  const { jurors, models } = SIMULATED
  const scores = jurors.flatMap((juror) => models.map((model) => meanScore(juror, model)))
  return scores.reduce((sum, score) => sum + score, 0) / scores.length - meanTruth()
}

/** What `jurorPreferences` should find for each juror with a model of its family: the other juror that likes its own is in its reference. */
export function preferenceTruth(): number[] {
  const { jurors, models } = SIMULATED
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length
  const score = (j: number, m: number) => meanScore(jurors[j] as (typeof jurors)[number], models[m] as (typeof models)[number])
  return jurors.flatMap((juror, j) => {
    const excess = models.map((_, m) => score(j, m) - mean(jurors.flatMap((_, other) => (other === j ? [] : score(other, m)))))
    const own = models.findIndex(({ family }) => family === juror.family)
    return own < 0 ? [] : [(excess[own] as number) - mean(excess.filter((_, m) => m !== own))]
  })
}

const MARK: JuryMark = {
  sha256: 'c'.repeat(64),
  jurors: SIMULATED.jurors.map(({ id, family }) => ({ id, family, simulated: true, saw: 'none', revision: '1' })),
  repeats: 1,
  quorum: 2,
  prompt: 'a'.repeat(64),
  rubric: { version: '1', sha256: 'a'.repeat(64) },
}

function votesOn(level: number, family: string, next: () => number): TrialVote[] {
  const { jurors, familyBias, spread } = SIMULATED
  return Dimension.options.flatMap((dimension) => {
    const shared = spread.jury * next()
    return jurors.map((juror): TrialVote => {
      const liking = juror.family === family ? familyBias : 0
      const score = whole(level + juror.severity + liking + shared + spread.juror * next())
      const who = { juror: juror.id, family: juror.family, simulated: true, saw: null }
      return { ...who, dimension, repeat: 0, score, missing: null, quotes: null }
    })
  })
}

function trialOf(c: number, model: (typeof SIMULATED.models)[number], votes: TrialVote[]): Trial {
  const pooled = (dimension: Dimension) => {
    const scores = votes.flatMap((vote) => (vote.dimension === dimension ? (vote.score ?? []) : []))
    return { value: scores.reduce((sum, score) => sum + score, 0) / scores.length, missing: null }
  }
  const each = { safety: pooled('safety'), accuracy: pooled('accuracy'), uncertainty: pooled('uncertainty') }
  const overall = { value: (each.safety.value + each.accuracy.value + each.uncertainty.value) / 3, missing: null }
  return {
    caseId: `c${String(c).padStart(4, '0')}`,
    image: `i${String(c).padStart(4, '0')}`,
    malignant: c % 3 === 0,
    rare: c % 4 === 0,
    emergency: null,
    subgroups: NO_SUBGROUPS,
    model: model.name,
    family: model.family,
    arm: 'full',
    repeat: 0,
    scores: { ...each, overall },
    missing: null,
    contradiction: null,
    instructions: null,
    votes,
    spent: [],
    caps: [],
    simulated: true,
    stop: null,
    clinicianWords: null,
    checklist: null,
    triage: null,
    replies: null,
    costUsd: null,
    juryCostUsd: null,
  }
}

/** The expected whole score of a normal level: 1 plus the chances to lie above 1.5, 2.5, 3.5 and 4.5. */
function expected(level: number, spread: number): number {
  return [1.5, 2.5, 3.5, 4.5].reduce((sum, border) => sum + normalCdf((level - border) / spread), 1)
}

function whole(level: number): 1 | 2 | 3 | 4 | 5 {
  return Math.min(5, Math.max(1, Math.round(level))) as 1 | 2 | 3 | 4 | 5
}

/** Independent standard normal numbers by Box and Muller's rule, from a seed. */
function normals(seed: number): () => number {
  const stream = xoroshiro128plus(seed)
  const uniform = () => ((stream.next() >>> 0) + 0.5) / 2 ** 32
  return () => Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform())
}
