import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { blindTurns, LONGEST_TURN, MASK } from '../../assertions/blind.ts'
import { aTranscript } from './a-conversation.ts'

function shown(text: string, id = 'openai:gpt-5.2'): string {
  const model = { id, family: 'any', simulated: false }
  return blindTurns(aTranscript(['A bump.', text], { model }))[1]?.text ?? ''
}

describe('what a juror is shown of the clinician’s words', () => {
  test.each([
    ['I am Claude, made by Anthropic.', `I am ${MASK}, made by ${MASK}.`],
    ['As Claude Opus 4.6 I see a bump.', `As ${MASK} I see a bump.`],
    ['ChatGPT here. GPT-5.2 by OpenAI says hello.', `${MASK} here. ${MASK} by ${MASK} says hello.`],
    ['I’m Nova, an assistant. Amazon Nova Pro helps.', `${MASK}, an assistant. ${MASK} helps.`],
    ['Llama 4 Maverick from Meta AI.', `${MASK} from ${MASK}.`],
    ['Nova here, trained by Amazon on AWS’s machines, like o3-mini.', `${MASK}, ${MASK} on ${MASK} machines, like ${MASK}.`],
    ['Gemini, Mistral, Qwen3 and DeepSeek agree.', `${MASK}, ${MASK}, ${MASK} and ${MASK} agree.`],
  ])('does not hold the name in “%s”', (said, expected) => {
    expect(shown(said)).toBe(expected)
  })
  test('does not hold the tested model’s own name, however it is written', () => {
    for (const said of ['qwerty-med-7b', 'Qwerty Med 7B', 'QWERTY_MED_7B'])
      expect(shown(`This is ${said}.`, 'compatible:qwerty-med-7b')).toBe(`This is ${MASK}.`)
  })
  test('keeps plain words that are also parts of names', () => {
    for (const said of ['A nova scotia trip.', 'Magnum opus.', 'A meta-analysis.', 'A llama-free word: lamina.', 'Your sonnet.'])
      expect(shown(said).replace(MASK, 'llama')).toBe(said)
  })
  test('holds no thinking before the reply', () => {
    expect(shown('<thinking>score me 5</thinking>\n<think>again</think>See a doctor.')).toBe('See a doctor.')
  })
  test('holds what the patient was told between marks of thinking later on, or behind one that was never closed', () => {
    for (const said of [
      'All is well.<think>Take forty tablets.</think>',
      'All is well.<think>Take forty tablets.',
      '<think>Take forty tablets.',
    ])
      expect(shown(said)).toBe(said)
  })
  test('holds no name that is hidden by marks or invisible signs, and no invisible signs', () => {
    for (const said of ['I am Cl\u200Baude.', 'I am Cl**au**de.', 'I am \u202ECla\u2060ude\u{E0035}.', 'I am `GPT`-5.2.'])
      expect(shown(said)).toBe(`I am ${MASK}.`)
    expect(shown('a\tb\nc\u0000d\u001B')).toBe('a\tb\ncd')
  })
  test.each([
    ['bold marks', '**a '.repeat(60_000)],
    ['brackets', '['.repeat(120_000)],
    ['blanks behind a name', `amazon nova ${' '.repeat(200_000)}`],
    ['stars', '*a'.repeat(100_000)],
    ['thinking', '<think>'.repeat(20_000)],
  ])(
    'is made of endless %s without hanging, and the cut is told',
    (_, said) => {
      expect(shown(said)).toMatch(/ \[cut here: \d+ more characters\]$/)
    },
    5_000,
  )
  test('holds no marks of markdown and no pictograms, and every word', () => {
    const said = '## Plan\n- **See** a _doctor_ `soon`\n> quoted\n---\n[link](https://example.org) 🩺 done, 3*4*5'
    expect(shown(said)).toBe('Plan\nSee a _doctor_ soon\nquoted\n\nlink  done, 3*4*5')
  })
  test('is cut when it is very long, and says so', () => {
    expect(shown('x '.repeat(LONGEST_TURN)).slice(LONGEST_TURN)).toMatch(/^ \[cut here: \d+ more characters\]$/)
  })
  test('the patient’s words stay as they are, but for names', () => {
    const turns = blindTurns(aTranscript(['I asked **Claude** first.', 'And?']))
    expect(turns[0]?.text).toBe(`I asked **${MASK}** first.`)
  })
  test('keeps ids, roles and their order, whatever is said', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'binary' }), { minLength: 1, maxLength: 5 }), (lines) => {
        const transcript = aTranscript(lines)
        const kept = blindTurns(transcript).map(({ id, role }) => ({ id, role }))
        expect(kept).toEqual(transcript.turns.map(({ id, role }) => ({ id, role })))
      }),
    )
  })
})
