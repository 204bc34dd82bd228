import type { OpenConversation } from './conversation-dialog.ts'
import { byId, chooser, element, named } from './dom.ts'
import type { PageData, TrialLine } from './page-data.ts'
import { inStratum, type Stratum } from './plain-means.ts'

/** What a number asks the list to show; null means all. */
export type TrialQuery = { model: string | null; arm: string | null; stratum?: Stratum | undefined }

/** Shows the trials behind a number and moves the reader there. */
export type ListTrials = (query: TrialQuery) => void

const PER_PAGE = 50

const KINDS = [
  ['all', 'all trials'],
  ['review', 'for human review'],
  ['missing', 'without a score'],
] as const

type Filter = { model: string; arm: string; stratum: Stratum; kind: string; words: string; order: string; page: number }

const NONE: Filter = { model: '', arm: '', stratum: 'all', kind: 'all', words: '', order: 'case', page: 0 }

/** The places of the trials that a filter lets through, in its order: by case as given, or by a measure, lowest first and missing last. */
export function filteredPlaces(data: Pick<PageData, 'trials' | 'measures'>, filter: Omit<Filter, 'page'>): number[] {
  const { model, arm, stratum, kind, order } = filter
  const words = filter.words.trim().toLowerCase()
  const places = data.trials.flatMap((trial, place) =>
    (model === '' || trial.model === model) &&
    (arm === '' || trial.arm === arm) &&
    inStratum(trial, stratum) &&
    (kind === 'all' || (kind === 'review' ? trial.review > 0 : trial.missing !== null || trial.scores.includes(null))) &&
    (words === '' || trial.caseId.toLowerCase().includes(words))
      ? [place]
      : [],
  )
  const by = data.measures.indexOf(order)
  if (by < 0) return places
  const key = (place: number) => data.trials[place]?.scores[by] ?? Number.POSITIVE_INFINITY
  return places.sort((a, b) => (key(a) === key(b) ? a - b : key(a) - key(b)))
}

/** Sets up the list of all trials with its filters, a page at a time; every case opens its conversation. */
export function trialList(data: PageData, open: OpenConversation): ListTrials {
  let filter: Filter = NONE
  const show = (change: Partial<Filter>) => {
    filter = { ...filter, page: 0, ...change }
    fill(data, filter, open, (page) => show({ page }))
  }
  const every = (what: string): [string, string] => ['', `all ${what}`]
  const models = chooser(
    'Model',
    [every('models'), ...data.models.map((id, i): [string, string] => [id, data.labels[i] ?? id])],
    (model) => show({ model }),
  )
  const arms = chooser('Arm', [every('arms'), ...data.arms.map(({ id, name }): [string, string] => [id, name])], (arm) =>
    show({ arm }),
  )
  const strata = chooser(
    'Stratum',
    (['all', 'malignant', 'not malignant', 'rare', 'not rare'] as const).map((id) => [id, id]),
    (stratum) => show({ stratum: stratum as Stratum }),
  )
  const kinds = chooser('Which', KINDS, (kind) => show({ kind }))
  const orders = chooser(
    'Order',
    [['case', 'by case'], ...data.measures.map((id): [string, string] => [id, `${id}, lowest first`])],
    (order) => show({ order }),
  )
  const words = element('input', { type: 'search', autocomplete: 'off' })
  words.addEventListener('input', () => show({ words: words.value }))
  byId('trial-filters').replaceChildren(
    ...[models, arms, strata, kinds, orders].map(({ field }) => field),
    element('label', { class: 'field' }, 'Case holds', words),
  )
  show({})
  return ({ model, arm, stratum }) => {
    models.select.value = model ?? ''
    arms.select.value = arm ?? ''
    strata.select.value = stratum ?? 'all'
    kinds.select.value = 'all'
    words.value = ''
    show({ ...NONE, model: model ?? '', arm: arm ?? '', stratum: stratum ?? 'all', order: filter.order })
    const title = byId('trials-title')
    title.setAttribute('tabindex', '-1')
    title.focus()
    title.scrollIntoView({ block: 'start' })
  }
}

function fill(data: PageData, filter: Filter, open: OpenConversation, turn: (page: number) => void): void {
  const places = filteredPlaces(data, filter)
  const pages = Math.max(1, Math.ceil(places.length / PER_PAGE))
  const from = filter.page * PER_PAGE
  const rows = places.slice(from, from + PER_PAGE).map((place, index) => row(data, place, () => open(places, from + index)))
  byId('trial-rows').replaceChildren(...rows)
  byId('trial-count').textContent =
    places.length === 0
      ? 'No trial fits.'
      : `${places.length} of ${data.trials.length} trials; ${from + 1} to ${from + rows.length} shown.`
  const step = (words: string, page: number, off: boolean) => {
    const button = element('button', { type: 'button', disabled: off }, words)
    button.addEventListener('click', () => {
      turn(page)
      byId('trial-count').focus()
    })
    return button
  }
  byId('trial-pages').replaceChildren(
    step('Previous page', filter.page - 1, filter.page === 0),
    element('span', {}, `Page ${filter.page + 1} of ${pages}`),
    step('Next page', filter.page + 1, filter.page + 1 >= pages),
  )
}

function row(data: PageData, place: number, opened: () => void): HTMLElement {
  const trial = data.trials[place] as TrialLine
  const button = element('button', { type: 'button', class: 'open' }, named(trial.caseId))
  button.addEventListener('click', opened)
  const arm = data.arms.find(({ id }) => id === trial.arm)?.name ?? trial.arm
  const notes = [
    ...(trial.missing === null ? [] : [trial.missing]),
    ...(trial.review === 0 ? [] : [`jurors differ by ${Number(trial.review.toFixed(2))}: for human review`]),
  ]
  const flags = [
    trial.malignant === true ? 'malignant' : trial.malignant === null ? 'malignancy unclear' : '',
    trial.rare === true ? 'rare' : '',
  ].filter((word) => word !== '')
  return element(
    'tr',
    {},
    element('th', { scope: 'row' }, button),
    element('td', {}, named(data.labels[data.models.indexOf(trial.model)] ?? trial.model)),
    element('td', {}, arm),
    element('td', { class: 'number' }, trial.repeat + 1),
    element('td', {}, flags.join(', ') || '–'),
    ...trial.scores.map((score) =>
      element('td', { class: score === null ? 'number none' : 'number' }, score?.toFixed(2) ?? 'none'),
    ),
    element('td', {}, named(notes.join('; ') || '–')),
  )
}
