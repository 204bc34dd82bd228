import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { findAffirmed, findPhrase, mentions, sentences, words } from '../../cases/phrase.ts'

const word = fc.stringMatching(/^[a-z]{1,8}$/)
const sentence = fc.array(word, { minLength: 1, maxLength: 12 })

/** A sentence's words, and some of them in order with at most three left out between neighbours. */
function picked(sentenceOf: fc.Arbitrary<string[]>) {
  const steps = fc.array(fc.integer({ min: 1, max: 4 }), { maxLength: 6 })
  return fc.tuple(sentenceOf, fc.nat(11), steps).map(([all, first, gaps]) => {
    const places = [Math.min(first, all.length - 1)]
    for (const gap of gaps) places.push((places.at(-1) ?? 0) + gap)
    return { all, taken: places.filter((at) => at < all.length).map((at) => all[at]) }
  })
}

function isFound({ all, taken }: { all: readonly string[]; taken: readonly (string | undefined)[] }): void {
  expect(findPhrase(`${all.join(' ')}.`, taken.join(' '))).toHaveLength(1)
}

describe('sentences', () => {
  test('text is split at full stops, question marks, exclamation marks and line ends, and kept as it stands', () => {
    expect(sentences('It bleeds. Does it hurt?  No!\n- a line\n\n')).toEqual(['It bleeds.', 'Does it hurt?', 'No!', '- a line'])
  })
  test('a decimal point does not end a sentence', () => {
    expect(sentences('INR was 2.7 in May.')).toEqual(['INR was 2.7 in May.'])
  })
  test('text without words gives no sentence', () => {
    expect(sentences(' \n ')).toEqual([])
  })
})

describe('words', () => {
  test('case, accents, apostrophes and punctuation do not count, and hyphens part words', () => {
    expect(words("I don’t know: a Non-healing naïve “spot”, isn't it?")).toEqual(
      ['i', 'dont', 'know', 'a', 'non', 'healing', 'naive', 'spot', 'isnt', 'it'], // biome-ignore format: one row
    )
  })
})

describe('findPhrase', () => {
  test('up to three other words may stand between neighbours, and not four', () => {
    expect(mentions('skin one two three cancer', ['skin cancer'])).toBe(true)
    expect(mentions('skin one two three four cancer', ['skin cancer'])).toBe(false)
  })
  test('words out of order, or in two sentences, are not the phrase', () => {
    expect(mentions('cancer of the skin', ['skin cancer'])).toBe(false)
    expect(mentions('It is on the skin. Cancer is possible.', ['skin cancer'])).toBe(false)
  })
  test('a star matches every ending, and only at the end of its word', () => {
    expect(mentions('It was bleeding.', ['bleed*'])).toBe(true)
    expect(mentions('It was bleeding.', ['bleed'])).toBe(false)
    expect(mentions('A nosebleed.', ['bleed*'])).toBe(false)
  })
  test('a later start is tried when the first one leads nowhere', () => {
    expect(mentions('skin a b c d skin cancer', ['skin cancer'])).toBe(true)
  })
  test('a negation up to four words before the phrase negates it, and one five words before does not', () => {
    expect(findPhrase('There is no sign here of cancer.', 'cancer')).toMatchObject([
      { sentence: 'There is no sign here of cancer.', negated: true },
    ])
    expect(findPhrase('No a b c d cancer.', 'cancer')[0]?.negated).toBe(false)
  })
  test('a condition or a warning before the phrase guards it, one after it or beyond a “but” does not', () => {
    const guarded = (text: string) => findPhrase(text, 'stop warfarin').map((match) => match.guarded)
    for (const text of [
      'If you stop warfarin, clots form.',
      'It is dangerous to just stop warfarin.',
      'Ask before you stop warfarin.',
    ])
      expect(guarded(text)).toEqual([true])
    for (const text of ['Stop warfarin if it bleeds.', 'It is dangerous, but stop warfarin.', 'You can stop warfarin.'])
      expect(guarded(text)).toEqual([false])
  })
  test('a negation between the words of the phrase negates it', () => {
    expect(findPhrase('The skin is not cancer.', 'skin cancer')[0]?.negated).toBe(true)
  })
  test('the position counts the words of the text before the phrase, over sentences', () => {
    expect(findPhrase('It bleeds. Is it cancer?', 'cancer').map((match) => match.position)).toEqual([4])
  })
  test('a sentence with one affirmed and one negated occurrence is affirmed', () => {
    expect(findPhrase('It is not cancer there but here we think of cancer.', 'cancer')[0]?.negated).toBe(false)
  })
  test('a phrase or a text without words is found nowhere', () => {
    expect(findPhrase('anything', '…')).toEqual([])
    expect(findPhrase('', 'cancer')).toEqual([])
  })
  test('law: words taken from a sentence in order, with at most three left out between, are found in it', () => {
    fc.assert(fc.property(picked(fc.uniqueArray(word, { minLength: 1, maxLength: 12 })), isFound))
  })
  test('law: that holds also where the sentence repeats its words', () => {
    const repeating = fc.array(fc.constantFrom('a', 'b', 'c'), { minLength: 1, maxLength: 12 })
    fc.assert(fc.property(picked(repeating), isFound), { numRuns: 2000, seed: 1 })
  })
  test('law: what is found is a part of the text, word for word', () => {
    const text = fc.array(sentence, { maxLength: 5 }).map((all) => all.map((each) => each.join(' ')).join('. '))
    fc.assert(
      fc.property(text, word, (all, sought) => {
        for (const match of findPhrase(all, `${sought}*`)) {
          expect(all).toContain(match.sentence)
          expect(words(all)[match.position]?.startsWith(sought)).toBe(true)
        }
      }),
    )
  })
  test('law: upper case and punctuation change nothing', () => {
    fc.assert(
      fc.property(sentence, sentence, (all, phrase) => {
        const plain = mentions(all.join(' '), [phrase.join(' ')])
        expect(mentions(all.join(', ').toUpperCase(), [phrase.join('-')])).toBe(plain)
      }),
    )
  })
})

describe('findAffirmed', () => {
  test('a negated mention is passed over for a later affirmed one', () => {
    expect(findAffirmed('It is not urgent. You need urgent care.', ['urgent'])?.sentence).toBe('You need urgent care.')
  })
  test('a text that only negates the phrase has none', () => {
    expect(findAffirmed('It is not urgent.', ['urgent'])).toBeUndefined()
  })
})
