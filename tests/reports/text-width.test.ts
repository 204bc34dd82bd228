import fc from 'fast-check'
import { expect, test } from 'vitest'
import { textWidth, wrapText } from '../../reports/text-width.ts'

test('digits and letters have the widths of Arial, which Arimo shares', () => {
  // Arial's published advance widths in 1/2048 em: digits 1139, A 1366, i 455, space 569; bold A 1479.
  expect(textWidth('0123456789', 2048)).toBe(11390)
  expect(textWidth('A i', 2048)).toBe(1366 + 569 + 455)
  expect(textWidth('A', 2048, 'bold')).toBe(1479)
  expect(textWidth('', 7)).toBe(0)
})

test('a letter that Arimo lacks counts one em, a direction mark nothing', () => {
  expect(textWidth('模', 10)).toBe(10)
  expect(textWidth('\u2068\u2069', 10)).toBe(0)
})

test('wrapping loses nothing but spaces and keeps to the width', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme-ascii' }), fc.integer({ min: 20, max: 200 }), (text, width) => {
      const lines = wrapText(text, width, 7)
      expect(lines.join('').replace(/\s/gu, '')).toBe(text.replace(/\s/gu, ''))
      for (const line of lines) expect(textWidth(line, 7)).toBeLessThanOrEqual(width)
    }),
  )
})
