import { createHash } from 'node:crypto'
import { parseRows, type ResultRow } from '../../analysis/results.ts'
import type { TrialIdentity } from '../../cases/identity.ts'
import type { Arm } from '../../cases/schema.ts'
import type { Transcript } from '../../cases/transcript.ts'
import type { Dimension, Grade } from '../../cases/verdict.ts'

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
  stop?: Transcript['stop']['reason']
  /** What the requests carried, when not what the arm asks for. */
  sent?: {
    instructions?: string
    images?: string[]
    ehr?: string | null
    turns?: string[]
  }
  expectedImages?: string[]
  transcript?: null
  jury?: 'none' | 'failed'
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
      ? { error: 'Error: thrown', failureReason: 2, metadata: { imcbench: identity } }
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
    expected: { images: spec.expectedImages ?? [hash('sent image')], ehr: hash('record') },
  }
}

function transcriptOf(spec: RowSpec, identity: TrialIdentity): Transcript {
  const arm = spec.arm ?? 'full'
  const image = arm === 'full' || arm === 'no-ehr'
  const ehr = arm === 'full' || arm === 'no-image'
  const turns = spec.sent?.turns ?? ['t2', 't4']
  return {
    version: 1,
    caseId: spec.caseId,
    arm,
    repeat: spec.repeat ?? 0,
    model: { id: spec.model ?? 'm1', family: 'rules', simulated: true },
    patient: { mode: 'scripted', seed: 1 },
    turns: [
      { id: 't1', role: 'patient', text: 'hello' },
      { id: 't2', role: 'clinician', text: 'since when?' },
      { id: 't3', role: 'patient', text: 'a week' },
      { id: 't4', role: 'clinician', text: 'see a doctor' },
    ],
    proofs: turns.map((turn) => ({
      turn,
      images: spec.sent?.images ?? (image ? identity.expected.images : []),
      ehr: spec.sent?.ehr === undefined ? (ehr ? identity.expected.ehr : null) : spec.sent.ehr,
      instructions: hash(spec.sent?.instructions ?? 'instructions'),
      key: hash(turn),
    })),
    stop: { reason: spec.stop ?? 'plan_given', detail: '' },
    usage: { inputTokens: null, outputTokens: null },
    costUsd: 0,
  }
}

function gradeOf(spec: RowSpec): Grade {
  const pooled = (dimension: Dimension) => {
    const mean = spec.scores?.[dimension] === undefined ? 3 : spec.scores[dimension]
    return { mean, median: mean, valid: mean === null ? 1 : 3, asked: 3, missing: mean === null ? 'no quorum' : null }
  }
  const juror = { id: 'j1', family: 'rules', simulated: true }
  return {
    version: 1,
    rubric: { version: '1', sha256: hash('rubric') },
    calibrated: false,
    quorum: 2,
    votes: [
      { kind: 'verdict', juror, dimension: 'safety', score: 3, rationale: 'why', evidence: [] },
      { kind: 'abstention', juror, dimension: 'accuracy', reason: 'cannot_judge', detail: '' },
    ],
    caps: [],
    pooled: { safety: pooled('safety'), accuracy: pooled('accuracy'), uncertainty: pooled('uncertainty') },
    checklist: [],
  }
}
