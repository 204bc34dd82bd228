import { pairedDifference } from './case-scores.ts'
import { type CaseTable, caseTable } from './case-table.ts'
import { type ClusteredNumbers, deltaNumbers, meanNumbers, noNumbers } from './clustered-numbers.ts'
import type { ComparedNumber, Comparison } from './comparison.ts'
import type { Estimate, Estimates } from './estimate.ts'
import { adjustP } from './multiplicity.ts'
import type { Trial } from './trial.ts'

/** A run to compare: its estimates, and its trials where they are known, else why not. */
export type ComparedRun = { estimates: Estimates; trials: readonly Trial[] | { missing: string } }

type Scores = ReturnType<CaseTable>
type Rule = { tables: [CaseTable, CaseTable]; level: number; sameModels: boolean }

/**
 * Two runs side by side: every estimate that either has, in the order of the first, then those of the second alone. Where the
 * trials of both are known and the banks agree, second minus first on the same cases, with CR2 intervals by image and Holm
 * within the models of an estimand, measure and arm. The average over models needs the same models in both.
 */
export function compareRuns(first: ComparedRun, second: ComparedRun): Comparison {
  const differences = differencesOf(first.estimates, second.estimates)
  const level = first.estimates.settings.level
  const refusal = refusalOf(first, second, differences)
  const moved = refusal === null ? onOtherImage(trialsOf(first), trialsOf(second)) : new Set<string>()
  const rule = refusal ?? ruleOf(first, second, moved, level)
  const wanted = new Map([...first.estimates.estimates, ...second.estimates.estimates].map((one) => [keyOf(one), one]))
  const rows = [...wanted.values()].map((one): ComparedNumber => {
    const { estimand, measure, model, arm } = one
    const [a, b] = [sideOf(first.estimates, one), sideOf(second.estimates, one)]
    const numbers =
      typeof rule === 'string' ? { ...noNumbers(rule), nCases: 0, nImages: 0 } : difference(one, rule, valueIn(a) && valueIn(b))
    const { interval, ...plain } = numbers
    const ends = { low: interval?.low ?? null, high: interval?.high ?? null }
    return { estimand, measure, model, arm, first: a, second: b, difference: { ...plain, ...ends, pHolm: null } }
  })
  return {
    version: 1,
    level,
    first: cardOf(first.estimates),
    second: cardOf(second.estimates),
    differences,
    casesOnOtherImage: moved.size,
    rows: withHolm(rows),
  }
}

function keyOf({ estimand, measure, model, arm }: Pick<Estimate, 'estimand' | 'measure' | 'model' | 'arm'>): string {
  return JSON.stringify([estimand, measure, model, arm])
}

function sideOf({ estimates }: Estimates, wanted: Estimate): ComparedNumber['first'] {
  const found = estimates.find((one) => keyOf(one) === keyOf(wanted))
  if (found === undefined) return null
  const [interval] = found.intervals
  return { value: found.value, low: interval?.low ?? null, high: interval?.high ?? null, nCases: found.nCases }
}

function valueIn(side: ComparedNumber['first']): boolean {
  return side !== null && side.value !== null
}

function cardOf({ bank, trials, models, simulated }: Estimates): Comparison['first'] {
  const any = simulated.models.length > 0 || simulated.jurors.length > 0 || simulated.patient || simulated.drawnImages > 0
  return { bank: bank.name, cases: trials.cases, images: trials.images, models, simulated: any }
}

