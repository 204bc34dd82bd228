import { z } from 'zod'
import { cappedScore } from './pool.ts'
import { type Cap, Dimension, JuryMark } from './verdict.ts'

const sha256 = z.string().regex(/^[0-9a-f]{64}$/)
const count = z.int().min(0)

/** A rising map without steps: knots in rising order, each with its fitted value. */
export type Isotonic = { knots: number[]; fitted: number[] }

/** How a dimension’s pooled score becomes a score on the raters’ scale. `none`: too few labels, so the score stays the jury’s own. */
export const CalibrationMap = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('none') }),
  z.strictObject({ kind: z.literal('identity') }),
  z.strictObject({ kind: z.literal('shift'), by: z.number() }),
  z.strictObject({ kind: z.literal('linear'), intercept: z.number(), slope: z.number().min(0) }),
  z
    .strictObject({ kind: z.literal('isotonic'), knots: z.array(z.number()).min(1), fitted: z.array(z.number()).min(1) })
    .refine(({ knots, fitted }) => knots.length === fitted.length, 'requires as many fitted values as knots')
    .refine(({ knots }) => knots.every((at, i) => i === 0 || at > (knots[i - 1] as number)), 'requires rising knots')
    .refine(
      ({ fitted }) => fitted.every((at, i) => i === 0 || at >= (fitted[i - 1] as number)),
      'requires values that never fall',
    ),
])
export type CalibrationMap = z.infer<typeof CalibrationMap>

/** One way of mapping that was tried, with its error on images left out of the fit. */
const CandidateFit = z.strictObject({
  kind: z.enum(['identity', 'shift', 'linear', 'isotonic']),
  severityRemoved: z.boolean(),
  rootMeanSquareError: z.number().min(0).nullable().describe('leave-one-image-out, in points'),
  standardError: z.number().min(0).nullable().describe('of that error, clustered by image'),
  reason: z.string().nullable().describe('why it could not be chosen, or null'),
})
export type CandidateFit = z.infer<typeof CandidateFit>

/** How one dimension is calibrated, on what, and why so. */
export const DimensionCalibration = z.strictObject({
  map: CalibrationMap,
  severities: z
    .record(z.string(), z.number())
    .nullable()
    .describe('what is taken off each juror’s scores first, above 0 for a lenient juror; null: nothing is'),
  support: z
    .strictObject({ low: z.number(), high: z.number() })
    .nullable()
    .describe('lowest and highest pooled score of the labelled conversations, severities removed; null without one'),
  nConversations: count.describe('labelled conversations with a pooled score'),
  nImages: count,
  nCannotJudge: count.describe('ratings that say “cannot judge”; they are in no target'),
  nWithoutScore: count.describe('labelled conversations without a pooled score'),
  candidates: z.array(CandidateFit),
  chosen: z.string().describe('why this map was taken'),
})
export type DimensionCalibration = z.infer<typeof DimensionCalibration>

/** The artifact calibration.json: from one jury’s scores to the scale of the people who rated the same conversations. */
export const Calibration = z
  .strictObject({
    version: z.literal(1),
    software: z.strictObject({ name: z.string(), version: z.string() }),
    simulated: z
      .boolean()
      .describe('true when the labels were made by rules or models; nothing is then calibrated to clinicians'),
    labels: z.strictObject({
      sha256: z.array(sha256).min(1).describe('of each file of labels, in rising order'),
      raters: z.string().min(1),
      nRaters: z.int().min(1),
      nConversations: z.int().min(1),
      nImages: z.int().min(1),
    }),
    jury: JuryMark.describe('the jury of the run that it was fitted on: it holds for no other'),
    dimensions: z.record(Dimension, DimensionCalibration),
  })
  .superRefine(({ jury, dimensions }, issues) => {
    const seated = jury.jurors.map(({ id }) => id).sort()
    for (const [dimension, { severities }] of Object.entries(dimensions))
      if (severities !== null && Object.keys(severities).sort().join('\n') !== seated.join('\n'))
        issues.addIssue({
          code: 'custom',
          path: ['dimensions', dimension, 'severities'],
          message: `requires one of each juror: ${seated.join(', ')}`,
        })
  })
export type Calibration = z.infer<typeof Calibration>

/** What one juror answered when asked once about a dimension: a score from 1 to 5, or null for an abstention. */
export type JurorAnswer = { readonly juror: string; readonly score: number | null }

/** A score on the raters’ scale from 1 to 5, or null with the reason. */
export type CalibratedScore = { value: number; missing: null } | { value: null; missing: string }

/** The calibration in the text of a file. Text that is no JSON or does not fit the schema is an Error naming `file` and field. */
export function readCalibration(text: string, file: string): Calibration {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (error) {
    throw new Error(`${file} requires whole JSON, got text that breaks off or is malformed: ${(error as Error).message}`)
  }
  const parsed = Calibration.safeParse(value)
  if (parsed.success) return parsed.data
  throw new Error(`${file} requires a calibration that fits its schema, got\n${z.prettifyError(parsed.error)}`)
}

