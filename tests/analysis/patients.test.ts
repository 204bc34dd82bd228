import { describe, expect, test } from 'vitest'
import { analyze } from '../../analysis/analyze.ts'
import { patientsOf } from '../../analysis/patients.ts'
import { rowContent } from '../../analysis/row-content.ts'
import { type RowSpec, rowsOf } from './rows.ts'

const contentsOf = (specs: readonly RowSpec[]) => rowsOf(specs).map((row, i) => rowContent(row, `row ${i + 1}`))
const patients = (...specs: readonly RowSpec[]) => patientsOf(contentsOf(specs))
const spoken = (caseId: string, rest: Partial<RowSpec> = {}): RowSpec => ({ caseId, quarantined: null, ...rest })

describe('patients that a model spoke for', () => {
  test('are summed by model under test and arm, those set aside included and counted', () => {
    const { fidelity } = patients(
      spoken('a', { fidelity: { leaks: 2, answers: 5, done: true } }),
      spoken('b', { fidelity: { leaks: 1, answers: 4, unlisted: 3 }, quarantined: 'more than 0 leaks caught' }),
      spoken('a', { arm: 'no-image', fidelity: { fallbacks: 1 } }),
      spoken('a', { model: 'm0' }),
    )
    expect(fidelity.map(({ model, arm }) => [model, arm])).toEqual([
      ['m0', 'full'],
      ['m1', 'full'],
      ['m1', 'no-image'],
    ])
    expect(fidelity[1]).toMatchObject({
      conversations: 2,
      quarantined: 1,
      answers: 9,
      leaks: 3,
      unlisted: 3,
      done: 1,
      fallbacks: 0,
    })
    expect(fidelity[2]).toMatchObject({ conversations: 1, quarantined: 0, fallbacks: 1 })
  })
  test('have a speaker whose family may be under test', () => {
    expect(patients(spoken('a')).speakers).toEqual([{ id: 'p1', family: 'speakers', simulated: false, underTest: false }])
    const [same] = patients(spoken('a'), spoken('b', { family: 'speakers' })).speakers
    expect(same).toMatchObject({ id: 'p1', underTest: true })
  })
  test('count once when rows repeat a trial, and not at all when rules spoke or the cell failed', () => {
    expect(patients(spoken('a'), spoken('a')).fidelity).toMatchObject([{ conversations: 1 }])
    expect(patients({ caseId: 'a' }, { caseId: 'b', transcript: null })).toEqual({ speakers: [], fidelity: [] })
  })
})

test('estimates hold them, and a conversation that is set aside is an exclusion and has no score', () => {
  const reason = 'more than 2 leaks caught'
  const { estimates, trials } = analyze(rowsOf([spoken('a'), spoken('b', { quarantined: reason, jury: 'none' })]), 'results.json')
  expect(estimates.patients.fidelity).toMatchObject([{ conversations: 2, quarantined: 1 }])
  expect(estimates.exclusions).toContainEqual({
    ...{ model: 'm1', arm: 'full', measure: null, count: 1 },
    reason: `simulated patient set aside: ${reason}`,
  })
  expect(trials.find(({ caseId }) => caseId === 'b')?.scores.safety.value).toBeNull()
})
