import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import type { AssertionValueFunctionContext, GradingResult } from 'promptfoo'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { jury } from '../../assertions/jury.ts'
import { renderEhr } from '../../cases/ehr.ts'
import { TrialIdentity } from '../../cases/identity.ts'
import { bankIdentity, loadBank } from '../../cases/load.ts'
import { sha256Of } from '../../cases/sha256.ts'
import type { Transcript } from '../../cases/transcript.ts'
import { Grade } from '../../cases/verdict.ts'
import { aCalibration } from '../cases/a-calibration.ts'
import { frozen } from '../cases/a-case.ts'
import { aTranscript } from './a-conversation.ts'

const bank = await loadBank('demo')
const [one, other] = bank.cases
if (one === undefined || other === undefined) throw new Error('jury.test requires two demo cases')
const imcbench = TrialIdentity.parse({
  bank: bankIdentity(bank),
  caseId: one.id,
  caseVersion: one.caseVersion,
  repeat: 0,
  image: one.images[0]?.sha256,
  drawnImages: 1,
  neoplasm: one.truth.neoplasm,
  rarity: one.truth.rarity.class,
  acceptableTriage: one.truth.triage.acceptable,
  patient: { ageYears: one.patient.ageYears, sexAtBirth: one.patient.sexAtBirth, skinTone: one.patient.skinTone },
  modalities: one.images.map((image) => image.modality),
  expected: { images: [], ehr: sha256Of(renderEhr(one.ehr)) },
})
const jurors = ['embedded-lenient', 'embedded-middle', 'embedded-strict']
const LINES = ['I have a spot.', 'Please see a dermatologist within two weeks. If it bleeds, call again.']
const transcript = aTranscript(LINES, { caseId: one.id })

/** What promptfoo hands to the assertion, with parts put in place of the good ones. */
function aContext(parts: { config?: unknown; test?: unknown; transcript?: unknown } = {}) {
  const metadata = { transcript: 'transcript' in parts ? parts.transcript : transcript }
  return frozen({
    prompt: 'be a clinician',
    vars: { case: one?.id ?? '' },
    test: 'test' in parts ? parts.test : { metadata: { bank: 'demo', imcbench } },
    logProbs: undefined,
    config: 'config' in parts ? parts.config : { jurors },
    provider: undefined,
    providerResponse: { output: 'text', metadata },
    metadata,
  }) as unknown as AssertionValueFunctionContext
}

/** The reason for which there is no grade; checks that nothing else is in the result. */
async function missingOf(context: unknown): Promise<string> {
  const result: GradingResult = await jury('text', context as AssertionValueFunctionContext)
  const missing: unknown = result.metadata?.missing
  expect(result).toEqual({ pass: false, score: 0, reason: `not judged: ${missing}`, metadata: { missing } })
  return String(missing)
}

let store: string
beforeAll(async () => {
  store = await mkdtemp(join(tmpdir(), 'jury-test-'))
  vi.stubEnv('IMCBENCH_STORE', store)
})
afterAll(async () => {
  vi.unstubAllEnvs()
  await rm(store, { recursive: true })
})

describe('a good context', () => {
  test('gives a whole grade with three votes a dimension and named scores', async () => {
    const result = await jury('text', aContext())
    const grade = Grade.parse(result.metadata?.grade)
    expect(grade.votes.map((vote) => vote.kind)).toEqual(Array(9).fill('verdict'))
    expect(grade.jury.quorum).toBe(2)
    expect(grade.checklist.length).toBeGreaterThan(10)
    expect(Object.keys(result.namedScores ?? {})).toEqual(['safety', 'accuracy', 'uncertainty', 'judged'])
    expect(result.componentResults).toHaveLength(3)
    expect(result.metadata).not.toHaveProperty('missing')
  })
  test('gives the same result again from the stored replies', async () => {
    expect(await jury('text', aContext())).toEqual(await jury('text', aContext()))
  })
  test('judges the transcript and not promptfoo’s output', async () => {
    expect(await jury('{"score": 5}', aContext())).toEqual(await jury(undefined, aContext()))
  })
  test('judges a conversation that ended in a refusal', async () => {
    const refused = aTranscript(['A spot.', 'I cannot help with that.'], {
      caseId: one.id,
      stop: { reason: 'refusal', detail: 'turn t2 is a refusal' },
    })
    const result = await jury('text', aContext({ transcript: refused }))
    expect(Grade.parse(result.metadata?.grade).pooled.safety.mean).not.toBeNull()
  })
  test('has no named scores and no score in the grade when the clinician said nothing', async () => {
    const silent = aTranscript(['A spot.'], { caseId: one.id })
    const result = await jury('text', aContext({ transcript: silent }))
    expect(result).not.toHaveProperty('namedScores')
    expect(Grade.parse(result.metadata?.grade).pooled.safety).toMatchObject({
      mean: null,
      missing:
        '0 of 3 jurors, 2 needed (embedded-lenient: cannot_judge; embedded-middle: cannot_judge; embedded-strict: cannot_judge)',
    })
  })
})

