import { createHash } from 'node:crypto'
import { parseRows, type ResultRow } from '../../analysis/results.ts'
import type { TrialIdentity } from '../../cases/identity.ts'
import { pool } from '../../cases/pool.ts'
import type { Arm } from '../../cases/schema.ts'
import { type Fidelity, NO_USAGE, type Transcript } from '../../cases/transcript.ts'
import type { ChecklistItem, Dimension, Grade, TriageCheck, Vote } from '../../cases/verdict.ts'

/** One juror’s score, or null when it cannot judge. */
export type VoteSpec = {
  juror: string
  dimension: Dimension
  score: number | null
  repeat?: number
  /** For each quote, whether it stands in the transcript. */
  quotes?: readonly boolean[]
}

/** What a test says of one row; everything else is filled in. */
export type RowSpec = {
  caseId: string
  image?: string
  neoplasm?: TrialIdentity['neoplasm']
  rarity?: TrialIdentity['rarity']
  model?: string
  arm?: Arm
  repeat?: number
  bank?: string
  scores?: Partial<Record<Dimension, number | null>>
  /** Every vote of the grade, one a juror, dimension and repeat; the pooled scores then follow from them, and `scores` is not used. */
  votes?: readonly VoteSpec[]
  caps?: Grade['caps']
  /** The revision of the jurors’ models. */
  revision?: string
  spent?: Grade['spent']
  stop?: Transcript['stop']['reason']
  /** How a conversation ended that was judged, when not with a plan. */
  ends?: Transcript['stop']['reason']
  /** What the requests carried, when not what the arm asks for. */
  sent?: {
    instructions?: string
    images?: string[]
    ehr?: string | null
    turns?: string[]
  }
  expectedImages?: string[]
  expectedWrongImages?: string[] | undefined
  transcript?: null
  /** The provider’s reason beside a missing transcript. */
  notHeld?: string
  /** Why a simulated patient’s conversation is set aside, or null; without it the patient is scripted. */
  quarantined?: string | null
  /** What was found in a simulated patient’s answers, where not nothing. */
  fidelity?: Partial<Fidelity>
  jury?: 'none' | 'failed'
  patient?: Partial<TrialIdentity['patient']>
  modalities?: TrialIdentity['modalities']
  acceptableTriage?: TrialIdentity['acceptableTriage']
  /** The grade’s checklist: group, whether it was met, and the item’s name where a running number will not do. */
  checklist?: readonly (readonly [ChecklistItem['group'], boolean | null, string?])[]
  triage?: TriageCheck
  family?: string
  /** What the model under test says in its last turn. */
  advice?: string
}

/** A sha256 that stands for a name. */
export function hash(name: string): string {
  return createHash('sha256').update(name).digest('hex')
}

/** One promptfoo row of the shape that the plugin’s provider and jury leave behind, as plain JSON. */
export function rawRow(spec: RowSpec): Record<string, unknown> {
  const identity = identityOf(spec)
  const transcript = spec.transcript === null ? undefined : transcriptOf(spec, identity)
  const graded = transcript !== undefined && spec.stop === undefined && spec.jury !== 'none'
  const juryMetadata = spec.jury === 'failed' ? { missing: 'rubric unreadable' } : { grade: gradeOf(spec) }
  return {
    prompt: { label: spec.arm ?? 'full', raw: '', config: {} },
    provider: { id: `embedded:${spec.model ?? 'm1'}`, label: spec.model ?? 'm1' },
    testCase: { metadata: { imcbench: identity } },
    ...(transcript === undefined
      ? {
          ...{ error: 'Error: thrown', failureReason: 2, metadata: { imcbench: identity } },
          ...(spec.notHeld === undefined ? {} : { response: { error: 'thrown', metadata: { missing: spec.notHeld } } }),
        }
      : { response: { output: '', metadata: { transcript } }, failureReason: 0, metadata: { imcbench: identity, transcript } }),
    gradingResult: graded ? { pass: true, componentResults: [{ pass: true, metadata: juryMetadata }, { pass: true }] } : null,
    latencyMs: 12,
  }
}

/** Rows as the analysis reads them. */
export function rowsOf(specs: readonly RowSpec[]): ResultRow[] {
  return parseRows(specs.map(rawRow), 'results.json')
}

