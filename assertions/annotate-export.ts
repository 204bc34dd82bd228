import type { ResultRow } from '../analysis/results.ts'
import { type Bank, caseOf } from '../cases/load.ts'
import { sha256Of } from '../cases/sha256.ts'
import { conversationSha256 } from '../cases/transcript.ts'
import { Dimension } from '../cases/verdict.ts'
import { type Candidate, candidatesOf, trialName } from './annotation-candidates.ts'
import { studyCase, studyItem } from './annotation-content.ts'
import { annotationPage } from './annotation-page.ts'
import { assign, drawSample, inBlocks } from './annotation-sample.ts'
import { MAX_COMMENT, RATINGS_FORMAT, type StudyKey } from './annotation-study.ts'
import { RUBRIC, RUBRIC_SHA256 } from './rubric.ts'

/** A run’s results as they were read. */
export interface StudyRun {
  readonly rows: readonly ResultRow[]
  /** Named in messages. */
  readonly source: string
  /** SHA-256 of the results file’s text. */
  readonly sha256: string
  readonly bank: Bank
}

/** What a study is to be like. */
export interface StudyPlan {
  readonly conversations: number
  readonly raters: number
  /** Raters for a conversation that not all rate. */
  readonly each: number
  readonly seed: number
}

/** A study that was drawn, before its pages are made. */
export interface Study {
  readonly key: StudyKey
  /** Conversations of the run that could not be drawn, by reason. */
  readonly leftOut: ReadonlyMap<string, number>
}

const WARNING =
  'Keep this file to yourself: it says which model held each conversation. A rater who has seen it is no longer blind. Do not send it with the pages.'

/**
 * Draws the conversations of a study and shares them out.
 *
 * @throws Error when the run has no conversation that can be rated
 */
export function planStudy({ rows, source, sha256 }: StudyRun, { conversations, raters, each, seed }: StudyPlan): Study {
  const { candidates, leftOut } = candidatesOf(rows, source)
  if (candidates.length === 0) throw new Error(`${source} requires at least one whole conversation to rate, got none`)
  const drawn = drawSample(candidates, conversations, seed)
  const names = Array.from({ length: raters }, (_, i) => String.fromCodePoint(65 + i))
  const chosen = drawn.map(({ one }) => one)
  const secret = JSON.stringify([sha256, seed, conversations, raters, each])
  const idOf = (key: string) => sha256Of(`${secret} ${key}`).slice(0, 12)
  const key: StudyKey = {
    version: 1,
    warning: WARNING,
    study: sha256Of(secret).slice(0, 16),
    seed,
    results: { sha256 },
    juries: [...new Set(chosen.flatMap(({ jury }) => jury ?? []))].toSorted(),
    rubric: { version: RUBRIC.version, sha256: RUBRIC_SHA256 },
    population: candidates.length,
    raters: [...assign(chosen, names, each, seed)]
      .map(([name, keys]) => ({ name, items: keys.map(idOf) }))
      .filter(({ items }) => items.length > 0),
    items: drawn
      .map(({ one: { key, caseId, arm, model, repeat, transcript }, weight }) => {
        return { id: idOf(key), caseId, arm, model, repeat, conversation: conversationSha256(transcript), weight }
      })
      .toSorted((a, b) => (a.id < b.id ? -1 : 1)),
  }
  return { key, leftOut }
}

/**
 * The page of one rater of a study, as the text of an HTML file.
 *
 * @throws Error when the results or the bank are not those that the study was drawn from, or a picture is not here
 */
export async function raterPage(key: StudyKey, rater: string, run: StudyRun): Promise<string> {
  if (run.sha256 !== key.results.sha256)
    throw new Error(
      `${run.source} requires the results that the study was drawn from, sha256 ${key.results.sha256}, got ${run.sha256}`,
    )
  const { candidates } = candidatesOf(run.rows, run.source)
  const byName = new Map(candidates.map((one) => [one.key, one]))
  const names = [...new Set(candidates.flatMap((one) => one.names))]
  const byId = new Map(key.items.map((item) => [item.id, byName.get(trialName(item))]))
  const own = (key.raters.find(({ name }) => name === rater)?.items ?? []).map((id) => ({
    id,
    one: heldBy(byId.get(id), id, run),
  }))
  const caseIds = [...new Set(own.map(({ one }) => one.caseId))]
  return annotationPage({
    format: RATINGS_FORMAT,
    study: key.study,
    rater,
    maxComment: MAX_COMMENT,
    dimensions: Dimension.options.map((id) => {
      const { question, levels } = RUBRIC.dimensions[id]
      return { id, question, levels: [levels[1], levels[2], levels[3], levels[4], levels[5]] }
    }),
    cases: await Promise.all(caseIds.map((id) => studyCase(caseOf(run.bank, id), run.bank))),
    items: own.map(({ id, one }) => studyItem(id, caseIds.indexOf(one.caseId), caseOf(run.bank, one.caseId), one, names)),
  })
}

function heldBy(one: Candidate | undefined, id: string, { source, bank }: StudyRun): Candidate {
  if (one === undefined) throw new Error(`key.json: items: requires conversations of ${source}, got ${id}`)
  if (one.identity.bank.sha256 !== bank.sha256)
    throw new Error(`${source}: requires the bank that it was run on, sha256 ${one.identity.bank.sha256}, got ${bank.sha256}`)
  return one
}

/**
 * The key with a further rater, named by the next letter, for the conversations of those ids.
 *
 * @throws Error after rater Z
 */
export function withRater(key: StudyKey, ids: readonly string[]): StudyKey {
  const last = Math.max(...key.raters.map((rater) => rater.name.codePointAt(0) ?? 0))
  if (last >= 90) throw new Error('a study requires raters A to Z, got a further one after Z')
  const name = String.fromCodePoint(last + 1)
  const chosen = key.items.filter(({ id }) => ids.includes(id)).map(({ id, caseId }) => ({ key: id, caseId }))
  return { ...key, raters: [...key.raters, { name, items: inBlocks(chosen, `${key.seed} ${name}`) }] }
}
