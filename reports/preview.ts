import type { CallApiContextParams } from 'promptfoo'
import { blindTurns } from '../assertions/blind.ts'
import { hearingOf, jurorQuestion } from '../assertions/juror-prompt.ts'
import { jurorView } from '../assertions/reference.ts'
import { present, showsWrongImage } from '../cases/arms.ts'
import { type PreparedImage, prepareImage } from '../cases/images.ts'
import { caseOf, loadBank } from '../cases/load.ts'
import type { Arm, Fact } from '../cases/schema.ts'
import { generateTests } from '../cases/tests.ts'
import { Transcript } from '../cases/transcript.ts'
import { Dimension } from '../cases/verdict.ts'
import { wrongImages } from '../cases/wrong-image.ts'
import Clinician from '../providers/clinician.ts'
import type { Request } from '../providers/model.ts'
import prompt from '../providers/prompt.ts'

const MODEL = 'embedded-careful'

/** What each party of a trial is shown in one arm, taken from a conversation that was really held. */
export interface ArmPreview {
  readonly arm: Arm
  /** The clinician's system prompt, with the record where the arm has one. */
  readonly system: string
  /** The patient's first message. */
  readonly opening: string
  /** The pictures that the first request carried, as they were sent. */
  readonly images: readonly PreparedImage[]
  /** The facts that the patient may speak of, in ledger order. */
  readonly facts: readonly Fact[]
  /** The conversation of the embedded clinician, which is plain rules and no model. */
  readonly transcript: Transcript
  /** What a juror that sees is asked about that conversation, one request a dimension. */
  readonly jurorRequests: Readonly<Record<Dimension, Request>>
}

/** An arm that cannot be held for this case, with the reason. */
export interface NoPreview {
  readonly arm: Arm
  readonly missing: string
}

/**
 * Shows a case in some arms exactly as a run would: each conversation is held with an embedded clinician through the real
 * provider, and what is shown is read off its transcript and the requests that jurors would get.
 *
 * @param bankName `demo`, `bank` or a folder; all its images must be here
 * @throws Error when the bank is not valid, or has no such case
 */
export async function previewCase(bankName: string, caseId: string, arms: readonly Arm[]): Promise<(ArmPreview | NoPreview)[]> {
  const bank = await loadBank(bankName)
  const one = caseOf(bank, caseId)
  const tests = await generateTests({ bank: bankName })
  const test = tests.find(({ description }) => description === caseId)
  const [own] = await Promise.all(one.images.map((image) => prepareImage(image, bank.dir)))
  return Promise.all(
    arms.map(async (arm) => {
      const context = { vars: {}, prompt: { raw: '', label: arm }, test } as unknown as CallApiContextParams
      const { metadata, prompt: system, error } = await new Clinician({ config: { model: MODEL } }).callApi(prompt(), context)
      const parsed = Transcript.safeParse(metadata?.transcript)
      if (!parsed.success || system === undefined || error !== undefined) return { arm, missing: error ?? 'no transcript' }
      const transcript = parsed.data
      const wrong = showsWrongImage(arm) ? (wrongImages(one, bank.cases) ?? []).map(({ image }) => image) : []
      const shown = present(one, arm, wrong)
      const images = await Promise.all(shown.images.map((image) => prepareImage(image, bank.dir)))
      const hearing = hearingOf(jurorView(one, transcript), blindTurns(transcript))
      return {
        arm,
        system: String(system),
        opening: transcript.turns[0]?.text ?? '',
        images: requireSent(images, transcript),
        facts: shown.facts,
        transcript,
        jurorRequests: Object.fromEntries(
          Dimension.options.map((on) => [on, jurorQuestion(hearing, on, 'image', own?.bytes, 0).request]),
        ) as Record<Dimension, Request>,
      }
    }),
  )
}

function requireSent(images: readonly PreparedImage[], { proofs }: Transcript): readonly PreparedImage[] {
  const sent = proofs[0]?.images.join(', ')
  const own = images.map(({ sha256 }) => sha256).join(', ')
  if (sent !== own) throw new Error(`preview requires the images that were sent, ${sent}, got ${own}`)
  return images
}
