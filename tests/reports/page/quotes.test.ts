import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { piecesOf, quotePlace } from '../../../reports/page/quotes.ts'

const shown = (turn: string, quote: string) => {
  const place = quotePlace(turn, quote)
  return place === null ? null : turn.slice(place.start, place.end)
}

describe('quotePlace', () => {
  test.each([
    ['See a doctor today.', 'a doctor', 'a doctor'],
    ['See a **doctor**\n\ntoday.', 'a doctor today', 'a **doctor**\n\ntoday'],
    ['# Plan\n- Go *now*.\n- Take `ibuprofen`.', 'Go now. Take ibuprofen.', 'Go *now*.\n- Take `ibuprofen`.'],
    ['Read [this page](https://x.example/a).', 'Read this page.', 'Read [this page](https://x.example/a).'],
    ['It is 😀 fine', 'It is fine', 'It is 😀 fine'],
    ['A 5-day course - or more', '5-day course - or', '5-day course - or'],
  ])('%j holds %j as %j', (turn, quote, place) => {
    expect(shown(turn, quote)).toBe(place)
  })

  test.each([
    ['See a doctor.', 'See the doctor.'],
    ['See a doctor.', ''],
    ['See a doctor.', ' ** '],
    ['I am Claude.', 'I am [the clinician].'],
  ])('%j does not hold %j', (turn, quote) => {
    expect(shown(turn, quote)).toBeNull()
  })

  test('a piece of a turn of plain words is found, and what is found reads the same without white space', () => {
    const words = fc.array(fc.stringMatching(/^[a-z]{1,8}$/), { minLength: 1, maxLength: 12 })
    fc.assert(
      fc.property(words, fc.nat(11), fc.nat(11), (all, from, count) => {
        const piece = all.slice(from, from + count + 1)
        fc.pre(piece.length > 0)
        expect(shown(all.join('\n'), piece.join('  '))?.replaceAll('\n', '')).toBe(piece.join(''))
      }),
    )
  })
})

test('pieces lie end to end over the whole text, and each stretch is exactly the pieces that it covers', () => {
  const stretch = fc.tuple(fc.nat(30), fc.nat(30)).map(([a, b]) => ({ start: Math.min(a, b), end: Math.max(a, b) + 1 }))
  fc.assert(
    fc.property(fc.array(stretch, { maxLength: 5 }), (stretches) => {
      const pieces = piecesOf(31, stretches)
      expect(pieces.map(({ start }) => start)).toEqual([0, ...pieces.slice(0, -1).map(({ end }) => end)])
      expect(pieces.at(-1)?.end).toBe(31)
      stretches.forEach(({ start, end }, index) => {
        const own = pieces.filter(({ covers }) => covers.includes(index))
        expect([own[0]?.start, own.at(-1)?.end]).toEqual([start, end])
        expect(own.reduce((sum, piece) => sum + piece.end - piece.start, 0)).toBe(end - start)
      })
    }),
  )
})
