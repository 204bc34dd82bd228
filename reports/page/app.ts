import { type Choice, choiceBoxes } from './choice.ts'
import { conversationDialog } from './conversation-dialog.ts'
import { byId, element, named } from './dom.ts'
import { explorer } from './explorer.ts'
import { drawLive } from './live-figure.ts'
import { narrowed } from './narrowed.ts'
import type { PageData } from './page-data.ts'
import { readBlock } from './parts.ts'
import { type ListTrials, type TrialQuery, trialList } from './trial-list.ts'

function start(): void {
  const data = readBlock('page-data') as PageData
  const list = data.trials.length === 0 ? null : traced(data)
  let redraw: () => void = () => {}
  const choice = choiceBoxes(data, () => redraw())
  const figures = liveFigures(data, choice, list)
  const explored = explorer(data, choice, list)
  redraw = () => {
    explored()
    figures()
  }
  document.documentElement.classList.add('live')
  whenNear(byId('explorer-figure'), explored)
  document.addEventListener('pointerdown', () => {
    byId('numbers').hidden = true
  })
}

// The rows of the tables of estimates lead to their trials: by a button, and by a click on any of their numbers.
function traced(data: PageData): ListTrials {
  const open = conversationDialog(data)
  const list = trialList(data, open)
  for (const row of document.querySelectorAll<HTMLElement>('tr[data-arm]')) {
    const { model, arm } = row.dataset
    const query: TrialQuery = { model: model === undefined ? null : JSON.parse(model), arm: arm ?? null }
    const words = row.querySelector('th')?.textContent ?? ''
    const button = element(
      'button',
      { type: 'button', class: 'trace' },
      'trials',
      element('span', { class: 'unseen' }, ` of ${words}, arm ${arm}`),
    )
    button.addEventListener('click', () => list(query))
    row.querySelector('th')?.append(' ', button)
    for (const cell of row.querySelectorAll<HTMLElement>('td.number')) cell.addEventListener('click', () => list(query))
  }
  for (const button of document.querySelectorAll<HTMLElement>('button[data-trial]'))
    button.addEventListener('click', () => open([Number(button.dataset.trial)], 0))
  return list
}

// Figures are drawn when they come near the window, and again after the choice has changed.
function liveFigures(data: PageData, choice: Choice, list: ListTrials | null): () => void {
  const armOf = (name: string) => data.arms.find((arm) => arm.name === name || arm.id === name)?.id ?? name
  const keep = {
    model: (model: string) => choice.models.has(model) || !data.models.includes(model),
    arm: (arm: string) => choice.arms.has(armOf(arm)),
  }
  const seen = new Set<string>()
  const draw = (name: string) => {
    const figure = data.figures.find((one) => one.name === name)
    const place = document.getElementById(`live-${name}`)
    if (figure === undefined || place === null) return
    const spec = narrowed(figure.spec, keep) as object | null
    place.setAttribute('aria-label', figure.alt)
    if (spec === null) {
      place.replaceChildren(element('p', { class: 'absent' }, 'Nothing of this figure is among the models and arms shown.'))
      return
    }
    drawLive(place, spec, ({ model, arm }) => {
      if (list !== null && typeof model === 'string' && data.models.includes(model))
        list({ model, arm: typeof arm === 'string' ? armOf(arm) : null })
    }).then(
      () => place.closest('figure')?.classList.add('drawn'),
      (error: unknown) => place.replaceChildren(named(`The interactive figure could not be drawn: ${error}`)),
    )
  }
  for (const place of document.querySelectorAll<HTMLElement>('figure[data-figure]'))
    whenNear(place, () => {
      const name = place.dataset.figure ?? ''
      seen.add(name)
      draw(name)
    })
  return () => seen.forEach(draw)
}

// Vega stands behind this script in the file and is slow to load, so drawing waits for the whole file and for the reader.
function whenNear(place: HTMLElement, act: () => void): void {
  const watcher = new IntersectionObserver(
    ([entry]) => {
      if (entry?.isIntersecting !== true) return
      watcher.disconnect()
      act()
    },
    { rootMargin: '300px' },
  )
  const watch = () => watcher.observe(place)
  if (document.readyState === 'loading') document.addEventListener('DOMContentLoaded', watch)
  else watch()
}

start()
