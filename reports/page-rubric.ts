import type { Estimates } from '../analysis/estimate.ts'
import { RUBRIC, RUBRIC_SHA256 } from '../assertions/rubric.ts'
import { type Html, html } from './html.ts'

/**
 * The rubric by which the scores were given: question and five levels of each dimension, and the caps. A sentence in its place
 * when the scores were given by another version, or by a rubric that nobody told.
 */
export function rubricBlock({ rubric }: Pick<Estimates, 'rubric'>): Html {
  if (!rubric.includes(RUBRIC_SHA256.slice(0, 12)))
    return html`<p class="absent">The words of the rubric of these scores are not those of this version of the software, so they are not shown.</p>`
  return html`<details><summary>Rubric, version ${RUBRIC.version}: what each level asks for</summary>
${Object.entries(RUBRIC.dimensions).map(
  ([dimension, { question, levels }]) => html`<h3>${dimension}</h3>
<p>${question}</p>
<ol>${Object.values(levels).map((level) => html`<li>${level}</li>`)}</ol>
`,
)}<h3>caps</h3>
<ul>${Object.values(RUBRIC.caps).map((cap) => html`<li>${cap}</li>`)}</ul></details>`
}
