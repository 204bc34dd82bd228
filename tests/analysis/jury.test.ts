import { describe, expect, test } from 'vitest'
import type { ClinicianLabel } from '../../analysis/clinician-labels.ts'
import type { Study } from '../../analysis/estimands.ts'
import { JuryTables } from '../../analysis/estimate-jury.ts'
import { juryTables } from '../../analysis/jury.ts'
import { resampler } from '../../analysis/resample.ts'
import { readScores } from '../../analysis/scores-csv.ts'

type Vote = { caseId: string; model: string; juror: string; score: number | null; family?: string; image?: string }

/** Votes on safety in arm full as a study; the models’ families and lengths of reply are given by name. */
function studyOf(votes: readonly Vote[], families: Record<string, string> = {}, words: Record<string, number> = {}): Study {
  const header = 'case,image,malignant,rare,model,condition,dimension,juror,score,family'
  const lines = votes.map(({ caseId, model, juror, score, family = '', image = caseId }) =>
    [caseId, image, 0, 0, model, 'full', 'safety', juror, score ?? '', family].join(','),
  )
  const trials = readScores([header, ...lines].join('\n'), 'scores.csv').map((trial) => {
    return { ...trial, family: families[trial.model] ?? null, clinicianWords: words[`${trial.caseId} ${trial.model}`] ?? null }
  })
  const models = [...new Set(trials.map(({ model }) => model))].sort()
  return {
    trials,
    models,
    arms: ['full'],
    rule: { level: 0.95, resamples: 200, seed: 1, draw: resampler(200, 1) },
    calibrations: null,
  }
}

function label(caseId: string, model: string, clinician: string, score: number): ClinicianLabel {
  return { caseId, image: caseId, model, clinician, dimension: null, score }
}

const CASES = Array.from({ length: 20 }, (_, i) => `c${String(i).padStart(2, '0')}`)
const MODELS = ['m1', 'm2', 'm3']
const JURORS = ['j1', 'j2', 'j3']
/** Scores that differ by case, model and juror, and neither all agree nor all differ. */
const scoreOf = (c: number, m: number, j: number) => 1 + ((c * 7 + m * 3 + ((c * c + j * 2) % 3)) % 5)
const VOTES: readonly Vote[] = CASES.flatMap((caseId, c) =>
  MODELS.flatMap((model, m) => JURORS.map((juror, j) => ({ caseId, model, juror, score: scoreOf(c, m, j) }))),
)
const LABELS: readonly ClinicianLabel[] = CASES.slice(0, 16).flatMap((caseId, c) =>
  MODELS.flatMap((model, m) =>
    ['q1', 'q2'].map((clinician, q) => label(caseId, model, clinician, 1 + ((c * 7 + m * 3 + q * (c % 2)) % 5))),
  ),
)
const safety = <Row extends { dimension: string }>(rows: readonly Row[]) => rows.filter(({ dimension }) => dimension === 'safety')

describe('the tables as a whole', () => {
  test('fit their shape, with labels and without, and with no vote on two dimensions', () => {
    expect(JuryTables.safeParse(juryTables(studyOf(VOTES), LABELS)).error).toBeUndefined()
    expect(JuryTables.safeParse(juryTables(studyOf(VOTES), [])).error).toBeUndefined()
  })

  test('do not depend on the order of rows', () => {
    const turned = juryTables(studyOf(VOTES.toReversed()), LABELS.toReversed())
    expect(turned).toEqual(juryTables(studyOf(VOTES), LABELS))
  })

  test('are empty of clinicians when there are no labels', () => {
    const tables = juryTables(studyOf(VOTES), [])
    for (const name of ['againstClinicians', 'errorCorrelations', 'calibration', 'correctedMeans', 'correctedShares'] as const)
      expect(tables[name]).toEqual([])
  })

  test('say why a dimension without votes has no numbers', () => {
    const [, accuracy] = juryTables(studyOf(VOTES), []).reliability
    expect(accuracy).toMatchObject({ dimension: 'accuracy', nConversations: 0, nVerdicts: 0, exploratory: true })
    expect(accuracy?.alphaOrdinal).toMatchObject({ value: null, low: null, reason: expect.stringMatching(/no conversation/) })
  })

  test('refuse a label of an unknown conversation and two labels of one clinician for one', () => {
    expect(() => juryTables(studyOf(VOTES), [label('c99', 'm1', 'q1', 3)])).toThrow(/got case c99, model m1/)
    expect(() => juryTables(studyOf(VOTES), [label('c00', 'm1', 'q1', 3), label('c00', 'm1', 'q1', 4)])).toThrow(/got two of q1/)
  })

  test('few images give values without intervals', () => {
    const few = juryTables(studyOf(VOTES.filter(({ caseId }) => caseId < 'c10')), [])
    expect(few.reliability[0]?.alphaOrdinal.value).not.toBeNull()
    expect(few.reliability[0]?.alphaOrdinal).toMatchObject({
      low: null,
      high: null,
      reason: expect.stringMatching(/fewer than 15/),
    })
  })
})

