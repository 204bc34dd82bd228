import { expect, test } from 'vitest'
import { candidatesOf } from '../../assertions/annotation-candidates.ts'
import { givenWords, studyItem } from '../../assertions/annotation-content.ts'
import { Arm } from '../../cases/schema.ts'
import { aCase } from '../cases/a-case.ts'
import { aTranscript } from './a-conversation.ts'

test('what the clinician had is told in words of its own for every arm, and never by the arm’s name', () => {
  const told = Arm.options.map((arm) => givenWords(arm).join(' '))
  expect(new Set(told).size).toBe(Arm.options.length)
  for (const arm of Arm.options) for (const words of told) expect(words).not.toMatch(new RegExp(`\\b${arm}\\b`))
})

test('a rater’s item holds the turns’ words and roles only, without facts, marks and names of any model of the run', () => {
  const transcript = aTranscript(['I asked **Claude** first.', 'I, model-zeta, am **not** model zeta two.'], { arm: 'no-image' })
  const one = { transcript, arm: 'no-image' } as unknown as Parameters<typeof studyItem>[3]
  expect(studyItem('abcdefabcdef', 0, aCase(), one, ['model-zeta', 'imcbench:model-zeta-two']).turns).toEqual([
    { role: 'patient', text: 'I asked **[the clinician]** first.' },
    { role: 'clinician', text: 'I, [the clinician], am not [the clinician] two.' },
  ])
})

test('a run without rows has no candidates and leaves nothing out', () => {
  expect(candidatesOf([], 'none.json')).toEqual({ candidates: [], leftOut: new Map() })
})
