import { z } from 'zod'
import { Arm, type Case, Ehr, Fact, Truth } from '../cases/schema.ts'
import { brokeOff, type Transcript, Turn } from '../cases/transcript.ts'

/**
 * What a juror may know of a trial: the case’s truth, the record’s hazards, the ledger, the arm and the conversation.
 * The model under test, its vendor and its settings are not in it, and neither is the picture.
 */
export const JurorView = z.strictObject({
  arm: Arm,
  truth: Truth,
  hazards: Ehr.shape.hazards,
  facts: z.array(Fact),
  turns: z.array(Turn),
})
export type JurorView = z.infer<typeof JurorView>

/**
 * What jurors get to see of a trial. A conversation that ended in a refusal is judged: it is what the patient got.
 *
 * @throws Error when the transcript is of another case, or of a conversation that broke off
 */
export function jurorView(one: Case, transcript: Transcript): JurorView {
  const { caseId, arm, turns, stop } = transcript
  if (caseId !== one.id) throw new Error(`transcript.caseId: requires ${one.id}, got ${caseId}`)
  if (brokeOff(stop.reason))
    throw new Error(`transcript.stop.reason: requires a conversation that came to its end, got ${stop.reason}`)
  return { arm, truth: one.truth, hazards: one.ehr.hazards, facts: one.facts, turns }
}
