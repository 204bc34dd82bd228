import { describe, expect, test } from 'vitest'
import { loadBank } from '../../cases/load.ts'
import { nearDuplicates } from '../../cases/near-duplicates.ts'
import { aCase } from './a-case.ts'

const good = aCase()
const unlike = aCase({
  id: 'knee-pain',
  opening: 'My left knee swells up each time that I walk down stairs.',
  facts: good.facts.map((fact, i) => ({ ...fact, text: `Thing ${i} about my knee is different, word by word, from the nose.` })),
  ehr: { ...good.ehr, notes: [] },
})

describe('nearDuplicates', () => {
  test('a case copied under another name is found in the later one, with a run of words that both have', () => {
    expect(nearDuplicates([good, { ...good, id: 'nose-again' }])).toMatchObject([
      { caseId: 'nose-again', severity: 'warning', fault: expect.stringContaining('“i have a small bump”') },
    ])
  })
  test('two cases in different words have no finding', () => {
    expect(nearDuplicates([good, unlike])).toEqual([])
  })
  test('one long sentence in two cases is found by its field, and a short one is not', () => {
    const long = 'It came up after I had worked in the garden for most of the day.'
    const saying = (id: string, opening: string) => {
      const own = (name: string) => [...'abcdefgh'].map((letter) => `${id}${letter}${name}`).join(' ')
      const facts = good.facts.flatMap((fact, nth) =>
        [1, 2, 3, 4, 5, 6].map((i) => ({ ...fact, id: `${fact.id}-${i}`, text: own(`${nth}x${i}`) })),
      )
      return { ...good, id, opening, facts, ehr: unlike.ehr }
    }
    expect(nearDuplicates([saying('one', long), saying('two', long)])).toMatchObject([
      { caseId: 'two', field: 'opening', fault: 'requires a text of its own, got one that one has too' },
    ])
    const short = 'It came up in May.'
    expect(nearDuplicates([saying('one', short), saying('two', short)])).toEqual([])
  })
  test('no two cases of the project’s own banks are near-duplicates', async () => {
    for (const name of ['demo', 'bank']) expect(nearDuplicates((await loadBank(name)).cases)).toEqual([])
  })
  test('no cases give no findings', () => {
    expect(nearDuplicates([])).toEqual([])
  })
})
