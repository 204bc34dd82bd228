import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { isTold, present, showsImage, showsWrongImage } from '../../cases/arms.ts'
import { renderEhr } from '../../cases/ehr.ts'
import { type PreparedImage, prepareImage } from '../../cases/images.ts'
import { namesOfDiagnosis } from '../../cases/leaks.ts'
import { type Bank, loadBank } from '../../cases/load.ts'
import { Arm, type Case } from '../../cases/schema.ts'
import { fetchedName, imagesDir } from '../../cases/source-image.ts'
import { wrongImages } from '../../cases/wrong-image.ts'
import { createAsk } from '../../providers/ask.ts'
import { CLOSING_QUESTION, converse } from '../../providers/conversation.ts'
import { modelOf } from '../../providers/models/registry.ts'
import { patientOf } from '../../providers/patient/choose.ts'
import { Quarantine } from '../../providers/patient/fidelity.ts'
import prompt from '../../providers/prompt.ts'
import { type Asked, startVendorPeer, type VendorPeer } from '../bench/vendor-peer.ts'
import { storeFolder } from './models.ts'

const SHARED = join(import.meta.dirname, '../../../shared/images/sources')
// One adapter after the other: each arm of the bank meets each of them.
const CLINICIANS = [
  'anthropic:claude-opus-4-6',
  'openai:gpt-5.2',
  'bedrock:us.amazon.nova-pro-v1:0',
  'bedrock:us.meta.llama4-maverick-17b-instruct-v1:0',
  'compatible:local',
]
const SAID = [
  'Thank you for writing. When did it begin, and does it hurt, itch or bleed? Tell me more.',
  'Do you take any medicines, and do you have any allergies or other illnesses?',
  'I cannot be sure from here. Please see a doctor in person within two weeks, and sooner if you get a fever.',
]

/** A clinician that says the same to everyone, and a patient’s model that chooses the first facts and says them as they stand. */
function reply({ texts, replies }: Asked): string {
  const first = texts[0] ?? ''
  if (first.startsWith('{"message"')) {
    const { facts } = JSON.parse(first) as { facts: { id: string; told: boolean }[] }
    const fresh = facts.filter(({ told }) => !told).slice(0, 3)
    return JSON.stringify({ facts: fresh.map(({ id }) => id), unlisted: false, done: false })
  }
  if (first.startsWith('{"tell"')) return (JSON.parse(first) as { tell: string[] }).tell.join(' ')
  return SAID[replies] ?? SAID[2] ?? ''
}

function strings(value: unknown): string[] {
  if (typeof value === 'string') return [value]
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(strings) : []
}

