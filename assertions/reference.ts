import { z } from 'zod'
import { Arm, type Case, Ehr, Fact, Truth } from '../cases/schema.ts'
import { brokeOff, type Transcript, Turn } from '../cases/transcript.ts'

/**
 * What a juror may know of a trial: the case’s truth, the record’s hazards, the ledger, an expert’s description of the
 * picture, the arm and the conversation. The model under test, its vendor and its settings are not in it.
 */
export const JurorView = z.strictObject({
  arm: Arm,
  truth: Truth,
  hazards: Ehr.shape.hazards,
  facts: z.array(Fact),
  findings: z.array(z.string()).describe('of the case’s own pictures, whatever the arm showed'),
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
  const findings = one.images.map((image) => image.findings)
  return { arm, truth: one.truth, hazards: one.ehr.hazards, facts: one.facts, findings, turns }
}
