import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { clusteredDifference } from '../../analysis/cr2.ts'
import { type DesignCluster, regressClusters } from '../../analysis/cr2-regression.ts'

const cluster = fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 1, maxLength: 4 })
const group = fc.array(cluster, { minLength: 2, maxLength: 7 })

describe('CR2 for a regression on flags of whole clusters', () => {
  test('equals the full-matrix estimator: (I − H_gg)^(−1/2) by eigenvalues and df from P = G′G, computed in NumPy', () => {
    // Clusters as malignant, rare, values. NumPy: numpy.linalg.eigh of each block of I − H, working covariance I.
    const design: [number, number, number[]][] = [
      [1, 1, [2, 3]],
      [1, 1, [2]],
      [1, 0, [3, 4, 2]],
      [1, 0, [3]],
      [0, 1, [4, 2]],
      [0, 1, [3]],
      [0, 0, [5, 4]],
      [0, 0, [4]],
      [0, 0, [3, 5, 4]],
      [0, 0, [2]],
    ]
    const wanted = [
      { value: 3.831460674157303, standardError: 0.3201836877051139, df: 3.380271571992069 },
      { value: -0.7865168539325842, standardError: 0.2500075336610086, df: 4.392017071858123 },
      { value: -0.771535580524344, standardError: 0.23099665124620003, df: 4.369398406228998 },
    ]
    const found = regressClusters(design.map(([malignant, rare, values]) => ({ row: [1, malignant, rare], values })))
    expect(found).toHaveLength(3)
    for (const [k, coefficient] of found.entries()) {
      if (coefficient.kind === 'none') throw new Error(coefficient.reason)
      for (const field of ['value', 'standardError', 'df'] as const)
        expect(coefficient[field]).toBeCloseTo((wanted[k] as (typeof wanted)[0])[field], 10)
    }
  })

  test('with one flag it is the two-group closed form', () => {
    fc.assert(
      fc.property(group, group, (one, zero) => {
        const rows = (clusters: number[][], flag: number): DesignCluster[] =>
          clusters.map((values) => ({ row: [1, flag], values }))
        const coefficient = regressClusters([...rows(one, 1), ...rows(zero, 0)])[1]
        if (coefficient?.kind !== 'estimate') throw new Error('no estimate')
        const wanted = clusteredDifference(one, zero)
        expect(coefficient.value).toBeCloseTo(wanted.value, 9)
        expect(coefficient.standardError).toBeCloseTo(wanted.standardError, 9)
        expect(coefficient.df).toBeCloseTo(wanted.df, 7)
      }),
    )
  })

  test('a constant added to every value moves the intercept only', () => {
    fc.assert(
      fc.property(group, group, group, (a, b, c) => {
        const rows = (shift: number) =>
          [a, b, c].flatMap((clusters, k) =>
            clusters.map((values) => ({ row: [1, Number(k === 1), Number(k === 2)], values: values.map((y) => y + shift) })),
          )
        const [before, after] = [regressClusters(rows(0)), regressClusters(rows(3))]
        for (const k of [1, 2]) {
          const [x, y] = [before[k], after[k]]
          if (x?.kind !== 'estimate' || y?.kind !== 'estimate') throw new Error('no estimate')
          expect(y.value).toBeCloseTo(x.value, 8)
          expect(y.standardError).toBeCloseTo(x.standardError, 8)
          expect(y.df).toBeCloseTo(x.df, 6)
        }
      }),
    )
  })

  test('flags that always go together give no coefficient but a reason', () => {
    const both = [
      { row: [1, 1, 1], values: [2, 3] },
      { row: [1, 1, 1], values: [1] },
      { row: [1, 0, 0], values: [4, 4] },
      { row: [1, 0, 0], values: [5] },
    ]
    for (const coefficient of regressClusters(both)) expect(coefficient).toMatchObject({ kind: 'none' })
  })

  test('no cluster, an empty one, uneven rows and NaN are refused', () => {
    expect(() => regressClusters([])).toThrow(RangeError)
    expect(() => regressClusters([{ row: [1], values: [] }])).toThrow('empty')
    expect(() =>
      regressClusters([
        { row: [1], values: [1] },
        { row: [1, 0], values: [1] },
      ]),
    ).toThrow('rows of 1')
    expect(() => regressClusters([{ row: [1], values: [Number.NaN] }])).toThrow('finite')
  })
})