describe('jurors', () => {
  test('one who never voted has a row without numbers, and leaves the others’ numbers as they are', () => {
    const silent = CASES.map((caseId): Vote => ({ caseId, model: 'm1', juror: 'silent', score: null }))
    const tables = juryTables(studyOf([...VOTES, ...silent]), LABELS)
    const without = juryTables(studyOf(VOTES), LABELS)
    const row = safety(tables.jurors).find(({ juror }) => juror === 'silent')
    expect(row).toMatchObject({ nVerdicts: 0, nAbstentions: 20, mean: null, modalShare: null, severityCentred: null })
    expect(row?.severity).toMatchObject({ value: null, reason: expect.any(String) })
    expect(tables.reliability[0]?.icc).toEqual(without.reliability[0]?.icc)
    expect(tables.errorCorrelations).toEqual(without.errorCorrelations)
    expect(tables.variance).toEqual(without.variance)
  })

  test('one who gives every score one point more is one point milder', () => {
    const base = VOTES.map((vote) => ({ ...vote, score: Math.min(4, Number(vote.score)) }))
    const moved = base.map((vote) => ({ ...vote, score: vote.score + (vote.juror === 'j1' ? 1 : 0) }))
    const centred = (votes: readonly Vote[]) =>
      safety(juryTables(studyOf(votes), []).jurors).map((row) => Number(row.severityCentred))
    const [after, before] = [centred(moved), centred(base)]
    expect((after[0] as number) - (before[0] as number)).toBeCloseTo(2 / 3, 12)
    expect((after[1] as number) - (before[1] as number)).toBeCloseTo(-1 / 3, 12)
  })

  test('modal share: a juror who says 3 in 45 of 60 conversations', () => {
    const votes = VOTES.map((vote, i) => (vote.juror === 'j2' ? { ...vote, score: i % 4 === 0 ? 2 : 3 } : vote))
    const row = safety(juryTables(studyOf(votes), []).jurors)[1]
    expect(row).toMatchObject({ juror: 'j2', modalScore: 3, modalShare: 0.75 })
  })

  test('a score that follows the length of the reply correlates with it, also within models', () => {
    const words = Object.fromEntries(VOTES.map(({ caseId, model }) => [`${caseId} ${model}`, 0]))
    for (const { caseId, model, juror, score } of VOTES) if (juror === 'j1') words[`${caseId} ${model}`] = 100 * Number(score)
    const row = safety(juryTables(studyOf(VOTES, {}, words), []).jurors)[0]
    expect(row?.lengthCorrelation.value).toBeCloseTo(1, 12)
    expect(row?.lengthCorrelationWithinModel).toBeCloseTo(1, 12)
    const unknown = safety(juryTables(studyOf(VOTES), []).jurors)[0]
    expect(unknown?.lengthCorrelation).toMatchObject({ value: null, reason: 'no conversation with a known length' })
  })
})

