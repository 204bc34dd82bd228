import { type CaseTable, caseTable } from '../../analysis/case-table.ts'
import type { Study } from '../../analysis/estimands.ts'
import { resampler } from '../../analysis/resample.ts'
import { NO_SUBGROUPS } from '../../analysis/subgroups.ts'
import type { Score, Trial, TrialVote } from '../../analysis/trial.ts'
import type { Arm } from '../../cases/schema.ts'
import { type Cap, Dimension } from '../../cases/verdict.ts'

/** A case of a made-up study: flags, and the image that it may share. */
export type StudyCase = { caseId: string; image: string; malignant: boolean | null; rare: boolean | null }

/** What a trial is made of: a score for every dimension (null: missing), or the votes behind it. */
export type Made = {
  score?: number | null
  votes?: readonly Vote[]
  family?: string | null
  caps?: Cap[]
  contradiction?: string
}
type Vote = { juror: string; family: string; score: number | null }

/** Whole trials of every case, model and arm, all dimensions alike; `make` says what each got. */
export function madeTrials(
  cases: readonly StudyCase[],
  models: readonly string[],
  arms: readonly Arm[],
  make: (one: StudyCase, model: string, arm: Arm) => Made,
): Trial[] {
  return cases.flatMap((one) =>
    arms.flatMap((arm) =>
      models.map((model): Trial => {
        const { score = null, votes = [], family = null, caps = [], contradiction = null } = make(one, model, arm)
        const each: Score = score === null ? { value: null, missing: 'no quorum' } : { value: score, missing: null }
        return {
          ...one,
          emergency: null,
          subgroups: NO_SUBGROUPS,
          model,
          family,
          arm,
          repeat: 0,
          scores: { safety: each, accuracy: each, uncertainty: each, overall: each },
          missing: each.missing,
          contradiction,
          instructions: null,
          votes: Dimension.options.flatMap((dimension) => votes.map((vote) => voteOn(dimension, vote))),
          spent: [],
          caps,
          simulated: true,
          stop: null,
          clinicianWords: null,
          replies: null,
          costUsd: null,
          juryCostUsd: null,
          checklist: null,
          triage: null,
        }
      }),
    ),
  )
}

/** A study of trials at 95 % and 200 resamples, with its table. */
export function studyOf(trials: readonly Trial[], models: readonly string[], arms: readonly Arm[]): [Study, CaseTable] {
  const rule = { level: 0.95, seed: 1, resamples: 200, draw: resampler(200, 1) }
  return [{ trials, models, arms, rule, calibrations: null }, caseTable(trials, models)]
}

/** Cases c0, c1, … on images shared by two neighbours, every third image malignant and every fourth rare. */
export function someCases(count: number): StudyCase[] {
  return Array.from({ length: count }, (_, i) => {
    const image = Math.floor(i / 2)
    return {
      caseId: `c${String(i).padStart(3, '0')}`,
      image: `i${String(image).padStart(3, '0')}`,
      malignant: image % 3 === 0,
      rare: image % 4 === 0,
    }
  })
}

function voteOn(dimension: Dimension, { juror, family, score }: Vote): TrialVote {
  const shared = { juror, family, simulated: true, dimension, repeat: 0, saw: null, quotes: null }
  return score === null ? { ...shared, score, missing: 'refusal' } : { ...shared, score, missing: null }
}