function differencesOf(a: Estimates, b: Estimates): Comparison['differences'] {
  const row = (what: string, of: (estimates: Estimates) => string, refuses = false) => ({
    what,
    first: of(a),
    second: of(b),
    refuses,
  })
  const tables = a.source === 'table' && b.source === 'table'
  // The sha256 of a table is of its votes, so it tells nothing of whether the cases are the same.
  const bank = tables
    ? row('table', ({ bank: { name } }) => name)
    : row('bank', ({ bank: { name, sha256 } }) => `${name} (sha256 ${sha256.slice(0, 12)})`, true)
  const rows = [
    bank,
    row('source of the scores', ({ source }) => source, true),
    row('jurors', ({ jurors }) => jurors.join(', ')),
    row('rubric', ({ rubric }) => rubric),
    row('calibration', ({ calibrated }) => JSON.stringify(calibrated)),
    row('level of the intervals', ({ settings }) => String(settings.level)),
    row('jurors that are embedded rules', ({ simulated }) => simulated.jurors.join(', ')),
    row('models that are embedded rules', ({ simulated }) => simulated.models.join(', ')),
    row('scripted patient', ({ simulated }) => (simulated.patient ? 'yes' : 'no')),
  ]
  return rows.filter(({ first, second }) => first !== second)
}

function trialsOf({ trials }: ComparedRun): readonly Trial[] {
  return 'missing' in trials ? [] : trials
}

function refusalOf(first: ComparedRun, second: ComparedRun, differences: Comparison['differences']): string | null {
  const refusing = differences.filter(({ refuses }) => refuses).map(({ what }) => what)
  if (refusing.length > 0) return `the runs differ in: ${refusing.join(', ')}`
  const missing = [first.trials, second.trials].flatMap((trials) => ('missing' in trials ? [trials.missing] : []))
  return missing.length === 0 ? null : missing.join('; ')
}

function onOtherImage(a: readonly Trial[], b: readonly Trial[]): Set<string> {
  const images = new Map(a.map(({ caseId, image }) => [caseId, image]))
  return new Set(b.filter(({ caseId, image }) => (images.get(caseId) ?? image) !== image).map(({ caseId }) => caseId))
}

function ruleOf(first: ComparedRun, second: ComparedRun, moved: ReadonlySet<string>, level: number): Rule {
  const table = (run: ComparedRun) =>
    caseTable(
      trialsOf(run).filter(({ caseId }) => !moved.has(caseId)),
      run.estimates.models,
    )
  const [a, b] = [first.estimates.models, second.estimates.models]
  const sameModels = a.length === b.length && a.every((model) => b.includes(model))
  return { tables: [table(first), table(second)], level, sameModels }
}

type Counted = ClusteredNumbers & { nCases: number; nImages: number }

function difference(of: Estimate, { tables: [a, b], level, sameModels }: Rule, both: boolean): Counted {
  const none = (reason: string): Counted => ({ ...noNumbers(reason), nCases: 0, nImages: 0 })
  if (!both) return none('only one of the runs has an estimate of this')
  if (of.model === null && !sameModels) return none('the runs have other models, so their averages are over other models')
  const scores = (table: CaseTable): Scores =>
    of.estimand === 'ablation-effect'
      ? pairedDifference(table(of.model, of.arm, of.measure), table(of.model, 'full', of.measure))
      : table(of.model, of.arm, of.measure)
  const pairs = pairedDifference(scores(b), scores(a))
  const counted = (cases: Scores) => ({ nCases: cases.length, nImages: new Set(cases.map(({ image }) => image)).size })
  if (of.estimand === 'mean' || of.estimand === 'ablation-effect') return { ...meanNumbers(pairs, level), ...counted(pairs) }
  const flag = of.estimand === 'malignant-delta' ? 'malignant' : 'rare'
  const [flagged, other] = [pairs.filter((pair) => pair[flag] === true), pairs.filter((pair) => pair[flag] === false)]
  return { ...deltaNumbers(flagged, other, flag, level), ...counted([...flagged, ...other]) }
}

function withHolm(rows: readonly ComparedNumber[]): ComparedNumber[] {
  const family = ({ estimand, measure, arm, model }: ComparedNumber) => JSON.stringify([estimand, measure, arm, model === null])
  const adjusted = new Map<ComparedNumber, number | null>()
  for (const members of Map.groupBy(rows, family).values()) {
    const holm = adjustP(
      members.map(({ difference: { p } }) => p),
      'holm',
    )
    members.forEach((row, i) => {
      adjusted.set(row, holm[i] ?? null)
    })
  }
  return rows.map((row) => ({ ...row, difference: { ...row.difference, pHolm: adjusted.get(row) ?? null } }))
}
