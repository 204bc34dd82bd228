import type { Arm, Case } from '../cases/schema.ts'
import type { Usage } from '../cases/transcript.ts'
import type { AskedModel } from './plan-tokens.ts'

/** One model under test, as far as it shapes what a run costs. */
export interface PlannedModel extends AskedModel {
  /** Replies before the closing question, at most. */
  readonly maxTurns: number
  /** The model that speaks for the patient; undefined for the scripted one. */
  readonly patient: AskedModel | undefined
}

/** One juror that is a model. */
export interface PlannedJuror extends AskedModel {
  /** Whether it gets the picture itself or an expert’s description. */
  readonly sees: 'image' | 'findings'
}

/** What a run holds. */
export interface PlannedRun {
  readonly models: readonly PlannedModel[]
  /** Without embedded ones. */
  readonly jurors: readonly PlannedJuror[]
  readonly arms: readonly Arm[]
  readonly cases: readonly Case[]
  readonly repeats: number
  readonly instructions: string
}

/** What cannot be known before a run. Tokens are of one reply or one answer. */
export interface Assumptions {
  /** Replies of the clinician in one conversation, the last one included; never more than `maxTurns` and that one. */
  readonly replies: number
  readonly replyTokens: number
  /** Added to each reply of a model that reasons: one with an effort that is not none, and one that cannot do without. */
  readonly reasoningTokens: number
  readonly patientTokens: number
  /** Of one verdict. */
  readonly jurorTokens: number
}

/** What the calls of some requests take together, without reasoning. */
export interface CallsUsage {
  readonly calls: number
  readonly plain: number
  readonly read: number
  readonly written: number
  readonly output: number
}

/** What one model is expected to take. */
export interface PlanRow {
  readonly role: 'clinician' | 'patient' | 'juror'
  readonly model: AskedModel
  readonly conversations: number
  /** Conversations that will not be held: the image may not go to a third party, or arm wrong-image has none that fits. */
  readonly refused: number
  readonly calls: number
  /** Tokens read from the cache are not in `inputTokens`, nor are those written to it. */
  readonly usage: Usage
  /** US dollars; null when the price is not known, 0 for embedded rules. */
  readonly costUsd: number | null
  /** US dollars when every conversation has as many replies as it may and the cache never helps. */
  readonly longestUsd: number | null
}

/** One conversation that will be held, before its repeats. */
export interface PlannedTalk {
  readonly one: Case
  readonly arm: Arm
  /** Tokens of the first request to the clinician. */
  readonly opening: number
}