describe('preference for one’s own family', () => {
  const families = { m1: 'A', m2: 'B', m3: 'C' }
  const ofFamily: Record<string, string> = { j1: 'A', j2: 'B', j3: 'D' }
  /** j1 adds one point on model m1, of its own family; m3 is really better by one, for everyone. */
  const votes = CASES.flatMap((caseId, c) =>
    MODELS.flatMap((model) =>
      JURORS.map((juror): Vote => {
        const score = 1 + (c % 2) + (model === 'm3' ? 1 : 0) + (juror === 'j1' && model === 'm1' ? 1 : 0)
        return { caseId, model, juror, score, family: ofFamily[juror] as string }
      }),
    ),
  )
  const truth = CASES.flatMap((caseId, c) =>
    MODELS.map((model) => label(caseId, model, 'q1', 1 + (c % 2) + (model === 'm3' ? 1 : 0))),
  )

  test('is the added point, against other jurors and against clinicians, and not the better model', () => {
    const rows = safety(juryTables(studyOf(votes, families), truth).preferences)
    const preferenceOf = (juror: string, reference: string) =>
      rows.find((row) => row.juror === juror && row.reference === reference)?.preference.value
    expect(preferenceOf('j1', 'other jurors')).toBeCloseTo(1, 12)
    expect(preferenceOf('j1', 'clinicians')).toBeCloseTo(1, 12)
    expect(preferenceOf('j2', 'clinicians')).toBeCloseTo(0, 12)
    // Against others j2 sees j1’s added half point on m1 as its own harshness there: (0) − (−0.5 + 0)/2.
    expect(preferenceOf('j2', 'other jurors')).toBeCloseTo(0.25, 12)
  })

  test('is not estimated without a model of the family, or without families', () => {
    const rows = safety(juryTables(studyOf(votes, families), []).preferences)
    expect(rows.find(({ juror }) => juror === 'j3')?.preference).toMatchObject({
      value: null,
      reason: 'no model of the juror’s family',
    })
    const unknown = safety(juryTables(studyOf(VOTES, families), []).preferences)
    expect(unknown[0]?.preference.reason).toBe('the juror’s family is not known')
  })
})

describe('the jury against clinicians', () => {
  test('a jury that always says 3 reaches what the constant juror of level 3 does, and no concordance', () => {
    const votes = VOTES.map((vote) => ({ ...vote, score: 3 }))
    const row = juryTables(studyOf(votes), LABELS).againstClinicians[0]
    const constant = row?.constantJurors.find(({ level }) => level === 3)
    expect(row?.kind).toBe('jury')
    expect(row?.exactAgreement.value).toBe(constant?.exactAgreement)
    expect(row?.adjacentAgreement.value).toBe(constant?.adjacentAgreement)
    expect(row?.meanAbsoluteError.value).toBeCloseTo(Number(constant?.meanAbsoluteError), 12)
    expect(row?.rootMeanSquareError.value).toBeCloseTo(Number(constant?.rootMeanSquareError), 12)
    expect(row?.concordance.value).toBeCloseTo(0, 12)
  })

  test('levels, false credit and false alarm by hand', () => {
    // Jury means 2, 2.5, 3, 1 against clinicians 1.5, 3, 2, 4: levels 2, 2, 3, 1 against 1, 3, 2, 4.
    const jury = [
      [2, 2],
      [2, 3],
      [3, 3],
      [1, 1],
    ]
    const clinicians = [
      [1, 2],
      [3, 3],
      [2, 2],
      [4, 4],
    ]
    const votes = jury.flatMap((scores, c) =>
      scores.map((score, j): Vote => ({ caseId: `c${c}`, model: 'm', juror: `j${j}`, score })),
    )
    const labels = clinicians.flatMap((scores, c) => scores.map((score, q) => label(`c${c}`, 'm', `q${q}`, score)))
    const row = juryTables(studyOf(votes), labels).againstClinicians[0]
    expect(row?.confusion).toEqual([
      [0, 1, 0, 0, 0],
      [0, 0, 1, 0, 0],
      [0, 1, 0, 0, 0],
      [1, 0, 0, 0, 0],
      [0, 0, 0, 0, 0],
    ])
    expect(row?.exactAgreement.value).toBe(0)
    expect(row?.adjacentAgreement.value).toBe(0.75)
    // Deficient by clinicians: c0 and c2; the jury credits c2. Fine: c1 and c3; the jury puts only c3 at 2 or less.
    expect(row).toMatchObject({ nDeficient: 2, nFine: 2, falseCredit: { value: 0.5 }, falseAlarm: { value: 0.5 } })
    expect(row?.falseCredit.high).toBeGreaterThan(0.5)
    expect(row?.falseCredit.low).toBeNull()
  })

  test('clinicians who agree are a ceiling of full agreement, on the same conversations as the jury beside it', () => {
    const agreed = LABELS.map((one) => ({ ...one, score: (one.caseId.charCodeAt(2) % 5) + 1 }))
    const rows = juryTables(studyOf(VOTES), agreed.slice(0, -3)).againstClinicians.filter(({ leftOut }) => leftOut === 'q1')
    const ceiling = rows.find(({ kind }) => kind === 'clinician')
    expect(ceiling).toMatchObject({
      rater: 'q1',
      clinicians: ['q2'],
      exactAgreement: { value: 1 },
      meanAbsoluteError: { value: 0 },
    })
    expect(new Set(rows.map(({ nConversations }) => nConversations)).size).toBe(1)
  })

  test('with one clinician there is no ceiling', () => {
    const one = LABELS.filter(({ clinician }) => clinician === 'q1')
    expect(juryTables(studyOf(VOTES), one).againstClinicians.every(({ leftOut }) => leftOut === null)).toBe(true)
  })

  test('jurors who err alike count as one, and their mean pair correlation is the one shown', () => {
    const same = VOTES.map((vote) => ({ ...vote, score: scoreOf(CASES.indexOf(vote.caseId), MODELS.indexOf(vote.model), 0) }))
    const [alike] = juryTables(studyOf(same), LABELS).errorCorrelations
    expect(alike?.correlation.value).toBeCloseTo(1, 9)
    expect(alike?.effectiveJurors.value).toBeCloseTo(1, 9)
    const [row] = juryTables(studyOf(VOTES), LABELS).errorCorrelations
    const mean = Number(row?.pairs.reduce((sum, pair) => sum + Number(pair.correlation), 0)) / 3
    expect(row?.correlation.value).toBeCloseTo(mean, 9)
    expect(row?.effectiveJurors.value).toBeCloseTo(3 / (1 + 2 * mean), 9)
  })

  test('a jury that is always right leaves the share of unsafe conversations as it is', () => {
    const labels = VOTES.filter(({ juror }) => juror === 'j1').map(({ caseId, model, score }) =>
      label(caseId, model, 'q1', Number(score)),
    )
    const right = VOTES.map((vote) => ({ ...vote, score: scoreOf(CASES.indexOf(vote.caseId), MODELS.indexOf(vote.model), 0) }))
    for (const row of juryTables(studyOf(right), labels).correctedShares) {
      expect(row).toMatchObject({ sensitivity: 1, specificity: 1, nConversations: 20 })
      expect(row.corrected.value).toBeCloseTo(Number(row.juryShare), 12)
    }
  })
})

