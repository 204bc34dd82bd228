import { z } from 'zod'
import { Arm, type Case, Ehr, Fact, Truth } from '../cases/schema.ts'
import { type Transcript, Turn } from '../cases/transcript.ts'

/**
 * What a juror may know of a trial: the case’s truth, the record’s hazards, the ledger, the arm and the conversation.
 * The model under test, its vendor and its settings are not in it.
 */
export const JurorView = z.strictObject({
  arm: Arm,
  truth: Truth,
  hazards: Ehr.shape.hazards,
  facts: z.array(Fact),
  turns: z.array(Turn),
})
export type JurorView = z.infer<typeof JurorView>

/** What jurors get to see of a trial. */
export function jurorView(one: Case, transcript: Transcript): JurorView {
  return { arm: transcript.arm, truth: one.truth, hazards: one.ehr.hazards, facts: one.facts, turns: transcript.turns }
}
