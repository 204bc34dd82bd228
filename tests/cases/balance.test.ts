import { describe, expect, test } from 'vitest'
import { balanceOf } from '../../cases/balance.ts'
import type { Case } from '../../cases/schema.ts'
import { aCase } from './a-case.ts'

const got = (cases: readonly Case[], what: string) => balanceOf(cases).find((demand) => demand.what.includes(what))

describe('balanceOf', () => {
  test('two patients on one image count as two cases, one image and one image with two patients', () => {
    const cases = [aCase(), aCase({ id: 'second' })]
    expect(['cases', 'images', 'images with two'].map((what) => got(cases, what)?.got)).toEqual([2, 1, 1])
  })
  test('a demand is met at its bound and not below', () => {
    const rare = { ...aCase().truth, rarity: { ...aCase().truth.rarity, class: 'rare' as const } }
    const cases = (count: number) => Array.from({ length: count }, (_, i) => aCase({ id: `case-${i}`, truth: rare }))
    expect([got(cases(9), 'rare cases')?.met, got(cases(10), 'rare cases')?.met]).toEqual([false, true])
  })
  test('persona axes that always go together have V = 1, and crossed ones 0', () => {
    const persona = (talkativeness: 'low' | 'high', anxiety: 'low' | 'high') => {
      const { patient } = aCase()
      return aCase({ patient: { ...patient, persona: { ...patient.persona, talkativeness, anxiety } } })
    }
    const tied = [persona('low', 'low'), persona('high', 'high')]
    const crossed = [...tied, persona('low', 'high'), persona('high', 'low')]
    expect(got(tied, 'Cramér')).toMatchObject({ got: 1, met: false, what: expect.stringContaining('talkativeness and anxiety') })
    expect(got(crossed, 'Cramér')).toMatchObject({ got: 0, met: true })
  })
  test('V is that of a table worked out by hand', () => {
    // Rows low 3+1, high 1+3 of 8: χ² = 8·(9/16+1/16+1/16+9/16 − 1) = 2, V = √(2/8) = 0.5
    const { patient } = aCase()
    const cell = (count: number, talkativeness: 'low' | 'high', anxiety: 'low' | 'high') =>
      Array.from({ length: count }, () =>
        aCase({ patient: { ...patient, persona: { ...patient.persona, talkativeness, anxiety } } }),
      )
    const cases = [...cell(3, 'low', 'low'), ...cell(1, 'low', 'high'), ...cell(1, 'high', 'low'), ...cell(3, 'high', 'high')]
    expect(got(cases, 'Cramér')?.got).toBeCloseTo(0.5, 12)
  })
})