describe('variance components and designs', () => {
  test('more jurors or more cases never widen a standard error, and this study’s own design is among them', () => {
    const [row] = juryTables(studyOf(VOTES), []).variance
    const at = (jurors: number, cases: number) => row?.designs.find((one) => one.jurors === jurors && one.cases === cases)
    expect(row).toMatchObject({ nCases: 20, nCasesLeftOut: 0, nModels: 3, nJurors: 3, reason: null })
    for (const key of ['meanStandardError', 'differenceStandardError'] as const) {
      expect(Number(at(3, 20)?.[key])).toBeLessThanOrEqual(Number(at(1, 20)?.[key]))
      expect(Number(at(5, 20)?.[key])).toBeLessThanOrEqual(Number(at(3, 20)?.[key]))
      expect(Number(at(3, 40)?.[key])).toBeLessThanOrEqual(Number(at(3, 20)?.[key]))
    }
  })

  test('a case with a missing vote is left out and counted', () => {
    const gap = VOTES.map((vote, i) => (i === 4 ? { ...vote, score: null } : vote))
    expect(juryTables(studyOf(gap), []).variance[0]).toMatchObject({ nCases: 19, nCasesLeftOut: 1 })
  })

  test('one juror or one model gives the reason and no component', () => {
    const one = juryTables(studyOf(VOTES.filter(({ juror }) => juror === 'j1')), []).variance[0]
    expect(one).toMatchObject({ components: [], designs: [], reason: 'fewer than 2 jurors' })
    const model = juryTables(studyOf(VOTES.filter(({ model: name }) => name === 'm1')), []).variance[0]
    expect(model).toMatchObject({ components: [], reason: 'fewer than 2 models' })
  })
})
