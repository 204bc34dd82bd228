import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { load } from 'js-yaml'
import { z } from 'zod'
import { mentions, type Phrase, words } from './phrase.ts'
import type { Case } from './schema.ts'

const phrases = z.array(z.string().min(1))
const Groups = z.array(z.strictObject({ codes: phrases, names: phrases, anywhere: phrases, told: phrases }))

/** Other ways to name a diagnosis. */
export interface Synonyms {
  /** Phrases that name it wherever they stand. */
  readonly anywhere: readonly Phrase[]
  /** Phrases that give it away when the patient says them; in a record they may be the history of something else. */
  readonly told: readonly Phrase[]
}

const GROUPS = Groups.parse(load(readFileSync(join(import.meta.dirname, 'synonyms.yaml'), 'utf8')))

// How words for diseases change: a melanoma is melanomatous, a keratosis keratotic.
const ENDINGS: readonly (readonly [ending: RegExp, stems: readonly string[]])[] = [
  [/omas?$/, ['om']],
  [/itis$/, ['itis', 'itic']],
  [/os[ei]s$/, ['os', 'ot']],
  [/iasis$/, ['ias', 'iat']],
  [/a?emia$/, ['em', 'aem']],
  [/opath(?:y|ies)$/, ['opath']],
  [/onia$/, ['on']],
]
const SHORTEST_STEM = 4

/** The groups of synonyms.yaml that hold for a diagnosis; undefined when none does, so that nothing is known of its paraphrases. */
export function synonymsOf({ truth }: Pick<Case, 'truth'>): Synonyms | undefined {
  const { name, codes } = truth.primary
  const icd = codes.flatMap((code) => /^ICD-10(?:-CM)? ([A-Z]\d[\dA-Z.]*)/.exec(code)?.[1] ?? [])
  const groups = GROUPS.filter(
    (group) => mentions(name, group.names) || group.codes.some((code) => icd.some((own) => own.startsWith(code))),
  )
  if (groups.length === 0) return undefined
  return { anywhere: groups.flatMap((group) => group.anywhere), told: groups.flatMap((group) => group.told) }
}

/** The stems of the words for a disease in a name, as phrases: `Melanoma of the skin` → `melanom*`. */
export function stemsOf(name: string): Phrase[] {
  return words(name).flatMap((word) =>
    ENDINGS.flatMap(([ending, stems]) => {
      const root = word.replace(ending, '')
      return root === word || root.length < SHORTEST_STEM ? [] : stems.map((stem) => `${root}${stem}*`)
    }),
  )
}
