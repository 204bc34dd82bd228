import { type Finding, warning } from './finding.ts'
import { words } from './phrase.ts'
import type { Case } from './schema.ts'

const RUN = 5
// Among 34 cases written apart by five authors the largest share was 0.05, between two tales of one illness, and chance
// runs such as `i do not smoke and` made up most of it; a case copied and altered shares several times as much.
const LARGEST_SHARE = 0.1
// A text of ten words has six runs; shorter ones (`No, it does not hurt.`) are alike by chance.
const LONG_TEXT_RUNS = 6

interface Text {
  readonly field: string
  readonly runs: readonly string[]
}

/**
 * Finds cases that share more than chance wording: by runs of five words in opening, facts and notes of the record.
 *
 * A warning is given for two cases when a tenth of the shorter one's runs stand in the other, and for a single text of
 * ten words or more that stands in the other as a whole.
 */
export function nearDuplicates(cases: readonly Case[]): Finding[] {
  const read = cases.map((one) => {
    const texts = textsOf(one)
    return { one, texts, runs: new Set(texts.flatMap(({ runs }) => runs)) }
  })
  return read.flatMap((later, i) =>
    read.slice(0, i).flatMap((earlier): Finding[] => {
      const shared = later.runs.intersection(earlier.runs)
      const smaller = Math.min(later.runs.size, earlier.runs.size)
      const caseId = later.one.id
      if (smaller > 0 && shared.size / smaller > LARGEST_SHARE) {
        const fault = `requires words of its own, got ${shared.size} runs of five words that ${earlier.one.id} has too (of ${smaller}), such as “${[...shared][0]}”`
        return [{ caseId, ...warning('facts', fault) }]
      }
      return later.texts
        .filter(({ runs }) => runs.length >= LONG_TEXT_RUNS && runs.every((run) => shared.has(run)))
        .map(({ field }) => ({ caseId, ...warning(field, `requires a text of its own, got one that ${earlier.one.id} has too`) }))
    }),
  )
}

function textsOf(one: Case): Text[] {
  return [
    { field: 'opening', text: one.opening },
    ...one.facts.map(({ id, text }) => ({ field: `facts.${id}.text`, text })),
    ...one.ehr.notes.map(({ id, text }) => ({ field: `ehr.notes.${id}.text`, text })),
  ].map(({ field, text }) => ({ field, runs: runsOf(words(text)) }))
}

function runsOf(heard: readonly string[]): string[] {
  return heard.slice(RUN - 1).map((_, i) => heard.slice(i, i + RUN).join(' '))
}
