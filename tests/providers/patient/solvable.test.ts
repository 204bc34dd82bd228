import { describe, expect, test } from 'vitest'
import { loadBank } from '../../../cases/load.ts'
import type { Fact } from '../../../cases/schema.ts'
import { unreachableFacts } from '../../../providers/patient/solvable.ts'
import { aCase } from '../../cases/a-case.ts'

const base = aCase()

function withBleeding(changed: Partial<Fact>, others: readonly Fact[] = []) {
  return aCase({ facts: [...others, ...base.facts.map((fact) => (fact.id === 'bleeding' ? { ...fact, ...changed } : fact))] })
}

describe('unreachableFacts', () => {
  test('a must-ask fact that its own phrase brings out is reachable', () => {
    expect(unreachableFacts(base)).toEqual([])
  })
  test.each(['unknown_to_patient', 'opening'] as const)(
    'a must-ask fact with disclosure %s is an error with the questions asked',
    (disclosure) => {
      expect(unreachableFacts(withBleeding({ disclosure }))).toMatchObject([
        {
          caseId: 'nose-bump',
          field: 'truth.mustAsk.bleeding',
          severity: 'error',
          fault: expect.stringContaining('Can you tell me about this: blood?'),
        },
      ])
    },
  )
  test('a fact that stands behind many others which the same questions bring out is not reached in three tries', () => {
    const crowd = Array.from(
      { length: 20 },
      (_, i): Fact => ({
        ...{ id: `crowd-${i}`, text: `Thing ${i}.`, category: 'symptom', polarity: 'present', disclosure: 'if_asked' },
        askedBy: ['bleed*', 'blood'],
      }),
    )
    expect(unreachableFacts(withBleeding({}, crowd))).toHaveLength(1)
    expect(unreachableFacts(withBleeding({}, crowd.slice(0, 10)))).toEqual([])
  })
  test('a fact of a category is reached by a plain question of that category, whatever its phrases', () => {
    for (const category of [
      'symptom',
      'onset',
      'change',
      'history',
      'medication',
      'allergy',
      'family',
      'social',
      'exposure',
      'travel',
      'sun',
      'pregnancy',
      'preference',
      'access',
    ] as const)
      expect(unreachableFacts(withBleeding({ category, disclosure: 'if_asked', askedBy: ['anything else'] })), category).toEqual(
        [],
      )
  })
  test.each(['demo', 'bank'])('every must-ask fact of %s is reachable', async (name) => {
    expect((await loadBank(name)).cases.flatMap(unreachableFacts)).toEqual([])
  })
})
