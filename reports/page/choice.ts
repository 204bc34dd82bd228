import { byId, element, named } from './dom.ts'
import type { PageData } from './page-data.ts'

/** Which models and arms the reader wants to see; shared by all interactive figures. */
export type Choice = { models: Set<string>; arms: Set<string> }

/** The boxes to tick for models and arms. `changed` runs after every change; at least one of each stays ticked. */
export function choiceBoxes(data: PageData, changed: () => void): Choice {
  const choice = { models: new Set(data.models), arms: new Set(data.arms.map(({ id }) => id)) }
  const boxes = (title: string, kept: Set<string>, items: readonly { id: string; words: Node }[]) => {
    const rows = items.map(({ id, words }) => {
      const box = element('input', { type: 'checkbox', checked: true })
      box.addEventListener('change', () => {
        if (box.checked) kept.add(id)
        else if (kept.size > 1) kept.delete(id)
        box.checked = kept.has(id)
        changed()
      })
      return element('label', { class: 'tick' }, box, words)
    })
    return element('fieldset', {}, element('legend', {}, title), ...rows)
  }
  byId('choice').replaceChildren(
    boxes(
      'Models shown',
      choice.models,
      data.models.map((id) => ({ id, words: named(id) })),
    ),
    boxes(
      'Arms shown',
      choice.arms,
      data.arms.map(({ id, name }) => ({ id, words: named(name) })),
    ),
  )
  return choice
}
