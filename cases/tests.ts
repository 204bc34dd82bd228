import type { TestCase } from 'promptfoo'
import { z } from 'zod'
import { renderEhr } from './ehr.ts'
import type { TrialIdentity } from './identity.ts'
import { type PreparedImage, prepareImage, thumbnail } from './images.ts'
import { nothingIsLeftToFill } from './left-to-fill.ts'
import { type Bank, bankIdentity, chosenBank, loadBank } from './load.ts'
import { plainError } from './plain-error.ts'
import type { Case } from './schema.ts'
import { sha256Of } from './sha256.ts'
import { wrongImages } from './wrong-image.ts'

const Config = z.strictObject({
  bank: z.string().min(1).optional(),
  repeats: z.int().min(1).max(100).default(1),
})

/**
 * promptfoo’s test generator: one test a case and repeat of the chosen bank.
 *
 * The test’s variables are what a reader sees in the viewer: the opening and a small picture; its description is the case id. What the analysis
 * needs stands in `metadata.imcbench`, so that a failed cell keeps it too.
 *
 * The variable `IMCBENCH_TESTS` keeps some of them, by their places in the whole list: a shard of a run on many machines.
 *
 * @param config `bank` (`demo`, `bank` or a folder; the variable `IMCBENCH_BANK` wins) and `repeats` (1 to 100)
 * @throws Error for places that the list does not have, that names file and field when the bank is not valid, that names cases which are begun only, and that lists every image which is not here
 */
export async function generateTests(config: unknown = {}): Promise<TestCase[]> {
  try {
    return await testsOf(config)
  } catch (error) {
    throw plainError(error)
  }
}

async function testsOf(config: unknown): Promise<TestCase[]> {
  const parsed = Config.safeParse(config)
  if (!parsed.success) throw new Error(`tests: config:\n${z.prettifyError(parsed.error)}`)
  const chosen = chosenBank(parsed.data.bank)
  const bank = await loadBank(chosen)
  requireFilled(bank, chosen)
  const all = trialsOf(bank.cases, parsed.data.repeats)
  const places = placesOf(process.env.IMCBENCH_TESTS, all.length)
  const trials = all.filter((_, place) => places === undefined || places.has(place))
  const pictures = await preparePictures(bank, new Set(trials.map(({ one }) => one)))
  return trials.map(({ one, repeat }) =>
    testOf(one, bank, chosen, repeat, pictures.get(one.id) ?? { prepared: [], wrong: undefined, small: undefined }),
  )
}

/** What the tests of a bank are of, in their order: all cases, then all again for each repeat. */
export function trialsOf(cases: readonly Case[], repeats: number): { readonly one: Case; readonly repeat: number }[] {
  return Array.from({ length: repeats }, (_, repeat) => repeat).flatMap((repeat) => cases.map((one) => ({ one, repeat })))
}

// A case that is begun only would be asked about, paid for and scored like any other.
function requireFilled({ cases }: Bank, chosen: string): void {
  const begun = cases.flatMap((one) => {
    const { length } = nothingIsLeftToFill(one)
    return length === 0 ? [] : [`${one.id} (${length})`]
  })
  if (begun.length > 0)
    throw new Error(`a run requires cases without the mark TODO, got: ${begun.join(', ')}; npm run audit -- ${chosen} lists each`)
}

function placesOf(text: string | undefined, tests: number): Set<number> | undefined {
  if (text === undefined || text.trim() === '') return undefined
  const places = text.split(',').map((place) => (/^\d+$/.test(place) ? Number(place) : Number.NaN))
  if (!places.every((place) => place < tests))
    throw new Error(
      `IMCBENCH_TESTS requires whole numbers from 0 to ${tests - 1} with commas between them, got ${text.slice(0, 80)}`,
    )
  return new Set(places)
}

interface Pictures {
  readonly prepared: readonly PreparedImage[]
  /** What arm wrong-image sends; undefined when the bank has nothing that fits and is here. */
  readonly wrong: readonly PreparedImage[] | undefined
  readonly small: string | undefined
}

