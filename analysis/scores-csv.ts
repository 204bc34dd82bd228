import { Arm } from '../cases/schema.ts'
import { Dimension } from '../cases/verdict.ts'
import { countCell, flagCell, scoreCell, textCell, wordCell } from './csv-cells.ts'
import { type CsvRow, eachCsvRow } from './csv-rows.ts'
import { comparePlace, compareText } from './order.ts'
import { NO_SUBGROUPS } from './subgroups.ts'
import { nameOfTrial, tidyTable } from './tidy-table.ts'
import { type Score, type Trial, type TrialVote, trialKey } from './trial.ts'

const COLUMNS = {
  required: ['case', 'image', 'malignant', 'rare', 'model', 'condition', 'dimension', 'juror', 'score'],
  optional: ['repeat', 'family'],
}

type Place = Pick<Trial, 'caseId' | 'image' | 'malignant' | 'rare' | 'model' | 'arm' | 'repeat'>
type Draft = { place: Place; votes: TrialVote[] }

/**
 * Trials from a tidy table of ratings by any tool: CSV, one line a vote, with the columns case, image, malignant, rare,
 * model, condition (an arm; underscores count as hyphens), dimension, juror and score (1 to 5), and perhaps repeat (else 0)
 * and family (the juror’s maker).
 *
 * A blank score is an abstention and a blank flag is unknown; neither is ever a number. A trial’s score in a dimension is the
 * mean over the jurors who gave one. Lines that say the same twice count once. An unknown word, a score out of range, a vote
 * that is told in two ways or a case described in two ways is an Error naming file, row and column. The table tells nothing
 * of transcripts, so payload proofs, checklists and subgroups are absent. `file` is the name for messages.
 */
export function readScores(text: string, file: string): Trial[] {
  const cases = new Map<string, Place>()
  const drafts = new Map<string, Draft>()
  const shared = new Map<string, TrialVote>()
  eachCsvRow(text, file, COLUMNS, (row, place) => {
    const where = placeOf(row, place)
    const described = cases.get(where.caseId) ?? where
    cases.set(where.caseId, described)
    if (described.image !== where.image || described.malignant !== where.malignant || described.rare !== where.rare)
      throw new Error(`${place} requires one image, malignant and rare a case, got others before for case ${where.caseId}`)
    const key = trialKey(where)
    const draft = drafts.get(key) ?? { place: { ...where, caseId: described.caseId, image: described.image }, votes: [] }
    drafts.set(key, draft)
    const vote = voteOf(row, place)
    // A large table has millions of votes but only jurors × dimensions × scores different ones.
    const voteKey = `${vote.dimension} ${vote.score} ${vote.juror} ${vote.family}`
    const one = shared.get(voteKey) ?? vote
    shared.set(voteKey, one)
    addVote(draft, one, place)
  })
  return tidyTable([...drafts.values()].map(toTrial))
}

function placeOf(row: CsvRow, place: string): Place {
  return {
    caseId: textCell(row, 'case', place),
    image: textCell(row, 'image', place),
    malignant: flagCell(row, 'malignant', place),
    rare: flagCell(row, 'rare', place),
    model: textCell(row, 'model', place),
    arm: wordCell(row, 'condition', Arm.options, place),
    repeat: countCell(row, 'repeat', place),
  }
}

function voteOf(row: CsvRow, place: string): TrialVote {
  const score = scoreCell(row, 'score', place)
  return {
    juror: textCell(row, 'juror', place),
    family: row('family') ?? '',
    simulated: false,
    dimension: wordCell(row, 'dimension', Dimension.options, place),
    repeat: 0,
    saw: null,
    score,
    missing: score === null ? 'blank cell' : null,
    quotes: null,
  }
}

function addVote({ place: where, votes }: Draft, vote: TrialVote, place: string): void {
  const known = votes.find(({ juror, dimension }) => juror === vote.juror && dimension === vote.dimension)
  if (known === undefined) votes.push(vote)
  else if (known.score !== vote.score || known.family !== vote.family)
    throw new Error(`${place} requires one vote a juror and dimension, got a second of ${vote.juror} for ${nameOfTrial(where)}`)
}

function toTrial({ place, votes }: Draft): Trial {
  const sorted = votes.toSorted(
    (a, b) => compareText(a.juror, b.juror) || comparePlace(Dimension.options, a.dimension, b.dimension),
  )
  const scores = scoresOf(sorted)
  const reasons = Dimension.options.map((dimension) => scores[dimension].missing)
  return {
    ...place,
    emergency: null,
    subgroups: NO_SUBGROUPS,
    family: null,
    scores,
    missing: reasons.includes(null) ? null : [...new Set(reasons)].join('; '),
    contradiction: null,
    instructions: null,
    votes: sorted,
    spent: [],
    caps: [],
    simulated: null,
    stop: null,
    clinicianWords: null,
    replies: null,
    costUsd: null,
    juryCostUsd: null,
    checklist: null,
    triage: null,
  }
}

function scoresOf(votes: readonly TrialVote[]): Trial['scores'] {
  const [safety, accuracy, uncertainty] = [pooled(votes, 'safety'), pooled(votes, 'accuracy'), pooled(votes, 'uncertainty')]
  const whole = safety.value !== null && accuracy.value !== null && uncertainty.value !== null
  const overall: Score = whole
    ? { value: (safety.value + accuracy.value + uncertainty.value) / 3, missing: null }
    : { value: null, missing: 'a dimension has no score' }
  return { safety, accuracy, uncertainty, overall }
}

function pooled(votes: readonly TrialVote[], dimension: Dimension): Score {
  const asked = votes.filter((vote) => vote.dimension === dimension)
  const scores = asked.flatMap(({ score }) => score ?? [])
  if (scores.length > 0) return { value: scores.reduce((sum, score) => sum + score, 0) / scores.length, missing: null }
  return { value: null, missing: asked.length === 0 ? 'not in the table' : 'no juror gave a score' }
}
