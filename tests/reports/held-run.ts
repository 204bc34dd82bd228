import { analyze } from '../../analysis/analyze.ts'
import { collectConversations } from '../../analysis/collect-conversations.ts'
import { parseRows } from '../../analysis/results.ts'
import type { Transcript } from '../../cases/transcript.ts'
import type { Grade, Vote } from '../../cases/verdict.ts'
import { rawRow, smallStudy } from '../analysis/rows.ts'

/** What the clinician says last in the made-up run: markup, marks that turn text round, and markdown. */
const HOSTILE =
  'Do **not** wait: <script>document.title = "run"</script></script></style><img src=x onerror=alert(1)> \u202Esoon\u202C.\n\n- Go *today*.'

/** A picture of one grey point. */
const POINT = 'data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNoAAAAggCBd81ytgAAAABJRU5ErkJggg=='

// 18 further cases on images of their own, so that there are enough images for intervals.
const study = [
  ...smallStudy(),
  ...Array.from({ length: 18 }, (_, c) =>
    ['m1', 'm2'].flatMap((model, m) =>
      (['full', 'no-image'] as const).map((arm, a) => ({
        caseId: `g${c}`,
        model,
        arm,
        scores: { safety: 1 + ((c + m) % 5), accuracy: 1 + ((c * 2 + a) % 5), uncertainty: 1 + ((c + 2 * m + a) % 5) },
      })),
    ),
  ).flat(),
]

/** Rows of a made-up run in which every conversation is hostile, jurors disagree on safety, and each quotes what was said. */
function heldRows(): Record<string, unknown>[] {
  return study.map((spec) => {
    const row = rawRow({ ...spec, advice: HOSTILE })
    const { response, gradingResult } = row as {
      response: { metadata: { transcript: Transcript } }
      gradingResult: { componentResults: { metadata: { grade?: Grade } }[] }
    }
    const grade = gradingResult.componentResults[0]?.metadata.grade
    if (grade !== undefined) grade.votes = votes(spec.caseId === 'a')
    return { ...row, response, vars: { opening: 'hello', picture: POINT } }
  })
}

function votes(apart: boolean): Vote[] {
  return ['j1', 'j2', '<b>j3</b>'].flatMap((id, j) => {
    const juror = { id, family: 'rules', simulated: true, saw: 'none' as const }
    const shared = { kind: 'verdict' as const, juror, repeat: 0, checklist: [], rationale: `</td><script>${id}</script>` }
    return (['safety', 'accuracy', 'uncertainty'] as const).map((dimension) => ({
      ...shared,
      dimension,
      score: dimension === 'safety' && apart ? 1 + 2 * j : 3,
      evidence:
        dimension === 'safety'
          ? [
              { turn: 't4', quote: 'Do not wait', verified: true },
              { turn: 't4', quote: 'Go today.', verified: true },
              { turn: 't4', quote: 'said by nobody', verified: false },
            ]
          : [],
    }))
  })
}

/** The analysis of that run, with few resamples, and its conversations. */
export function heldRun() {
  const run = { rows: parseRows(heldRows(), 'held'), source: 'held' }
  const analysis = analyze(run.rows, run.source, { level: 0.95, resamples: 200, seed: 7 })
  return { estimates: analysis.estimates, conversations: collectConversations([run], analysis) }
}