/** A results file of promptfoo’s version 3 around rows. */
export function resultsFile(rows: readonly unknown[]): string {
  return JSON.stringify({ evalId: 'eval-x', results: { version: 3, prompts: [], results: rows, stats: {} }, config: {} })
}

/** Six cases on five images, two models, four arms; scores differ by case, model and arm. Frozen. */
export function smallStudy(): readonly RowSpec[] {
  const cases = [
    { caseId: 'a', image: 'i1', neoplasm: 'malignant', rarity: 'rare' },
    { caseId: 'b', image: 'i2', neoplasm: 'malignant', rarity: 'not_rare' },
    { caseId: 'c', image: 'i3', neoplasm: 'benign', rarity: 'rare' },
    { caseId: 'd', image: 'i4', neoplasm: 'benign', rarity: 'not_rare' },
    { caseId: 'e', image: 'i4', neoplasm: 'not_neoplastic', rarity: 'not_rare' },
    { caseId: 'f', image: 'i5', neoplasm: 'in_situ', rarity: 'unknown' },
  ] as const
  const arms: Arm[] = ['full', 'no-image', 'no-ehr', 'no-image-no-ehr']
  const specs = cases.flatMap((one, c) =>
    ['m1', 'm2'].flatMap((model, m) =>
      arms.map((arm, a) => ({
        ...one,
        model,
        arm,
        scores: {
          safety: 1 + ((c * 3 + m + a) % 5),
          accuracy: 1 + ((c + m * 2 + a * 3) % 5),
          uncertainty: 1 + ((c * 2 + a) % 5),
        },
      })),
    ),
  )
  return Object.freeze(specs.map((spec) => Object.freeze(spec)))
}

function identityOf(spec: RowSpec): TrialIdentity {
  return {
    bank: { name: spec.bank ?? 'test', sha256: hash(spec.bank ?? 'test'), cases: 60, images: 40 },
    caseId: spec.caseId,
    caseVersion: 1,
    repeat: spec.repeat ?? 0,
    image: hash(spec.image ?? spec.caseId),
    drawnImages: 1,
    neoplasm: spec.neoplasm ?? 'benign',
    rarity: spec.rarity ?? 'not_rare',
    acceptableTriage: spec.acceptableTriage ?? ['soon_specialist'],
    patient: { ageYears: 50, sexAtBirth: 'female', skinTone: null, ...spec.patient },
    modalities: spec.modalities ?? ['clinical_photo'],
    expected: {
      images: spec.expectedImages ?? [hash('sent image')],
      wrongImages: 'expectedWrongImages' in spec ? spec.expectedWrongImages : [hash('another case’s image')],
      ehr: hash('record'),
    },
  }
}

function transcriptOf(spec: RowSpec, identity: TrialIdentity): Transcript {
  const arm = spec.arm ?? 'full'
  const image = {
    full: identity.expected.images,
    'no-ehr': identity.expected.images,
    'wrong-image': identity.expected.wrongImages,
  }
  const own: readonly string[] = image[arm as 'full'] ?? []
  const ehr = arm !== 'no-ehr' && arm !== 'no-image-no-ehr'
  const turns = spec.sent?.turns ?? ['t2', 't4']
  return {
    version: 1,
    caseId: spec.caseId,
    arm,
    repeat: spec.repeat ?? 0,
    model: { id: spec.model ?? 'm1', family: spec.family ?? 'rules', simulated: true },
    patient: spec.quarantined === undefined ? { mode: 'scripted', seed: 1 } : simulatedPatient(spec.quarantined, spec.fidelity),
    turns: [
      { id: 't1', role: 'patient', text: 'hello' },
      { id: 't2', role: 'clinician', text: 'since when?' },
      { id: 't3', role: 'patient', text: 'a week' },
      { id: 't4', role: 'clinician', text: spec.advice ?? 'see a doctor' },
    ],
    proofs: turns.map((turn) => ({
      turn,
      images: spec.sent?.images ?? [...own],
      ehr: spec.sent?.ehr === undefined ? (ehr ? identity.expected.ehr : null) : spec.sent.ehr,
      instructions: hash(spec.sent?.instructions ?? 'instructions'),
      key: hash(turn),
    })),
    stop: { reason: spec.stop ?? spec.ends ?? 'plan_given', detail: '' },
    usage: NO_USAGE,
    costUsd: 0,
    incurredUsd: 0,
    calls: { made: turns.length, stored: 0, retried: 0, failed: 0 },
    notSent: [],
  }
}

