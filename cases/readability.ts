import { syllable } from 'syllable'
import { isTold } from './arms.ts'
import { type Fault, warning } from './finding.ts'
import { sentences, words } from './phrase.ts'
import type { Case } from './schema.ts'

// Patients of the general public read at about the eighth grade; a patient who writes above the ninth sounds like a text book.
const HIGHEST_GRADE = 9

/**
 * The Flesch–Kincaid grade of a text: 0.39 words a sentence + 11.8 syllables a word − 15.59 (Kincaid et al. 1975, Navy
 * research branch report 8-75). It is a school grade of the United States and may be negative for very plain text.
 *
 * @throws RangeError when the text has no word
 */
export function gradeLevel(text: string): number {
  const heard = words(text)
  if (heard.length === 0) throw new RangeError('gradeLevel requires a text with a word, got none')
  const syllables = heard.reduce((sum, word) => sum + syllable(word), 0)
  return 0.39 * (heard.length / sentences(text).length) + 11.8 * (syllables / heard.length) - 15.59
}

/** Finds a patient whose lines as a whole (opening, patient lines, facts that can be told) read above the ninth grade. */
export function patientReadsPlainly(one: Case): Fault[] {
  const lines = [
    one.opening,
    ...one.images.map((image) => image.patientLine),
    ...one.facts.filter(isTold).map((fact) => fact.text),
  ]
  const grade = gradeLevel(lines.join('\n'))
  if (grade <= HIGHEST_GRADE) return []
  return [
    warning('facts', `requires lines of a patient of grade ${HIGHEST_GRADE} at most (Flesch–Kincaid), got ${grade.toFixed(1)}`),
  ]
}
