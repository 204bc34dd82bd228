import { type Html, html } from './html.ts'
import { plainName } from './names.ts'

/** A name from outside, kept apart from the direction of the text around it. */
export function name(text: string): Html {
  return html`<bdi>${plainName(text)}</bdi>`
}
