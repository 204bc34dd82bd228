import type { Arm } from '../cases/schema.ts'
import { differenceOf } from './aligned-scores.ts'
import { armRefusal } from './arm-contradiction.ts'
import type { CaseScore } from './case-scores.ts'
import { type CaseTable, kept } from './case-table.ts'
import { type ClusteredNumbers, deltaNumbers, type Flag, meanNumbers, noNumbers, valueOnly } from './clustered-numbers.ts'
import type { Study } from './estimands.ts'
import type { Sensitivity } from './estimate-models.ts'
import { Measure } from './measure.ts'
import { type RescoredTable, rescoredTable } from './rescored-table.ts'
import { countsOf, sidesOf } from './stratum-comparisons.ts'
import { filledWith, medianPooling, type Pooling, poolingWithoutOwnFamily, repooled } from './vote-pooling.ts'

type Target = Pick<Sensitivity, 'estimand' | 'measure' | 'model' | 'arm'>
/** The scores behind a number: one list, of which the mean is taken, or the two sides of a delta. A reason refuses. */
type Scores =
  | { kind: 'mean'; list: readonly CaseScore[] }
  | { kind: 'delta'; flag: Flag; flagged: readonly CaseScore[]; unflagged: readonly CaseScore[] }
  | { kind: 'refused'; reason: string }
/** Where scores come from: one table to add and one to subtract; they differ for bounds only. */
type Select = (target: Target, plus: CaseTable, minus: CaseTable) => Scores
type Infer = (scores: Scores) => ClusteredNumbers
type Outcome = { scores: Scores; numbers: ClusteredNumbers; nChanged: number }
type Way = { variant: Sensitivity['variant']; compute: (target: Target) => Outcome }

const BOUND = 'a bound, not an estimate: no interval'

/**
 * Every mean, delta and ablation effect computed in five other ways, each with its change against the usual one: complete cases
 * only, a lower and an upper bound over all that missing scores could be, the jurors' median, and without jurors of the model's
 * own family. Bounds are no estimates: they have no interval, and where a model has no score at all in an arm there is none.
 */
export function varyAnalysis(study: Study, usual: CaseTable): Sensitivity[] {
  const select = selector(study, usual)
  const infer = inference(study.rule.level)
  const ways = [
    completeCase(study, usual, select, infer),
    ...bounds(study, usual, select, infer),
    otherJury(study, usual, select, infer, 'median-pool', medianPooling),
    otherJury(study, usual, select, infer, 'without-own-family', poolingWithoutOwnFamily),
  ]
  const sizes = remembered(sizeOf)
  return targetsOf(study).flatMap((target) => {
    const reference = pointOf(select(target, usual, usual))
    return ways.map((way) => rowOf(target, way, reference, sizes))
  })
}

function rowOf(target: Target, { variant, compute }: Way, reference: number | null, sizes: typeof sizeOf): Sensitivity {
  const { scores, numbers, nChanged } = compute(target)
  const { value, interval, exploratory, reason } = numbers
  const list = scores.kind === 'refused' ? [] : scores.kind === 'mean' ? scores.list : [...scores.flagged, ...scores.unflagged]
  return {
    variant,
    bound: variant === 'lower-bound' || variant === 'upper-bound',
    ...target,
    value,
    interval,
    change: value === null || reference === null ? null : value - reference,
    ...sizes(list),
    nChanged,
    exploratory,
    reason,
  }
}

/** A function of a list that is computed once for each list: many rows stand on the same one. */
function remembered<Result>(compute: (list: readonly CaseScore[]) => Result): (list: readonly CaseScore[]) => Result {
  const known = new WeakMap<readonly CaseScore[], { result: Result }>()
  return (list) => {
    const found = known.get(list) ?? { result: compute(list) }
    known.set(list, found)
    return found.result
  }
}

function sizeOf(list: readonly CaseScore[]): Pick<Sensitivity, 'nCases' | 'nImages' | 'nTrials'> {
  return { ...countsOf(list), nTrials: list.reduce((sum, score) => sum + score.trials, 0) }
}

function targetsOf({ models, arms }: Study): Target[] {
  const each = (estimand: Target['estimand'], arm: Arm) =>
    Measure.options.flatMap((measure) => [...models, null].map((model) => ({ estimand, measure, model, arm })))
  return [
    ...arms.flatMap((arm) => each('mean', arm)),
    ...(arms.includes('full') ? [...each('malignant-delta', 'full'), ...each('rare-delta', 'full')] : []),
    ...arms.filter((arm) => arm !== 'full').flatMap((arm) => each('ablation-effect', arm)),
  ]
}

function selector({ trials, models, arms }: Study, usual: CaseTable): Select {
  const refusals = new Map(
    arms.flatMap((arm) =>
      [...models, null].map((model) => [key(model, arm), armRefusal(trials, model === null ? models : [model], arm)]),
    ),
  )
  const usualEffects = effectTable(models, usual, usual)
  const tables = new Map<CaseTable, CaseTable>([[usual, usualEffects]])
  const effects = (plus: CaseTable, minus: CaseTable) => {
    // A table is always added to with the same one subtracted, so the first names the pair.
    const table = tables.get(plus) ?? effectTable(models, plus, minus, { usual, usualEffects })
    tables.set(plus, table)
    return table
  }
  return ({ estimand, measure, model, arm }, plus, minus) => {
    if (estimand === 'mean') return { kind: 'mean', list: plus(model, arm, measure) }
    if (estimand === 'ablation-effect') {
      const reason = refusals.get(key(model, arm)) ?? null
      if (reason !== null) return { kind: 'refused', reason }
      return { kind: 'mean', list: effects(plus, minus)(model, arm, measure) }
    }
    const flag: Flag = estimand === 'malignant-delta' ? 'malignant' : 'rare'
    const { flagged } = sidesOf(plus(model, arm, measure), flag)
    const { unflagged } = sidesOf(minus(model, arm, measure), flag)
    return { kind: 'delta', flag, flagged, unflagged }
  }
}

