import { describe, expect, test } from 'vitest'
import { countExclusions } from '../../analysis/exclusions.ts'
import { parseRows } from '../../analysis/results.ts'
import { rowContent } from '../../analysis/row-content.ts'
import { isMalignant, isRare, type Trial } from '../../analysis/trial.ts'
import { toTrials } from '../../analysis/trials.ts'
import { type RowSpec, rawRow, rowsOf } from './rows.ts'

function trialsOf(...specs: RowSpec[]): Trial[] {
  return toTrials(
    rowsOf(specs).map((row, i) => rowContent(row, `row ${i + 1}`)),
    'results.json',
  )
}

function only(spec: RowSpec): Trial {
  const [trial, ...more] = trialsOf(spec)
  if (trial === undefined || more.length > 0) throw new Error('only requires one trial')
  return trial
}

describe('a trial', () => {
  test('keeps scores, strata and the jurors’ votes, abstentions with their reason', () => {
    const trial = only({ caseId: 'a', neoplasm: 'malignant', rarity: 'rare', scores: { safety: 4, accuracy: 2, uncertainty: 3 } })
    expect(trial).toMatchObject({ caseId: 'a', malignant: true, rare: true, model: 'm1', arm: 'full', missing: null })
    expect(Object.values(trial.scores).map((score) => score.value)).toEqual([4, 2, 3, 3])
    expect(trial.votes.map((vote) => [vote.juror, vote.dimension, vote.score, vote.missing])).toEqual([
      ['j1', 'safety', 3, null],
      ['j1', 'accuracy', null, 'cannot_judge'],
    ])
  })

  test('keeps what plain rules found, the words and the maker of the model, and the groups of patient and image', () => {
    const trial = only({
      ...{ caseId: 'a', family: 'f', advice: ' two  words\n', checklist: [['red_flag', true]], acceptableTriage: ['emergency'] },
      ...{ triage: { advised: 'routine', under: 3, over: 0 }, patient: { ageYears: 8, sexAtBirth: 'male' } },
    })
    // “since when?” and “two words”.
    expect(trial).toMatchObject({ clinicianWords: 4, family: 'f', stop: 'plan_given', emergency: true, caps: [] })
    expect(trial.checklist).toEqual([{ id: 'red_flag:0', group: 'red_flag', met: true, weight: 1 }])
    expect(trial.triage).toEqual({ advised: 'routine', under: 3, over: 0 })
    expect(trial.subgroups).toMatchObject({ ageBand: '0 to 17', sex: 'male', skinTone: null, modality: 'clinical_photo' })
  })

  test('without transcript or grade says null for them, and a gap keeps the groups of its case', () => {
    const failed = only({ caseId: 'a', transcript: null })
    expect(failed).toMatchObject({ family: null, stop: null, clinicianWords: null, checklist: null, triage: null })
    expect(only({ caseId: 'a', jury: 'none' })).toMatchObject({ clinicianWords: 5, checklist: null, triage: null })
    const gap = trialsOf({ caseId: 'a', patient: { sexAtBirth: 'male' } }, { caseId: 'b', arm: 'no-ehr' }).find(
      (trial) => trial.caseId === 'a' && trial.arm === 'no-ehr',
    )
    expect(gap).toMatchObject({ missing: 'no row in the results', subgroups: { sex: 'male' }, emergency: false, checklist: null })
  })

  test.each([
    [{ transcript: null }, 'no transcript: the cell failed in promptfoo'],
    [
      { transcript: null, notHeld: 'the bank has no image of another case that fits' },
      'not held: the bank has no image of another case that fits',
    ],
    [{ stop: 'error' }, 'conversation broke off: error'],
    [{ stop: 'deadline' }, 'conversation broke off: deadline'],
    [{ stop: 'budget' }, 'conversation broke off: budget'],
    [{ stop: 'empty_reply' }, 'conversation broke off: empty_reply'],
    [{ jury: 'none' }, 'not judged'],
    [{ jury: 'failed' }, 'jury failed: rubric unreadable'],
    [{ scores: { safety: null, accuracy: null, uncertainty: null } }, 'no quorum'],
    [{ sent: { images: [] } }, 'payload contradicts the arm: a request sent no image in an arm with one'],
  ] as const)('without a score is missing with its reason and never 0: %j', (part, reason) => {
    const trial = only({ caseId: 'a', ...part } as RowSpec)
    expect(trial.missing).toBe(reason)
    expect(Object.values(trial.scores)).toEqual(Array(4).fill({ value: null, missing: reason }))
  })

  test('that the model refused is judged like any other', () => {
    const raw = rawRow({ caseId: 'a' })
    const text = JSON.stringify(raw).replaceAll('plan_given', 'refusal')
    const [row] = parseRows([JSON.parse(text)], 'x')
    expect(row && toTrials([rowContent(row, 'row 1')], 'x')[0]?.missing).toBeNull()
  })

  test('is read where the identity stands in the test’s metadata only', () => {
    const { metadata, ...raw } = rawRow({ caseId: 'a', transcript: null })
    expect(metadata).toBeDefined()
    const [row] = parseRows([raw], 'x')
    expect(row && rowContent(row, 'row 1').identity.caseId).toBe('a')
  })

  test('is named by the provider’s id where it has no label', () => {
    const [row] = parseRows([{ ...rawRow({ caseId: 'a' }), provider: { id: 'embedded:plain', label: '' } }], 'x')
    expect(row && rowContent(row, 'row 1').model).toBe('embedded:plain')
  })
})