/** What only jurors and the one who runs the benchmark may read of a case. */
function secretsOf(one: Case, arm: Arm): string[] {
  const { id, canary, statement, images, truth, facts } = one
  const ofImages = images.flatMap(({ source, sha256, findings, altText, attribution, labelProvenance, overlay }) => [
    ...[sha256, altText, attribution, labelProvenance.statement, overlay ?? ''],
    ...(arm === 'caption' ? [] : [findings]),
    ...strings({ ...source, kind: '' }).flatMap((text) => [text, text.replace(/^.*\//, '')]),
  ])
  // Keys of images are short words; those that are words of every day are told apart by what the case tells.
  const keys = images.map((image) => image.id)
  const held = facts.filter((fact) => !isTold(fact)).map((fact) => fact.text)
  const names = [...namesOfDiagnosis(one), ...truth.primary.codes]
  const longer = [...strings(truth), ...strings(one.ehr.hazards.map(({ risk }) => risk))].filter((text) => text.length >= 12)
  return [id, canary, statement, ...ofImages, ...keys, ...held, ...names, ...longer].filter((text) => text.length >= 4)
}

/** All that the models may be told of a case in an arm, and what this test and our instructions say. */
function toldOf(one: Case, arm: Arm): string {
  const told = [one.opening, one.facts.filter(isTold), one.ehr, one.images.map(({ patientLine }) => patientLine)]
  // With the words in which the findings are framed.
  const caption = arm === 'caption' ? [present(one, arm).opening, ...one.images.map(({ findings }) => findings)] : []
  return plain(JSON.stringify([told, renderEhr(one.ehr), caption, SAID, CLOSING_QUESTION, prompt()]))
}

function plain(text: string): string {
  return text.toLowerCase()
}

/** Secrets that stand in a text; letters and digits beside them make another word of a short one. */
function foundIn(words: string, secrets: readonly string[]): string[] {
  return secrets.filter((secret) => {
    const sought = plain(JSON.stringify(secret).slice(1, -1))
    if (words.includes(encodeURIComponent(sought)) && sought.length > 8) return true
    const at = words.indexOf(sought)
    return at >= 0 && (sought.length > 8 || new RegExp(`(?<![a-z0-9])${RegExp.escape(sought)}(?![a-z0-9])`).test(words))
  })
}

/** Of a request all but the picture’s bytes, which are compared as a whole. */
function wordsOf(raw: string): string {
  return plain(raw.replaceAll(/[A-Za-z0-9+/]{200,}={0,2}/g, ''))
}

let peer: VendorPeer
let bank: Bank
let raws: string[] = []
beforeAll(async () => {
  for (const name of ['ANTHROPIC_API_KEY', 'OPENAI_API_KEY', 'AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY'])
    vi.stubEnv(name, 'no-key-of-anyone')
  bank = await loadBank('bank')
  peer = await startVendorPeer(0, reply, (raw) => raws.push(raw))
})
afterAll(() => peer.stop())

async function hold(
  one: Case,
  arm: Arm,
  id: string,
): Promise<{ readonly sent: readonly string[]; readonly pictures: PreparedImage[] }> {
  const wrong = showsWrongImage(arm) ? (wrongImages(one, bank.cases) ?? []).map(({ image }) => image) : []
  const presentation = present(one, arm, wrong)
  const pictures = await Promise.all(presentation.images.map((image) => prepareImage(image, bank.dir)))
  const ask = createAsk(storeFolder())
  const at = (model: string) =>
    modelOf(model, { baseUrl: /^(openai|compatible):/.test(model) ? `${peer.url}/v1` : peer.url, region: 'us-east-1' })
  const patient = { mode: 'simulated' as const, model: 'compatible:patient', quarantine: Quarantine.parse({}) }
  raws = []
  const transcript = await converse({
    ...{ one, arm, repeat: 0, presentation, images: pictures, ehr: renderEhr(one.ehr), ask },
    system: presentation.ehr === null ? prompt() : `${prompt()}\n\n${presentation.ehr}`,
    model: at(id),
    patient: patientOf({ ...patient, settings: { baseUrl: `${peer.url}/v1` } }, { one, repeat: 0, ask }),
    maxTurns: 3,
    deadlineMs: 60_000,
  })
  expect(transcript.stop.reason, transcript.stop.detail).toBe('plan_given')
  return { sent: raws, pictures }
}

async function leaksOf(arm: Arm): Promise<{ readonly leaks: string[]; readonly requests: number; readonly sought: number }> {
  const leaks: string[] = []
  let [requests, sought] = [0, 0]
  const marks = bank.cases.flatMap(({ id, canary, images }) => [id, canary, ...images.map(({ sha256 }) => sha256)])
  for (const [c, one] of bank.cases.entries()) {
    if (showsWrongImage(arm) && wrongImages(one, bank.cases) === undefined) continue
    const shown = showsWrongImage(arm) ? (wrongImages(one, bank.cases) ?? []).map(({ caseId }) => caseId) : []
    const others = bank.cases.filter(({ id }) => shown.includes(id)).flatMap((other) => secretsOf(other, 'full'))
    const told = toldOf(one, arm)
    const secrets = [...new Set([...secretsOf(one, arm), ...others, ...marks])].filter(
      (secret) => foundIn(told, [secret]).length === 0,
    )
    const id = CLINICIANS[(c + Arm.options.indexOf(arm)) % CLINICIANS.length] ?? 'compatible:local'
    const { sent, pictures } = await hold(one, arm, id)
    for (const raw of sent) {
      const words = wordsOf(raw)
      leaks.push(...foundIn(words, secrets).map((secret) => `${one.id}, ${arm}, ${id}: ${secret}`))
      const bytes = raw.match(/[A-Za-z0-9+/]{200,}={0,2}/g) ?? []
      const expected = new Set(pictures.map(({ bytes: own }) => Buffer.from(own).toString('base64')))
      leaks.push(
        ...bytes.filter((one64) => !expected.has(one64)).map((one64) => `${one.id}, ${arm}: other bytes ${one64.slice(0, 20)}`),
      )
    }
    // Three replies and the closing one, two answers of the patient of up to two requests each.
    expect(sent.length).toBeGreaterThanOrEqual(6)
    requests += sent.length
    sought += secrets.length
  }
  return { leaks, requests, sought }
}

function imagesHere(): boolean {
  if (process.env.IMCBENCH_IMAGES === undefined && existsSync(SHARED)) process.env.IMCBENCH_IMAGES = SHARED
  return existsSync(imagesDir())
}
const HERE = imagesHere()
const missing = (await loadBank('bank')).cases.flatMap(({ images }) =>
  images.filter((image) => image.source.kind === 'fetched' && !existsSync(join(imagesDir(), fetchedName(image)))),
)

describe('the whole bank over real sockets: no request to clinician or patient holds anything of the truth, an id, a canary or a file name', () => {
  test.each(Arm.options.filter((arm) => !showsImage(arm)))('arm %s', async (arm) => {
    const { leaks, requests, sought } = await leaksOf(arm)
    expect(leaks).toEqual([])
    expect(requests).toBeGreaterThanOrEqual(6 * bank.cases.length)
    expect(sought).toBeGreaterThan(40 * bank.cases.length)
  })
  test.skipIf(!HERE || missing.length > 0).each(Arm.options.filter(showsImage))(
    `arm %s (needs the bank’s images: IMCBENCH_IMAGES, ../shared/images/sources or npm run fetch; missing: ${HERE ? missing.length : 'all'})`,
    async (arm) => {
      const { leaks, requests } = await leaksOf(arm)
      expect(leaks).toEqual([])
      expect(requests).toBeGreaterThanOrEqual(6 * bank.cases.length)
    },
  )
  test('what is planted is found: an id, a name of the diagnosis, the truth in a sentence, and a name with a space in an address', () => {
    const [one] = bank.cases
    if (one === undefined) throw new Error('the bank has no case')
    const secrets = secretsOf(one, 'full')
    for (const planted of [one.id, one.truth.primary.name, one.truth.uncertainty.irreducible, one.images[0]?.findings ?? ''])
      expect(foundIn(wordsOf(JSON.stringify({ text: `see ${planted}.` })), secrets), planted).toContain(planted)
    expect(foundIn(wordsOf(`/v1/${encodeURIComponent(one.truth.primary.name)}/messages {}`), secrets)).toContain(
      one.truth.primary.name,
    )
  })
})
