import { describe, expect, test } from 'vitest'
import { analyze } from '../../analysis/analyze.ts'
import { collectConversations } from '../../analysis/collect-conversations.ts'
import { Conversations } from '../../analysis/conversations.ts'
import { parseRows } from '../../analysis/results.ts'
import { hash, rawRow, smallStudy } from './rows.ts'

const picture = 'data:image/jpeg;base64,/9j/2w=='
const rows = smallStudy().map((spec) => ({ ...rawRow(spec), vars: { opening: 'x', picture } }))

function collected(values: readonly unknown[]): Conversations {
  const run = { rows: parseRows(values, 'r'), source: 'r' }
  return collectConversations([run], analyze(run.rows, 'r', { level: 0.95, resamples: 10, seed: 1 }))
}

describe('collectConversations', () => {
  test('holds every trial with its words and votes, in the order of the tidy table, as its own schema wants', () => {
    const held = collected(rows)
    expect(Conversations.parse(JSON.parse(JSON.stringify(held)))).toEqual(held)
    expect(held.trials).toHaveLength(48)
    expect(held.trials[0]).toMatchObject({ caseId: 'a', model: 'm1', arm: 'full', repeat: 0, malignant: true, rare: true })
    expect(held.trials[0]?.transcript?.turns.map(({ text }) => text)).toEqual(['hello', 'since when?', 'a week', 'see a doctor'])
    expect(held.trials[0]?.grade?.votes.map(({ kind }) => kind)).toEqual(['verdict', 'abstention'])
  })

  test('rows in another order, and a row given twice, give the same bytes', () => {
    expect(JSON.stringify(collected([...rows.toReversed(), rows[3]]))).toBe(JSON.stringify(collected(rows)))
  })

  test('a picture is kept once for each image, and only when it is embedded in the row', () => {
    expect(Object.keys(collected(rows).thumbnails)).toEqual(['i1', 'i2', 'i3', 'i4', 'i5'].map(hash).toSorted())
    const addresses = ['https://x.example/a.png', 'not here', 'data:text/html;base64,PGI+', `${picture}" onerror="x`, undefined]
    for (const other of addresses)
      expect(collected(rows.map((row) => ({ ...row, vars: { picture: other } }))).thumbnails).toEqual({})
  })

  test('a trial without a row and one whose cell failed stand there with the reason and no words', () => {
    const [spec] = smallStudy()
    if (spec === undefined) throw new Error('the study has trials')
    const held = collected([rawRow({ ...spec, transcript: null }), ...rows.slice(2)])
    expect(held.trials[0]).toMatchObject({
      transcript: null,
      grade: null,
      missing: 'no transcript: the cell failed in promptfoo',
    })
    expect(held.trials.filter(({ missing }) => missing === 'no row in the results')).toHaveLength(1)
  })
})
