import { plainName } from '../names.ts'

type Child = Node | string | number | null

/**
 * An element with attributes and children. Strings become text nodes, never markup; null is left out. An attribute that is
 * `false` or null is left off, `true` stands without a value.
 */
export function element<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  attributes: Readonly<Record<string, string | number | boolean | null>>,
  ...children: readonly Child[]
): HTMLElementTagNameMap[Tag] {
  const made = document.createElement(tag)
  for (const [key, value] of Object.entries(attributes))
    if (value !== null && value !== false) made.setAttribute(key, value === true ? '' : String(value))
  made.append(...children.flatMap((child) => (child === null ? [] : [typeof child === 'number' ? String(child) : child])))
  return made
}

/** A name from outside, apart from the direction of the text around it. */
export function named(text: string): HTMLElement {
  return element('bdi', {}, plainName(text))
}

/** Text of several lines from outside, with every control and direction mark but line breaks and tabs made visible. */
export function visibleText(text: string): string {
  return text.replace(/[^\n\t]+/gu, (line) => plainName(line))
}

/** The element with this id. Throws when the page does not have it. */
export function byId(id: string): HTMLElement {
  const found = document.getElementById(id)
  if (found === null) throw new Error(`the page requires an element ${id}, got none`)
  return found
}

/** A select with its label; `choices` are value and words. */
export function chooser(label: string, choices: readonly (readonly [string, string])[], changed: (value: string) => void) {
  const select = element('select', {}, ...choices.map(([value, words]) => element('option', { value }, plainName(words))))
  select.addEventListener('change', () => changed(select.value))
  return { select, field: element('label', { class: 'field' }, label, select) }
}
