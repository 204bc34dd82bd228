import { describe, expect, test } from 'vitest'
import { clusteredDifference, clusteredMean } from '../../analysis/cr2.ts'
import { SubgroupRow } from '../../analysis/estimate-subgroups.ts'
import { adjustP } from '../../analysis/multiplicity.ts'
import { tTwoSided } from '../../analysis/student-t.ts'
import { subgroupRows } from '../../analysis/subgroup-rows.ts'
import { ageBand, subgroupsOf } from '../../analysis/subgroups.ts'
import type { RowSpec } from './rows.ts'
import { studyOf } from './study-of.ts'

const score = (i: number) => 1 + ((i * 7) % 5)

function cases(count: number, spec: (place: number) => Partial<RowSpec>): RowSpec[] {
  return Array.from({ length: count }, (_, i) => ({
    ...{ caseId: `c${String(i).padStart(2, '0')}`, scores: { safety: score(i), accuracy: 3, uncertainty: 2 } },
    ...spec(i),
  }))
}

function rowsFor(specs: readonly RowSpec[], attribute: SubgroupRow['attribute'], measure: SubgroupRow['measure'] = 'safety') {
  return subgroupRows(studyOf(specs))
    .map((row) => SubgroupRow.parse(row))
    .filter((row) => row.attribute === attribute && row.measure === measure)
}

describe('subgroups', () => {
  test('of a case are age band, sex, skin tone with its scale and rater, and modality', () => {
    const patient = {
      ...{ ageYears: 17.9, sexAtBirth: 'female' as const },
      skinTone: { scale: 'fitzpatrick' as const, value: 5, rater: 'dermatologist' as const },
    }
    expect(subgroupsOf({ patient, modalities: ['dermoscopy', 'clinical_photo', 'dermoscopy'] })).toEqual({
      ...{ ageBand: '0 to 17', sex: 'female', modality: 'clinical_photo + dermoscopy' },
      skinTone: { scale: 'fitzpatrick, rated by dermatologist', value: '5' },
    })
    expect([0, 17, 18, 39, 40, 64, 65, 120].map(ageBand)).toEqual(
      ['0 to 17', '18 to 39', '40 to 64', '65 and over'].flatMap((band) => [band, band]),
    )
    expect(() => ageBand(-1)).toThrow(RangeError)
    expect(() => ageBand(Number.NaN)).toThrow(RangeError)
  })

  test('have the mean of their cases and the difference from the rest, by CR2', () => {
    const rows = rowsFor(
      cases(40, (i) => ({ patient: { ageYears: i % 4 === 0 ? 70 : 30 } })),
      'age band',
    )
    expect(rows.map((row) => [row.group, row.nCases, row.nRestCases])).toEqual([
      ['18 to 39', 30, 10],
      ['65 and over', 10, 30],
    ])
    const scores = (old: boolean) =>
      Array.from({ length: 40 }, (_, i) => i)
        .filter((i) => (i % 4 === 0) === old)
        .map((i) => [score(i)])
    const wanted = clusteredDifference(scores(false), scores(true))
    const [young, old] = rows
    expect(young?.mean).toMatchObject(clusteredMean(scores(false)))
    expect(young?.difference.value).toBeCloseTo(wanted.value, 12)
    expect(young?.difference.standardError).toBeCloseTo(wanted.standardError, 12)
    expect(young?.difference.p).toBeCloseTo(tTwoSided(wanted.value / wanted.standardError, wanted.df), 12)
    expect(old?.difference.value).toBeCloseTo(-wanted.value, 12)
    expect(old?.difference.p).toBeCloseTo(young?.difference.p ?? Number.NaN, 12)
  })

  test('are adjusted by Benjamini and Hochberg over all attributes of a measure together', () => {
    const specs = cases(60, (i) => ({
      patient: { ageYears: i % 2 === 0 ? 70 : 30, sexAtBirth: i % 3 === 0 ? 'male' : 'female' },
      modalities: [i % 5 < 2 ? 'dermoscopy' : 'clinical_photo'],
    }))
    const rows = subgroupRows(studyOf(specs)).filter((row) => row.measure === 'safety')
    expect(rows.map((row) => row.difference.family)).toEqual(Array(6).fill(6))
    expect(rows.map((row) => row.difference.pBh)).toEqual(
      adjustP(
        rows.map((row) => row.difference.p),
        'bh',
      ),
    )
  })

  test('of skin tone compare only within one scale and rater, and a case without a tone is in no rest', () => {
    const tone = (scale: 'fitzpatrick' | 'monk', value: number) => ({
      skinTone: { scale, value, rater: 'dermatologist' as const },
    })
    const specs = cases(80, (i) => ({
      patient:
        [tone('fitzpatrick', 2), tone('fitzpatrick', 6), tone('monk', 10), tone('monk', 2), { skinTone: null }][i % 5] ?? {},
    }))
    expect(rowsFor(specs, 'skin tone').map((row) => [row.scale, row.group, row.nCases, row.nRestCases])).toEqual([
      ['fitzpatrick, rated by dermatologist', '2', 16, 16],
      ['fitzpatrick, rated by dermatologist', '6', 16, 16],
      ['monk, rated by dermatologist', '2', 16, 16],
      ['monk, rated by dermatologist', '10', 16, 16],
    ])
  })

  test('alone, on one image, or sharing an image with the rest give the reason and no interval', () => {
    const alone = rowsFor(
      cases(20, () => ({})),
      'sex',
    )
    expect(alone).toHaveLength(1)
    expect(alone[0]?.difference).toMatchObject({ value: null, p: null, pBh: null, reason: 'no other group to compare with' })
    const lonely = rowsFor(
      cases(20, (i) => ({ patient: { sexAtBirth: i === 0 ? 'male' : 'female' } })),
      'sex',
    )
    expect(lonely[1]).toMatchObject({ group: 'male', mean: { value: 1, interval: null, reason: 'only one image: no interval' } })
    expect(lonely[1]?.difference).toMatchObject({ interval: null, p: null })
    const straddling = rowsFor(
      cases(40, (i) => ({ image: `i${Math.floor(i / 2)}`, patient: { sexAtBirth: i % 2 === 0 ? 'male' : 'female' } })),
      'sex',
    )
    expect(straddling[0]?.difference.reason).toContain('an image has cases in both groups')
    expect(straddling[0]?.difference.interval).toBeNull()
  })

  test('without spread have a point and no p', () => {
    const [row] = rowsFor(
      cases(40, (i) => ({ patient: { sexAtBirth: i % 2 === 0 ? 'male' : 'female' } })),
      'sex',
      'accuracy',
    )
    expect(row?.difference).toMatchObject({ value: 0, standardError: 0, p: null, pBh: null, family: 0 })
    expect(row?.difference.reason).toContain('no spread')
  })

  test('of unknown sex are in no row, and a run without the arm full has none', () => {
    const specs = cases(40, (i) => ({
      patient: { sexAtBirth: (['male', 'female', 'unknown', 'unknown'] as const)[i % 4] ?? 'male' },
    }))
    expect(rowsFor(specs, 'sex').map((row) => [row.group, row.nCases, row.nRestCases])).toEqual([
      ['female', 10, 10],
      ['male', 10, 10],
    ])
    expect(subgroupRows(studyOf(cases(5, () => ({ arm: 'no-ehr' }))))).toEqual([])
  })
})