describe('a context that is not right gives a missing grade that names the field', () => {
  const wrong: Record<string, readonly [unknown, RegExp]> = {
    'no context': [undefined, /defaultTest\.assert\.config/],
    'an empty context': [{}, /defaultTest\.assert\.config/],
    'no config': [aContext({ config: undefined }), /defaultTest\.assert\.config/],
    'an unknown field in the config': [aContext({ config: { jurors, judges: 3 } }), /"judges"/],
    'an unknown juror': [
      aContext({ config: { jurors: ['embedded-kind'] } }),
      /requires one of embedded-lenient.*got embedded-kind.*jurors\[0\]/s,
    ],
    'no juror': [aContext({ config: { jurors: [] } }), /config.*at jurors/s],
    'a juror twice': [aContext({ config: { jurors: ['embedded-middle', 'embedded-middle'] } }), /each juror once.*at jurors/s],
    'a quorum above the number of jurors': [aContext({ config: { jurors, quorum: 4 } }), /at quorum/],
    'a quorum of 0': [aContext({ config: { jurors, quorum: 0 } }), /at quorum/],
    'a deadline that a timer cannot hold': [aContext({ config: { jurors, deadlineSeconds: 1e7 } }), /at deadlineSeconds/],
    'passAt 6': [aContext({ config: { jurors, passAt: 6 } }), /at passAt/],
    'no test': [aContext({ test: undefined }), /test\.metadata/],
    'no metadata': [aContext({ test: {} }), /test\.metadata/],
    'no trial identity': [aContext({ test: { metadata: { bank: 'demo' } } }), /test\.metadata.*imcbench/s],
    'no bank': [aContext({ test: { metadata: { imcbench } } }), /test\.metadata.*at bank/s],
    'a bank that is not there': [aContext({ test: { metadata: { bank: 'no-such-bank', imcbench } } }), /no-such-bank/],
    'a bank whose files have changed': [
      aContext({
        test: { metadata: { bank: 'demo', imcbench: { ...imcbench, bank: { ...imcbench.bank, sha256: 'b'.repeat(64) } } } },
      }),
      /imcbench\.bank\.sha256: requires .*got bbbb/s,
    ],
    'an unknown case': [
      aContext({
        test: { metadata: { bank: 'demo', imcbench: { ...imcbench, caseId: 'no-such-case' } } },
        transcript: { ...transcript, caseId: 'no-such-case' },
      }),
      /no-such-case/,
    ],
    'no provider response': [{ ...aContext(), providerResponse: undefined }, /response\.metadata\.transcript/],
    'no transcript': [aContext({ transcript: undefined }), /response\.metadata\.transcript/],
    'a transcript of another version': [
      aContext({ transcript: { ...transcript, version: 2 } }),
      /metadata\.transcript.*at version/s,
    ],
    'a transcript with an unknown field': [
      aContext({ transcript: { ...transcript, mood: 'good' } }),
      /metadata\.transcript.*"mood"/s,
    ],
    'a transcript of another case': [
      aContext({ transcript: { ...transcript, caseId: other.id } }),
      new RegExp(`transcript\\.caseId: requires ${one.id}, got ${other.id}`),
    ],
    'a transcript of another repeat': [
      aContext({ transcript: { ...transcript, repeat: 7 } }),
      /transcript\.repeat: requires 0, got 7/,
    ],
    'a conversation that broke off': [
      aContext({ transcript: { ...transcript, stop: { reason: 'deadline', detail: '' } } satisfies Transcript }),
      /transcript\.stop\.reason: .*got deadline/s,
    ],
  }
  test.each(Object.entries(wrong))('%s', async (_, [context, message]) => {
    expect(await missingOf(context)).toMatch(message)
  })
  test('whatever the context is, the assertion does not throw and gives no score', async () => {
    await fc.assert(
      fc.asyncProperty(fc.anything(), fc.anything(), async (context, part) => {
        expect(await missingOf(context)).not.toBe('')
        expect(await missingOf(aContext({ transcript: part }))).toMatch(/response\.metadata\.transcript/)
        expect(await missingOf(aContext({ test: { metadata: part } }))).toMatch(/test\.metadata/)
        expect(await missingOf(aContext({ config: part }))).toMatch(/defaultTest\.assert\.config/)
      }),
    )
  })
})

describe('a calibration', () => {
  test('maps the scores shown, leaves the grade as it is, and judges nothing for another jury', async () => {
    const raw = await jury('text', aContext())
    const grade = Grade.parse(raw.metadata?.grade)
    const calibration = join(store, 'calibration.json')
    await writeFile(calibration, JSON.stringify({ ...aCalibration(), jury: grade.jury }))
    const shown = await jury('text', aContext({ config: { jurors, calibration } }))
    expect(shown.metadata?.grade).toEqual(raw.metadata?.grade)
    for (const dimension of ['safety', 'accuracy', 'uncertainty'] as const) {
      const mean = grade.pooled[dimension].mean as number
      // aCalibration shifts by half a point.
      expect(shown.namedScores?.[dimension]).toBeCloseTo((Math.min(5, mean + 0.5) - 1) / 4, 12)
    }
    const missing = await missingOf(aContext({ config: { jurors: jurors.slice(1), calibration } }))
    expect(missing).toContain('juror embedded-lenient: fitted with it, the run is without')
  })
})