// An image that a licence choice left out makes its cells fail with that reason; one that is simply not here stops the run.
async function preparePictures(bank: Bank, cases: ReadonlySet<Case>): Promise<Map<string, Pictures>> {
  const outcomes = await Promise.all(
    [...cases].map(async (one) => {
      try {
        const prepared = await Promise.all(one.images.map((image) => prepareImage(image, bank.dir)))
        const [first] = one.images
        const small = first === undefined ? undefined : await thumbnail(first, bank.dir)
        return { one, pictures: { prepared, wrong: await prepareWrong(one, bank), small } }
      } catch (error) {
        if ((error as { code?: unknown }).code === 'IMAGE_LEFT_OUT')
          return { one, pictures: { prepared: [], wrong: undefined, small: undefined } }
        return { one, fault: error instanceof Error ? error.message : String(error) }
      }
    }),
  )
  const faults = outcomes.flatMap(({ one, fault }) =>
    fault === undefined ? [] : [`${bank.name}/${one.id}.yaml: images: ${fault}`],
  )
  if (faults.length > 0) throw new Error(`${faults.length} case(s) of the bank have no usable image\n${faults.join('\n')}`)
  return new Map(outcomes.flatMap(({ one, pictures }) => (pictures === undefined ? [] : [[one.id, pictures]])))
}

// What is wrong with another case's image is told as that case's fault, not as this one's.
async function prepareWrong(one: Case, bank: Bank): Promise<PreparedImage[] | undefined> {
  const wrong = wrongImages(one, bank.cases)
  const prepared = await Promise.all((wrong ?? []).map(({ image }) => prepareImage(image, bank.dir).catch(() => undefined)))
  return wrong === undefined || prepared.includes(undefined) ? undefined : prepared.filter((image) => image !== undefined)
}

/**
 * What is known of some trials of a bank before any model is asked, by their places in the list of all tests. An image that is
 * not here is no fault: no image bytes are then expected.
 *
 * @param known identities of cases that other trials have; they are taken for all repeats
 */
export async function identitiesAt(
  places: readonly number[],
  bank: Bank,
  repeats: number,
  known: ReadonlyMap<string, TrialIdentity>,
): Promise<TrialIdentity[]> {
  const all = trialsOf(bank.cases, repeats)
  const asked = places.flatMap((place) => all[place] ?? [])
  return Promise.all(
    asked.map(async ({ one, repeat }) => {
      const same = known.get(one.id)
      if (same !== undefined) return { ...same, repeat }
      const prepared = await Promise.all(one.images.map((image) => prepareImage(image, bank.dir))).catch(() => [])
      const wrong = await prepareWrong(one, bank)
      return identityOf(one, bank, repeat, { prepared, wrong, small: undefined })
    }),
  )
}

function testOf(one: Case, bank: Bank, chosen: string, repeat: number, pictures: Pictures): TestCase {
  return {
    description: repeat === 0 ? one.id : `${one.id}, repeat ${repeat}`,
    vars: { opening: one.opening, picture: pictures.small ?? 'not here' },
    metadata: { bank: chosen, imcbench: identityOf(one, bank, repeat, pictures) },
  }
}

function identityOf(one: Case, bank: Bank, repeat: number, pictures: Pictures): TrialIdentity {
  return {
    bank: bankIdentity(bank),
    caseId: one.id,
    caseVersion: one.caseVersion,
    repeat,
    image: one.images[0]?.sha256 ?? '',
    drawnImages: one.images.filter((image) => image.source.kind === 'drawn').length,
    neoplasm: one.truth.neoplasm,
    rarity: one.truth.rarity.class,
    acceptableTriage: one.truth.triage.acceptable,
    patient: { ageYears: one.patient.ageYears, sexAtBirth: one.patient.sexAtBirth, skinTone: one.patient.skinTone },
    modalities: one.images.map((image) => image.modality),
    expected: {
      images: pictures.prepared.map((image) => image.sha256),
      ...(pictures.wrong === undefined ? {} : { wrongImages: pictures.wrong.map((image) => image.sha256) }),
      ehr: sha256Of(renderEhr(one.ehr)),
    },
  }
}
