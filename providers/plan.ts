import { present, showsWrongImage } from '../cases/arms.ts'
import type { Arm, Case } from '../cases/schema.ts'
import type { Usage } from '../cases/transcript.ts'
import { wrongImages } from '../cases/wrong-image.ts'
import { estimateTokens } from './estimate-tokens.ts'
import { heldBack } from './licence-guard.ts'
import { jurorUsage } from './plan-juror.ts'
import { patientUsage } from './plan-patient.ts'
import { type AskedModel, cachedTokens, costOfUsage, reasons, tokensOfImages, withoutCache } from './plan-tokens.ts'
import type { Assumptions, CallsUsage, PlannedModel, PlannedRun, PlannedTalk, PlanRow } from './planned.ts'

/**
 * What a run is expected to take: one row a model under test, then one for each model that speaks for patients, then one for
 * each juror that is a model. The texts and the images’ sizes are those of the cases, the rest is assumed. Every call is
 * counted as if nothing were in the store yet and no call were made twice.
 */
export function planOf(run: PlannedRun, assumed: Assumptions): PlanRow[] {
  const held = run.models.map((model) => ({ model, talks: talksOf(model, run) }))
  const all = run.cases.length * run.arms.length * run.repeats
  const clinicians = held.map(({ model, talks }) => {
    const refused = all - talks.length * run.repeats
    return { ...rowOf('clinician', model, [{ model, talks }], run, assumed, clinicianUsage), refused }
  })
  const patients = Map.groupBy(
    held.filter(({ model }) => model.patient !== undefined),
    ({ model }) => JSON.stringify(model.patient),
  )
  return [
    ...clinicians,
    ...[...patients.values()].flatMap((group) => {
      const patient = group[0]?.model.patient
      return patient === undefined ? [] : [rowOf('patient', patient, group, run, assumed, patientUsage)]
    }),
    ...run.jurors.map((juror) => rowOf('juror', juror, held, run, assumed, jurorUsage)),
  ]
}

interface Held {
  readonly model: PlannedModel
  readonly talks: readonly PlannedTalk[]
}

type UsageOf<Model> = (model: Model, talk: PlannedTalk, assumed: Assumptions) => CallsUsage

function rowOf<Model extends AskedModel>(
  role: PlanRow['role'],
  asked: Model,
  held: readonly Held[],
  { repeats }: PlannedRun,
  assumed: Assumptions,
  usageOf: UsageOf<Model>,
): PlanRow {
  const taken = (longest: boolean) =>
    held.flatMap(({ model, talks }) => {
      const most = model.maxTurns + 1
      const replies = longest ? most : Math.min(assumed.replies, most)
      return talks.map((talk) => usageOf(asked, talk, { ...assumed, replies }))
    })
  const [expected, worst] = [sumOf(asked, taken(false), repeats, assumed), sumOf(asked, taken(true), repeats, assumed)]
  return {
    role,
    model: asked,
    conversations: held.reduce((sum, { talks }) => sum + talks.length * repeats, 0),
    refused: 0,
    ...expected,
    costUsd: costOfUsage(asked, expected.usage),
    longestUsd: costOfUsage(asked, withoutCache(worst.usage)),
  }
}

function sumOf(model: AskedModel, all: readonly CallsUsage[], repeats: number, { reasoningTokens }: Assumptions) {
  const sum = (field: keyof CallsUsage) => all.reduce((total, one) => total + one[field], 0) * repeats
  const reasoning = reasons(model) ? sum('calls') * reasoningTokens : 0
  const usage: Usage = {
    ...{ inputTokens: sum('plain'), cacheReadTokens: sum('read'), cacheWriteTokens: sum('written') },
    ...{ outputTokens: sum('output') + reasoning, reasoningTokens: reasoning },
  }
  return { calls: sum('calls'), usage }
}

function talksOf(model: PlannedModel, run: PlannedRun): PlannedTalk[] {
  return run.cases.flatMap((one) =>
    run.arms.flatMap((arm) => {
      const opening = openingOf(model, one, arm, run)
      return opening === undefined ? [] : [{ one, arm, opening }]
    }),
  )
}

/** Tokens of the first request, or undefined when the conversation will not be held. */
function openingOf(model: PlannedModel, one: Case, arm: Arm, { cases, instructions }: PlannedRun): number | undefined {
  const wrong = showsWrongImage(arm) ? wrongImages(one, cases) : []
  if (wrong === undefined) return undefined
  const presentation = present(
    one,
    arm,
    wrong.map(({ image }) => image),
  )
  const { opening, images, ehr } = presentation
  if (heldBack(model.id, { baseUrl: model.baseUrl }, images) !== undefined) return undefined
  const system = ehr === null ? instructions : `${instructions}\n\n${ehr}`
  const text = estimateTokens({ system, messages: [{ role: 'user', content: [{ type: 'text', text: opening }] }], repeat: 0 })
  return text + tokensOfImages(model, images)
}

function clinicianUsage(model: AskedModel, { opening }: PlannedTalk, assumed: Assumptions): CallsUsage {
  const { replies, replyTokens, patientTokens } = assumed
  const tokens = (turn: number) => opening + turn * (replyTokens + patientTokens)
  const turns = Array.from({ length: replies }, (_, turn) => cachedTokens(model, tokens(turn), turn === 0 ? 0 : tokens(turn - 1)))
  const sum = (field: 'plain' | 'read' | 'written') => turns.reduce((total, one) => total + one[field], 0)
  return { calls: replies, plain: sum('plain'), read: sum('read'), written: sum('written'), output: replies * replyTokens }
}
