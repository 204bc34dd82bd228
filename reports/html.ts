/** Markup that is safe to put into a page as it is. Made only by {@link html} and {@link trusted}. */
export type Html = { readonly markup: string }

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' }

function part(value: Html | string | number | readonly Html[]): string {
  if (typeof value === 'number') return String(value)
  if (typeof value === 'string') return escapeMarkup(value)
  return 'markup' in value ? value.markup : value.map(({ markup }) => markup).join('')
}

/** Text as it stands in HTML and SVG, in an element or between quotes of an attribute. */
export function escapeMarkup(text: string): string {
  return text.replace(/[&<>"']/gu, (character) => entities[character] ?? character)
}

/** A template whose every value is escaped unless it is Html itself; lists of Html are joined. */
export function html(strings: TemplateStringsArray, ...values: readonly (Html | string | number | readonly Html[])[]): Html {
  return { markup: strings.map((text, index) => (index === 0 ? text : part(values[index - 1] ?? '') + text)).join('') }
}

/** Markup of our own making taken as it is: a rendered SVG, the style sheet. Never for text from outside. */
export function trusted(markup: string): Html {
  return { markup }
}
