import fc from 'fast-check'
import { expect, test } from 'vitest'
import { wordParts } from '../../reports/word-parts.ts'

test('the parts joined are the text, and no part of a long word is longer than twelve characters', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string({ unit: 'binary', maxLength: 80 }), fc.stringMatching(/^[a-z/:. -]{0,80}$/u)), (text) => {
      const parts = wordParts(text)
      expect(parts.join('')).toBe(text)
      const long = parts.flatMap((part) => part.split(/\s+/u)).filter((word) => Array.from(word).length > 18)
      expect(long).toEqual([])
    }),
  )
})

test('words of a sentence stay whole, a name breaks after its signs', () => {
  expect(wordParts('appropriate use of uncertainty')).toEqual(['appropriate use of uncertainty'])
  expect(wordParts('model anthropic:claude-opus-4-6')).toEqual(['model anthropic:', 'claude-', 'opus-', '4-', '6'])
  expect(wordParts('')).toEqual([''])
})
