import { type Bank, caseOf } from '../cases/load.ts'
import type { Transcript } from '../cases/transcript.ts'
import type { Ask } from '../providers/ask.ts'
import type { Model } from '../providers/model.ts'
import { Settings } from '../providers/models/settings.ts'
import { type BatchCall, batchCall, batchVendorOf } from './batch-call.ts'
import { deliberate } from './deliberate.ts'
import { jurorPicture } from './juror-picture.ts'
import type { JuryConfig } from './jury-config.ts'

/** What a jury would ask about conversations and has no reply for yet, of the vendors that take batches; by key. */
export async function missingCalls(
  transcripts: readonly Transcript[],
  bank: Bank,
  config: JuryConfig,
  raw: { readonly jurors?: unknown },
  ask: Ask,
): Promise<Map<string, BatchCall>> {
  const calls = new Map<string, Promise<BatchCall>>()
  const settings = settingsOf(config, raw)
  // Without time the door answers from the store only.
  const look: Ask = async (model, request) => {
    const answer = await ask(model, request, { deadlineMs: 0 })
    const vendor = batchVendorOf(model.id)
    if (answer.kind === 'failure' && vendor !== undefined && !calls.has(answer.key))
      calls.set(answer.key, batchCall(vendor, model.id, settings.get(model) ?? {}, request, answer.key))
    return answer
  }
  for (const transcript of transcripts) {
    const one = caseOf(bank, transcript.caseId)
    const { jurors, repeats, quorum } = config
    await deliberate(one, transcript, {
      jurors,
      repeats,
      quorum,
      ask: look,
      deadlineMs: 0,
      picture: (juror) => jurorPicture(juror, one, bank),
    })
  }
  return new Map(await Promise.all([...calls].map(async ([key, call]) => [key, await call] as const)))
}

/** The settings of each juror’s model, which the model itself does not tell. */
function settingsOf({ jurors }: JuryConfig, raw: { readonly jurors?: unknown }): Map<Model, Settings> {
  const given = raw.jurors as readonly { readonly settings?: unknown }[]
  return new Map(jurors.map(({ model }, i) => [model, Settings.parse(given[i]?.settings ?? {})]))
}
