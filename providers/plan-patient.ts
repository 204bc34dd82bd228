import { isTold, present } from '../cases/arms.ts'
import { estimateTokens } from './estimate-tokens.ts'
import { FACTS_PER_TURN } from './patient/ledger.ts'
import { selectorRequest } from './patient/selector.ts'
import { verbaliserRequest } from './patient/verbaliser.ts'
import type { AskedModel } from './plan-tokens.ts'
import type { Assumptions, CallsUsage, PlannedTalk } from './planned.ts'

/**
 * What a simulated patient takes in one conversation: for every answer one request that chooses among all facts it may ever
 * tell, and one for the words of as many as an answer holds, both real requests. The opening and the closing question are
 * fixed and take none. Nothing is asked twice, and nothing is cached: these requests are short.
 */
export function patientUsage(_model: AskedModel, { one, arm }: PlannedTalk, assumed: Assumptions): CallsUsage {
  const answers = Math.max(0, assumed.replies - 2)
  // Arm wrong-image shows other images; what the patient may say is that of arm full.
  const facts = present(one, arm === 'wrong-image' ? 'full' : arm).facts.filter(isTold)
  const asked = 'x'.repeat(4 * assumed.replyTokens)
  const choice = estimateTokens(selectorRequest(asked, facts, new Set(), 0, false))
  const saying = { facts: facts.slice(0, FACTS_PER_TURN[one.patient.persona.talkativeness]), repeated: false, unsure: false }
  const words = estimateTokens(verbaliserRequest(saying, one.patient, 0, []))
  return {
    ...{ calls: 2 * answers, plain: answers * (choice + words), read: 0, written: 0 },
    output: 2 * answers * assumed.patientTokens,
  }
}
