import { type EffectTest, testEffects } from '../analysis/effect-tests.ts'
import type { Estimate, Estimates, Measure } from '../analysis/estimate.ts'
import { armMarks } from './arm-marks.ts'
import { banner } from './banner.ts'
import { exploratoryMeaning } from './caption.ts'
import { averageLabel, rowLabels } from './figure.ts'
import { percent, span } from './format.ts'
import type { AbsentTable, Cell, PaperTable, RowGroup } from './paper-table.ts'
import { count, words } from './paper-table.ts'
import { SIGNIFICANCE, type Standing, standings } from './separable.ts'
import { type TableNotes, tableNotes } from './table-notes.ts'
import { ablationTable, deltaTable, type EstimateRow, mainTable } from './tables.ts'

type Words = { name: string; title: string; caption: string; groupBy: (row: EstimateRow) => string }
/** Whether a cell is bold and has a dagger. */
type Marking = (row: EstimateRow) => { bold: boolean; dagger: boolean }

/** Mean scores by arm and model. In arm full the best model of a column is bold where Holm separates it from all others. */
export function scoresPaperTable(estimates: Estimates): PaperTable | AbsentTable {
  const rows = mainTable(estimates)
  const standing = new Map<Measure, Map<string, Standing>>()
  for (const { measure } of rows) if (!standing.has(measure)) standing.set(measure, standings(estimates, measure))
  const marking: Marking = ({ measure, arm, model }) => {
    const found = model === null || arm !== 'full' ? undefined : standing.get(measure)?.get(model)
    return { bold: found?.best ?? false, dagger: found?.worse ?? false }
  }
  const kind: Words = {
    name: 'scores',
    title: 'Mean scores',
    caption: `Mean scores on the scale 1 to 5, by arm and model, ${interval(estimates, rows)}. Bold: in arm full, separated from every other model; †: separated from the best model of the column (both: pairs of models, p < ${SIGNIFICANCE} after Holm). Other arms are not tested for order.`,
    groupBy: ({ arm }) => `Arm ${armMarks[arm].name}`,
  }
  return estimateTable(estimates, rows, kind, marking)
}

/** Deltas of malignant and rare cases by model; a dagger where Holm separates one from zero. */
export function deltasPaperTable(estimates: Estimates): PaperTable | AbsentTable {
  const rows = deltaTable(estimates)
  const kind: Words = {
    name: 'deltas',
    title: 'Deltas between strata',
    caption: `Flagged minus other cases in points of the scale, arm full, by model, ${interval(estimates, rows)}; negative is worse. ${tested}`,
    groupBy: ({ estimand }) => (estimand === 'rare-delta' ? 'Rare minus not rare' : 'Malignant minus not malignant'),
  }
  return estimateTable(estimates, rows, kind, against(estimates))
}

/** Effects of leaving out the image or the record, by arm and model; a dagger where Holm separates one from zero. */
export function ablationsPaperTable(estimates: Estimates): PaperTable | AbsentTable {
  const rows = ablationTable(estimates)
  const kind: Words = {
    name: 'ablations',
    title: 'Ablation effects',
    caption: `Arm minus full on the same cases in points of the scale, by model, ${interval(estimates, rows)}; negative is worse. ${tested}`,
    groupBy: ({ arm }) => `Arm ${armMarks[arm].name} minus full`,
  }
  return estimateTable(estimates, rows, kind, against(estimates))
}

const tested = `†: differs from zero, p < ${SIGNIFICANCE} after Holm within the models of a group and column; the average is a family of its own.`

function interval({ settings }: Estimates, rows: readonly EstimateRow[]): string {
  if (rows.every(({ cr2Low }) => cr2Low === null)) return 'without intervals (the notes say why)'
  return `with ${percent(settings.level)} CR2 t intervals clustered by image`
}

function against(estimates: Estimates): Marking {
  const key = (of: Pick<EffectTest, 'estimand' | 'measure' | 'model' | 'arm'>) =>
    JSON.stringify([of.estimand, of.measure, of.model, of.arm])
  const p = new Map(testEffects(estimates.estimates).map((test) => [key(test), test.pHolm]))
  return (row) => ({ bold: false, dagger: row.flag === '' && (p.get(key(row)) ?? 1) < SIGNIFICANCE })
}

function estimateTable(
  estimates: Estimates,
  rows: readonly EstimateRow[],
  { name, title, caption, groupBy }: Words,
  marking: Marking,
): PaperTable | AbsentTable {
  const data = banner(estimates)
  if (rows.length === 0) return { kind: 'absent', name, title, sentence: `This run holds no estimate of it.`, data }
  const measures = [...new Set(rows.map(({ measure }) => measure))]
  const labels = rowLabels([...new Set(rows.map(({ model }) => model))])
  const notes = tableNotes(rows)
  const groups = [...Map.groupBy(rows, groupBy)].map(([heading, members]): RowGroup => {
    const byModel = [...Map.groupBy(members, ({ model }) => model)]
    return {
      heading,
      rows: byModel.map(([model, of]) => modelRow(labels.get(model) ?? averageLabel, of, measures, notes, marking)),
    }
  })
  return {
    kind: 'table',
    name,
    title,
    caption,
    columns: [
      { heading: 'Model', kind: 'text' },
      ...measures.map((measure) => ({ heading: measure, kind: 'estimate' as const })),
      { heading: 'Cases', kind: 'count' },
      { heading: 'Images', kind: 'count' },
    ],
    groups,
    notes: [
      ...(notes.allExploratory ? [{ mark: '', text: `All values of this table are ${exploratoryMeaning}` }] : []),
      ...[...notes.letters].map(([text, mark]) => ({ mark, text })),
    ],
    data,
  }
}

function modelRow(
  label: string,
  rows: readonly EstimateRow[],
  measures: readonly Measure[],
  notes: TableNotes,
  marking: Marking,
): RowGroup['rows'][number] {
  const valued = rows.filter(({ value }) => value !== null)
  const behind = valued.length > 0 ? valued : rows
  const found = measures.map((measure) => rows.find((row) => row.measure === measure))
  return {
    average: rows[0]?.model === null,
    cells: [
      words(label),
      ...found.map((row) => (row === undefined ? words('not in this run') : estimateCell(row, notes, marking))),
      count(span(behind.map(({ cases }) => cases))),
      count(span(behind.map(({ images }) => images))),
    ],
  }
}

function estimateCell(row: EstimateRow, { letters, allExploratory }: TableNotes, marking: Marking): Cell {
  const open = row.value !== null && row.flag !== '' && !allExploratory
  const texts = [...(open ? [exploratoryMeaning] : []), ...(row.reason === null ? [] : [row.reason])]
  return {
    kind: 'estimate',
    value: row.value,
    low: row.cr2High === null ? null : row.cr2Low,
    high: row.cr2Low === null ? null : row.cr2High,
    ...marking(row),
    marks: texts.flatMap((text) => letters.get(text) ?? []),
  }
}

/** The estimate of one thing, or undefined. `model` null is the average over models. */
export function findEstimate(
  { estimates }: Estimates,
  wanted: Pick<Estimate, 'estimand' | 'measure' | 'arm' | 'model'>,
): Estimate | undefined {
  return estimates.find(
    (one) =>
      one.estimand === wanted.estimand && one.measure === wanted.measure && one.arm === wanted.arm && one.model === wanted.model,
  )
}
