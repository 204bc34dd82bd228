import type { Choice } from './choice.ts'
import { byId, chooser, element, named } from './dom.ts'
import { explorerSpec } from './explorer-spec.ts'
import { plainTable } from './judgements.ts'
import { drawLive } from './live-figure.ts'
import type { PageData, ShownNumber } from './page-data.ts'
import { plainMeans, type Stratum } from './plain-means.ts'
import type { ListTrials } from './trial-list.ts'

const ESTIMANDS = [
  ['mean', 'Mean score, 1–5'],
  ['malignant-delta', 'Delta of malignant cases, points'],
  ['rare-delta', 'Delta of rare cases, points'],
  ['ablation-effect', 'Effect of the arm against full, points'],
] as const
const STRATA: readonly Stratum[] = ['all', 'malignant', 'not malignant', 'rare', 'not rare']

const AVERAGE = 'Average of models'

/** Sets up the figure whose content the reader chooses; gives a function that draws it anew. */
export function explorer(data: PageData, choice: Choice, list: ListTrials | null): () => void {
  const wanted = { scoring: 0, estimand: 'mean', measure: data.measures[0] ?? '', stratum: 'all' as Stratum }
  const draw = () => void drawExplored(data, choice, wanted, list)
  const set = (change: Partial<typeof wanted>) => {
    Object.assign(wanted, change)
    strata.select.disabled = wanted.estimand !== 'mean' || wanted.scoring !== 0
    if (strata.select.disabled) {
      wanted.stratum = 'all'
      strata.select.value = 'all'
    }
    draw()
  }
  const found = ESTIMANDS.filter(([id]) => data.scorings[0]?.numbers.some(({ estimand }) => estimand === id))
  const estimands = chooser('Shown', found, (estimand) => set({ estimand }))
  const measures = chooser(
    'Measure',
    data.measures.map((measure) => [measure, measure]),
    (measure) => set({ measure }),
  )
  const scorings = chooser(
    'Scores',
    data.scorings.map(({ name }, index) => [String(index), name]),
    (index) => set({ scoring: Number(index) }),
  )
  const strata = chooser(
    'Stratum',
    STRATA.map((stratum) => [stratum, stratum]),
    (stratum) => set({ stratum: stratum as Stratum }),
  )
  byId('explorer-choices').replaceChildren(
    ...[estimands, measures, ...(data.scorings.length > 1 ? [scorings] : []), ...(data.trials.length > 0 ? [strata] : [])].map(
      ({ field }) => field,
    ),
  )
  return draw
}

type Wanted = { scoring: number; estimand: string; measure: string; stratum: Stratum }

function numbersFor(data: PageData, choice: Choice, { scoring, estimand, measure, stratum }: Wanted): ShownNumber[] {
  const all =
    stratum === 'all'
      ? (data.scorings[scoring]?.numbers ?? []).filter((one) => one.estimand === estimand && one.measure === measure)
      : plainMeans(data.trials, measure, data.measures.indexOf(measure), stratum)
  const places = [...data.models, null]
  return all
    .filter(({ model, arm }) => (model === null || choice.models.has(model)) && choice.arms.has(arm))
    .sort((a, b) => places.indexOf(a.model) - places.indexOf(b.model))
}

async function drawExplored(data: PageData, choice: Choice, wanted: Wanted, list: ListTrials | null): Promise<void> {
  const numbers = numbersFor(data, choice, wanted)
  const arms = data.arms.filter(({ id }) => numbers.some(({ arm, value }) => arm === id && value !== null))
  const what = `${ESTIMANDS.find(([id]) => id === wanted.estimand)?.[1]}: ${wanted.measure}`
  const title = wanted.stratum === 'all' ? what : `${what}, ${wanted.stratum} cases (plain means, no intervals)`
  const figure = byId('explorer-figure')
  byId('explorer-table').replaceChildren(numberTable(title, numbers, data, wanted, list))
  if (!numbers.some(({ value }) => value !== null)) {
    figure.replaceChildren(element('p', { class: 'absent' }, 'There is nothing to draw: no number of this choice.'))
    return
  }
  figure.setAttribute('aria-label', `${title}. The table below holds the same numbers. ${data.banner}`)
  const labels = new Map<string | null, string>(
    [...data.models, null].map((model, place) => [model, data.labels[place] ?? AVERAGE]),
  )
  const width = Math.max(280, figure.clientWidth - 30)
  await drawLive(
    figure,
    explorerSpec({ numbers, arms, labels, title, banner: data.banner, width, zero: wanted.estimand !== 'mean' }),
    ({ model, armId }) =>
      list?.({
        model: typeof model === 'string' ? model : null,
        arm: typeof armId === 'string' ? armId : null,
        stratum: wanted.stratum,
      }),
  )
}

function numberTable(
  title: string,
  numbers: readonly ShownNumber[],
  data: PageData,
  wanted: Wanted,
  list: ListTrials | null,
): HTMLElement {
  const two = (value: number | null) => value?.toFixed(2).replace('-', '−') ?? '–'
  const rows = numbers.map((one) => {
    const arm = data.arms.find(({ id }) => id === one.arm)?.name ?? one.arm
    const button = element(
      'button',
      { type: 'button', class: 'trace' },
      'trials',
      element('span', { class: 'unseen' }, ` of ${one.model ?? AVERAGE}, arm ${arm}`),
    )
    button.addEventListener('click', () => list?.({ model: one.model, arm: one.arm, stratum: wanted.stratum }))
    return [
      one.model === null ? AVERAGE : named(one.model),
      arm,
      one.value === null ? `no estimate: ${one.reason ?? 'no reason given'}` : two(one.value),
      one.low === null ? '–' : `[${two(one.low)}, ${two(one.high)}]`,
      String(one.cases),
      String(one.images),
      ...(list === null ? [] : [button]),
    ]
  })
  return plainTable(
    `Numbers of the figure above. ${title}`,
    ['Model', 'Arm', 'Value', 'Interval', 'Cases', 'Images', ...(list === null ? [] : ['Trials'])],
    rows,
  )
}