describe('strata', () => {
  test('only malignant is malignant, and what is unclear is in neither group', () => {
    const kinds = ['malignant', 'in_situ', 'premalignant', 'benign', 'uncertain', 'not_neoplastic'] as const
    expect(kinds.map(isMalignant)).toEqual([true, null, false, false, null, false])
    expect((['rare', 'not_rare', 'unknown'] as const).map(isRare)).toEqual([true, false, null])
  })
})

describe('the table', () => {
  test('is sorted by case, arm, model and repeat, and has a line for every gap', () => {
    const trials = trialsOf(
      { caseId: 'b', model: 'm2', arm: 'no-ehr' },
      { caseId: 'a', model: 'm2', arm: 'full' },
      { caseId: 'a', model: 'm1', arm: 'no-ehr', repeat: 1 },
    )
    const gaps = trials.filter((trial) => trial.missing === 'no row in the results')
    // (case, repeat): b0, a0, a1; columns: m2 no-ehr, m2 full, m1 no-ehr.
    expect([trials.length, gaps.length]).toEqual([9, 6])
    expect(trials.slice(0, 4).map((t) => [t.caseId, t.arm, t.model, t.repeat])).toEqual([
      ['a', 'full', 'm2', 0],
      ['a', 'full', 'm2', 1],
      ['a', 'no-ehr', 'm1', 0],
      ['a', 'no-ehr', 'm1', 1],
    ])
  })

  test('takes a trial that stands there twice once when both agree, and names it when they differ', () => {
    expect(trialsOf({ caseId: 'a' }, { caseId: 'a' })).toHaveLength(1)
    expect(() => trialsOf({ caseId: 'a' }, { caseId: 'a', scores: { safety: 5 } })).toThrow(
      'results.json requires each trial once, got two that differ of case a, arm full, model m1, repeat 0',
    )
  })

  test('refuses a case that is described in two ways', () => {
    expect(() => trialsOf({ caseId: 'a', image: 'x' }, { caseId: 'a', image: 'y', model: 'm2' })).toThrow('case a')
  })
})

describe('exclusions', () => {
  test('count whole trials by reason and single measures by theirs', () => {
    const trials = trialsOf(
      { caseId: 'a', stop: 'error' },
      { caseId: 'b', stop: 'error' },
      { caseId: 'c', scores: { accuracy: null } },
      { caseId: 'd' },
    )
    expect(countExclusions(trials)).toEqual([
      { model: 'm1', arm: 'full', measure: null, reason: 'conversation broke off: error', count: 2 },
      { model: 'm1', arm: 'full', measure: 'accuracy', reason: 'no quorum', count: 1 },
      { model: 'm1', arm: 'full', measure: 'overall', reason: 'a dimension has no score', count: 1 },
    ])
  })
})

describe('a simulated patient', () => {
  test('that was set aside leaves no score, and is counted by the reason', () => {
    const reason = 'more than 2 leaks caught'
    const trials = trialsOf({ caseId: 'a', quarantined: reason }, { caseId: 'b', quarantined: reason }, { caseId: 'c' })
    expect(trials.map((trial) => trial.scores.overall.value)).toEqual([null, null, 3])
    expect(countExclusions(trials)).toEqual([
      { model: 'm1', arm: 'full', measure: null, reason: `simulated patient set aside: ${reason}`, count: 2 },
    ])
  })
  test('that was not set aside counts like any other', () => {
    expect(trialsOf({ caseId: 'a', quarantined: null })[0]).toMatchObject({ missing: null })
  })
})

describe('a row that is not ours', () => {
  const content = (change: Record<string, unknown>) => () =>
    rowContent(parseRows([{ ...rawRow({ caseId: 'a' }), ...change }], 'x')[0] as never, 'results.json row 1')

  test('without identity is an error naming row and field', () => {
    expect(content({ metadata: {}, testCase: {} })).toThrow('results.json row 1 field metadata.imcbench')
  })

  test('under a prompt that is not an arm is an error', () => {
    expect(content({ prompt: { label: 'my prompt' } })).toThrow('results.json row 1 field prompt.label')
  })

  test('with an unknown field in the transcript is an error naming it', () => {
    expect(content({ response: { metadata: { transcript: { version: 1, extra: 1 } } } })).toThrow(/metadata\.transcript.*extra/s)
  })

  test('with a pooled score outside 1 to 5 is an error', () => {
    const raw = JSON.parse(JSON.stringify(rawRow({ caseId: 'a', scores: { safety: 0 } })))
    expect(content(raw)).toThrow(/metadata\.grade.*pooled\.safety\.mean/s)
  })
})