/**
 * One dimension’s calibrated score of a conversation, from the answers of its jurors to that dimension.
 *
 * In this order: a juror’s severity is taken off each of its scores, the result kept within 1 to 5; then the caps; then the
 * mean of a juror’s repeats; then the mean over jurors, which needs the quorum; then the map; then 1 to 5 again. Caps come
 * before the map because they speak of rubric levels as a juror gives them, and because the map was learned from capped scores:
 * it says what a capped conversation is worth to the raters, which may be more than the cap. The order of answers does not
 * matter.
 *
 * @param answers one a juror and repeat, all of them about `dimension`
 */
export function applyCalibration(
  answers: readonly JurorAnswer[],
  caps: readonly Cap[],
  quorum: number,
  dimension: Dimension,
  { map, severities }: Pick<DimensionCalibration, 'map' | 'severities'>,
): CalibratedScore {
  const scores = [...jurorScores(answers, caps, dimension, severities).values()]
  if (scores.length < quorum || scores.length === 0)
    return { value: null, missing: `${scores.length} jurors with a verdict, ${Math.max(1, quorum)} needed` }
  return { value: mapScore(map, meanOf(scores)), missing: null }
}

/**
 * Each juror’s score: the mean of its repeats, each less the juror’s severity, kept within 1 to 5, and capped. Jurors who only
 * abstained are not in it. They stand in the order of their names, so that sums over them have the same bits in any order of
 * the answers. A juror of whom `severities` says nothing is a RangeError.
 */
export function jurorScores(
  answers: readonly JurorAnswer[],
  caps: readonly Cap[],
  dimension: Dimension,
  severities: Readonly<Record<string, number>> | null,
): Map<string, number> {
  const given = answers
    .flatMap(({ juror, score }) => (score === null ? [] : [{ juror, score }]))
    .sort((a, b) => (a.juror < b.juror ? -1 : a.juror > b.juror ? 1 : a.score - b.score))
  const scores = new Map<string, number>()
  for (const [juror, own] of Map.groupBy(given, (one) => one.juror)) {
    const severity = severities === null ? 0 : severities[juror]
    if (severity === undefined) throw new RangeError(`jurorScores requires the severity of each juror, got none of ${juror}`)
    scores.set(juror, meanOf(own.map(({ score }) => cappedScore(within(score - severity), caps, dimension))))
  }
  return scores
}

/** A pooled score on the raters’ scale, within 1 to 5. A score that is not finite is a RangeError. */
export function mapScore(map: CalibrationMap, score: number): number {
  if (!Number.isFinite(score)) throw new RangeError(`mapScore requires a finite score, got ${score}`)
  if (map.kind === 'shift') return within(score + map.by)
  if (map.kind === 'linear') return within(map.intercept + map.slope * score)
  if (map.kind === 'isotonic') return within(predictIsotonic(map, score))
  return within(score)
}

/** The fitted value at `x`: linear between knots, the end value outside them. `x` that is not finite is a RangeError. */
export function predictIsotonic({ knots, fitted }: Isotonic, x: number): number {
  if (!Number.isFinite(x)) throw new RangeError(`predictIsotonic requires a finite x, got ${x}`)
  const above = knots.findIndex((knot) => knot >= x)
  if (above === -1) return fitted.at(-1) as number
  const high = fitted[above] as number
  const knot = knots[above] as number
  if (above === 0 || knot === x) return high
  const before = knots[above - 1] as number
  const low = fitted[above - 1] as number
  return low + ((high - low) * (x - before)) / (knot - before)
}

/**
 * In what two juries differ, one sentence a difference: a juror added, missing or of another revision, family or sight, the
 * prompt, the rubric, the quorum, the repeats. Empty when the calibration of `fitted` holds for `run`; the order of jurors
 * does not count.
 */
export function juryDifferences(fitted: JuryMark, run: JuryMark): string[] {
  const was = new Map(fitted.jurors.map((juror) => [juror.id, juror]))
  const is = new Map(run.jurors.map((juror) => [juror.id, juror]))
  const changed = (what: string, before: string | number | boolean, now: string | number | boolean) =>
    before === now ? [] : [`${what}: fitted with ${before}, the run has ${now}`]
  return [
    ...[...was.keys()].filter((id) => !is.has(id)).map((id) => `juror ${id}: fitted with it, the run is without`),
    ...[...is.keys()].filter((id) => !was.has(id)).map((id) => `juror ${id}: fitted without it, the run has it`),
    ...[...was].flatMap(([id, before]) => {
      const now = is.get(id)
      if (now === undefined) return []
      return (['revision', 'family', 'simulated', 'saw'] as const).flatMap((field) =>
        changed(`juror ${id}, ${field}`, before[field], now[field]),
      )
    }),
    ...changed('repeats', fitted.repeats, run.repeats),
    ...changed('quorum', fitted.quorum, run.quorum),
    ...changed('prompt', fitted.prompt, run.prompt),
    ...changed('rubric version', fitted.rubric.version, run.rubric.version),
    ...changed('rubric', fitted.rubric.sha256, run.rubric.sha256),
  ]
}

function within(score: number): number {
  return Math.min(5, Math.max(1, score))
}

function meanOf(scores: readonly number[]): number {
  return scores.reduce((sum, score) => sum + score, 0) / scores.length
}