/** Arm minus full, case by case; the very lists of the usual effects where both tables have the usual lists. */
function effectTable(
  models: readonly string[],
  plus: CaseTable,
  minus: CaseTable,
  base?: { usual: CaseTable; usualEffects: CaseTable },
): CaseTable {
  const make: CaseTable = (model, arm, measure) => {
    const [added, taken] = [plus(model, arm, measure), minus(model, 'full', measure)]
    const same = added === base?.usual(model, arm, measure) && taken === base.usual(model, 'full', measure)
    return same ? base.usualEffects(model, arm, measure) : differenceOf(added, taken)
  }
  return kept(models, make, base?.usualEffects)
}

function key(model: string | null, arm: Arm): string {
  return JSON.stringify([model, arm])
}

/** The numbers of scores at a level. */
function inference(level: number): Infer {
  const means = remembered((list) => meanNumbers(list, level))
  return (scores) => {
    if (scores.kind === 'refused') return noNumbers(scores.reason)
    if (scores.kind === 'mean') return means(scores.list)
    return deltaNumbers(scores.flagged, scores.unflagged, scores.flag, level)
  }
}

/** The number alone, null when there is none. */
function pointOf(scores: Scores): number | null {
  if (scores.kind === 'refused') return null
  const lists = scores.kind === 'mean' ? [scores.list] : [scores.flagged, scores.unflagged]
  if (lists.some((list) => list.length === 0)) return null
  const [one, zero] = lists.map((list) => list.reduce((sum, { value }) => sum + value, 0) / list.length)
  return (one as number) - (zero ?? 0)
}

function completeCase({ trials, models }: Study, usual: CaseTable, select: Select, infer: Infer): Way {
  const lacking = new Map<string, Set<string>>()
  for (const { arm, caseId, scores } of trials)
    for (const measure of Measure.options)
      if (scores[measure].value === null) {
        const name = JSON.stringify([arm, measure])
        lacking.set(name, (lacking.get(name) ?? new Set()).add(caseId))
      }
  const without = (arms: readonly Arm[]) =>
    kept(
      models,
      (model, arm, measure) => {
        const cases = arms.flatMap((one) => [...(lacking.get(JSON.stringify([one, measure])) ?? [])])
        if (cases.length === 0) return usual(model, arm, measure)
        const gone = new Set(cases)
        return usual(model, arm, measure).filter(({ caseId }) => !gone.has(caseId))
      },
      usual,
    )
  const tables = new Map<string, CaseTable>()
  return {
    variant: 'complete-case',
    compute: (target) => {
      const arms = armsOf(target)
      const table = tables.get(arms.join()) ?? without(arms)
      tables.set(arms.join(), table)
      const scores = select(target, table, table)
      return { scores, numbers: infer(scores), nChanged: 0 }
    },
  }
}

function bounds({ trials, models }: Study, usual: CaseTable, select: Select, infer: Infer): Way[] {
  const [low, high] = ([1, 5] as const).map((fill) =>
    rescoredTable(trials, models, usual, { rescore: filledWith(fill), onlyGaps: true }),
  ) as [RescoredTable, RescoredTable]
  const way = (variant: Way['variant'], plus: RescoredTable, minus: RescoredTable): Way => ({
    variant,
    compute: (target) => {
      const names = modelsOf(models, target)
      for (const arm of armsOf(target))
        for (const name of names)
          if (usual(name, arm, target.measure).length === 0) return refused(`no score of ${name} in the arm ${arm}: no bound`)
      const scores = select(target, plus.scores, minus.scores)
      const value = pointOf(scores)
      // Without a value the usual numbers say why.
      const numbers = value === null ? infer(scores) : valueOnly(value, BOUND)
      return { scores, numbers, nChanged: changesIn(low, names, target).count }
    },
  })
  return [way('lower-bound', low, high), way('upper-bound', high, low)]
}

function otherJury(
  { trials, models, calibrations }: Study,
  usual: CaseTable,
  select: Select,
  infer: Infer,
  variant: Way['variant'],
  pooling: Pooling,
): Way {
  const table = rescoredTable(trials, models, usual, { rescore: repooled(pooling, calibrations), onlyGaps: false })
  return {
    variant,
    compute: (target) => {
      const scores = select(target, table.scores, table.scores)
      if (scores.kind === 'refused') return refused(scores.reason)
      const numbers = infer(scores)
      const { count, reasons } = changesIn(table, modelsOf(models, target), target)
      const reason = count === 0 ? numbers.reason : `${count} trials left out: ${reasons.join('; ')}`
      return { scores, numbers: { ...numbers, reason }, nChanged: count }
    },
  }
}

function changesIn(table: RescoredTable, models: readonly string[], target: Target): { count: number; reasons: string[] } {
  const all = models.flatMap((model) => armsOf(target).map((arm) => table.changes(model, arm, target.measure)))
  return {
    count: all.reduce((sum, { count }) => sum + count, 0),
    reasons: [...new Set(all.flatMap(({ reasons }) => reasons))],
  }
}

function refused(reason: string): Outcome {
  return { scores: { kind: 'refused', reason }, numbers: noNumbers(reason), nChanged: 0 }
}

function modelsOf(models: readonly string[], { model }: Target): readonly string[] {
  return model === null ? models : [model]
}

function armsOf({ estimand, arm }: Target): readonly Arm[] {
  return estimand === 'ablation-effect' ? [arm, 'full'] : [arm]
}