function simulatedPatient(quarantined: string | null, fidelity: Partial<Fidelity> = {}): Transcript['patient'] {
  const calls = { made: 0, stored: 2, retried: 0, failed: 0 }
  return {
    mode: 'simulated',
    seed: 1,
    model: { id: 'p1', family: 'speakers', simulated: false },
    spent: { usage: NO_USAGE, costUsd: null, incurredUsd: null, calls, notSent: [] },
    fidelity: {
      ...{ answers: 1, malformed: 0, disallowed: 0, overLimit: 0, overshared: 0, unlisted: 0 },
      ...{ leaks: 0, rejected: 0, regenerations: 0, fallbacks: 0, done: false },
      ...fidelity,
    },
    quarantined,
  }
}

function gradeOf(spec: RowSpec): Grade {
  if (spec.votes !== undefined) return gradeFrom(spec, spec.votes)
  const pooled = (dimension: Dimension) => {
    const mean = spec.scores?.[dimension] === undefined ? 3 : spec.scores[dimension]
    return { mean, median: mean, valid: mean === null ? 1 : 3, asked: 3, missing: mean === null ? 'no quorum' : null }
  }
  const juror = { id: 'j1', family: 'rules', simulated: true, saw: 'none' } as const
  return {
    version: 2,
    jury: {
      sha256: hash('jury'),
      jurors: [{ ...juror, revision: '1' }],
      repeats: 1,
      quorum: 2,
      prompt: hash('prompt'),
      rubric: { version: '1', sha256: hash('rubric') },
    },
    votes: [
      { kind: 'verdict', juror, dimension: 'safety', repeat: 0, checklist: [], score: 3, rationale: 'why', evidence: [] },
      { kind: 'abstention', juror, dimension: 'accuracy', repeat: 0, reason: 'cannot_judge', detail: '' },
    ],
    caps: [],
    pooled: { safety: pooled('safety'), accuracy: pooled('accuracy'), uncertainty: pooled('uncertainty') },
    checklist: (spec.checklist ?? []).map(([group, met, name], place) => ({
      ...{ id: `${group}:${name ?? place}`, group, text: group, met, weight: 1, evidence: null },
    })),
    triage: spec.triage ?? { advised: 'soon_specialist', under: 0, over: 0 },
    spent: [],
  }
}

/** A grade with the votes told, by a jury of all their jurors, of which two must score. */
function gradeFrom(spec: RowSpec, specs: readonly VoteSpec[]): Grade {
  const { votes: _, ...rest } = spec
  const jurors = [...new Set(specs.map(({ juror }) => juror))].map((id) => jurorOf(id))
  const repeats = 1 + Math.max(...specs.map(({ repeat = 0 }) => repeat))
  const revision = spec.revision ?? '1'
  const votes = specs.map(({ juror, dimension, score, repeat = 0, quotes = [] }): Vote => {
    const who = { juror: jurorOf(juror), dimension, repeat }
    if (score === null) return { kind: 'abstention', ...who, reason: 'cannot_judge', detail: '' }
    const evidence = quotes.map((verified) => ({ turn: 't4', quote: 'see a doctor', verified }))
    return { kind: 'verdict', ...who, checklist: [], score, rationale: 'why', evidence }
  })
  const caps = spec.caps ?? []
  const mark = { jurors: jurors.map((one) => ({ ...one, revision })), repeats, quorum: 2 }
  return {
    ...gradeOf(rest),
    jury: { ...gradeOf(rest).jury, ...mark, sha256: hash(JSON.stringify(mark)) },
    votes,
    caps,
    pooled: pool(votes, caps, 2),
    spent: spec.spent ?? [],
  }
}

function jurorOf(id: string): Vote['juror'] {
  return { id, family: `family of ${id}`, simulated: true, saw: 'none' }
}
