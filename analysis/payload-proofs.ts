import { showsEhr, showsImage, showsWrongImage } from '../cases/arms.ts'
import type { TrialIdentity } from '../cases/identity.ts'
import type { Arm } from '../cases/schema.ts'
import type { PayloadProof, Transcript } from '../cases/transcript.ts'

/**
 * How a transcript contradicts the arm under which it was filed, in words that can be counted, or null when it does not.
 *
 * Every request must have carried exactly the expected images, in order, in arms that show them and none in the others,
 * and the same for the record; every clinician turn must have a proof. In arm wrong-image the expected images are those of
 * another case; image-claimed and caption are arms without. An arm with an image for which no image was
 * expected is a contradiction too: without image bytes nothing was shown. Partial conversations are checked like whole ones.
 */
export function armContradiction(identity: TrialIdentity, arm: Arm, transcript: Transcript): string | null {
  if (transcript.caseId !== identity.caseId || transcript.arm !== arm || transcript.repeat !== identity.repeat)
    return 'the transcript is of another case, arm or repeat'
  const proven = new Set(transcript.proofs.map((proof) => proof.turn))
  if (transcript.turns.some((turn) => turn.role === 'clinician' && !proven.has(turn.id)))
    return 'a clinician turn has no proof of its request'
  const images = (showsWrongImage(arm) ? identity.expected.wrongImages : identity.expected.images) ?? []
  if (showsImage(arm) && images.length === 0) return 'the arm shows an image but none was there to send'
  for (const proof of transcript.proofs) {
    const fault = imageFault(proof, arm, images) ?? ehrFault(proof, arm, identity.expected.ehr)
    if (fault !== null) return fault
  }
  return null
}

function imageFault(proof: PayloadProof, arm: Arm, expected: readonly string[]): string | null {
  if (!showsImage(arm)) return proof.images.length === 0 ? null : 'a request sent an image in an arm without'
  if (proof.images.length === 0) return 'a request sent no image in an arm with one'
  return proof.images.join() === expected.join()
    ? null
    : `a request sent other images than ${showsWrongImage(arm) ? 'the wrong ones chosen' : 'the case’s'}`
}

function ehrFault(proof: PayloadProof, arm: Arm, expected: string): string | null {
  if (!showsEhr(arm)) return proof.ehr === null ? null : 'a request sent a record in an arm without'
  if (proof.ehr === null) return 'a request sent no record in an arm with one'
  return proof.ehr === expected ? null : 'a request sent another record than the case’s'
}
