import { present } from '../../cases/arms.ts'
import { renderEhr } from '../../cases/ehr.ts'
import type { PreparedImage } from '../../cases/images.ts'
import type { Arm, Case } from '../../cases/schema.ts'
import { sha256Of } from '../../cases/sha256.ts'
import { createAsk } from '../../providers/ask.ts'
import type { ConversationSetup } from '../../providers/conversation.ts'
import type { Model } from '../../providers/model.ts'
import { scriptedPatient } from '../../providers/patient/scripted.ts'
import { aCase } from '../cases/a-case.ts'
import { storeFolder } from './models.ts'

/** A few bytes that stand for a prepared image where no one decodes them. */
export const PICTURE: PreparedImage = preparedOf(Uint8Array.of(1, 2, 3))

/** Bytes as a prepared image; its size is not read off them. */
export function preparedOf(bytes: Uint8Array): PreparedImage {
  return { bytes, mime: 'image/jpeg', sha256: sha256Of(bytes), width: 8, height: 8 }
}

/** All that a conversation of `model` about a case in an arm needs, with a store of its own. */
export function setupOf(model: Model, arm: Arm, rest: Partial<ConversationSetup> = {}, one: Case = aCase()): ConversationSetup {
  // Only the arm wrong-image reads the second: images that stand for those of another case.
  const presentation = present(one, arm, one.images)
  return {
    one,
    arm,
    repeat: 0,
    presentation,
    images: presentation.images.map(() => PICTURE),
    ehr: renderEhr(one.ehr),
    system: presentation.ehr === null ? 'You are a clinician.' : `You are a clinician.\n\n${presentation.ehr}`,
    model,
    patient: scriptedPatient,
    ask: createAsk(storeFolder()),
    maxTurns: 8,
    deadlineMs: 60_000,
    ...rest,
  }
}
