import type { Conversations } from '../analysis/conversations.ts'
import { armMarks } from './arm-marks.ts'
import { counted } from './format.ts'
import { type Html, html } from './html.ts'
import { name } from './html-name.ts'

const ABSENT =
  'The conversations are not in this file: no conversations.json stood beside the estimates, or the scores come from a table.'

/** The list of trials as the script fills it, with what it says where there is no script or no conversation. */
export function trialSection(conversations: Conversations | null, picturesLeftOut: number): Html {
  if (conversations === null) return html`<p class="absent">${ABSENT}</p>`
  const left =
    picturesLeftOut === 0
      ? ''
      : ` ${counted(picturesLeftOut, 'small picture')} did not fit into this file; conversations.json holds them.`
  return html`<p>Every number of this page comes from these ${counted(conversations.trials.length, 'trial')}; a case opens its conversation.${left}</p>
<noscript><p class="absent">The list needs a script, which this browser does not run. conversations.json and trials.csv hold the same.</p></noscript>
<div class="live-only">
<div id="trial-filters" class="choices"></div>
<p id="trial-count" role="status" tabindex="-1"></p>
<div class="scroll" role="region" tabindex="0" aria-label="Trials"><table class="trials"><caption class="unseen">Trials</caption>
<thead><tr><th scope="col">Case</th><th scope="col">Model</th><th scope="col">Arm</th><th scope="col" class="number">Repeat</th><th scope="col">Strata</th><th scope="col" class="number">Overall</th><th scope="col" class="number">Safety</th><th scope="col" class="number">Accuracy</th><th scope="col" class="number">Uncertainty</th><th scope="col">Note</th></tr></thead>
<tbody id="trial-rows"></tbody></table></div>
<div id="trial-pages" class="pages" role="group" aria-label="Pages of the list"></div>
</div>`
}

const MOST = 200

/** Conversations on which jurors lie far apart, the widest first; on screen each opens. At most 200 are listed, the rest counted. */
export function reviewList(conversations: Conversations | null): Html {
  if (conversations === null) return html`<p class="absent">${ABSENT}</p>`
  const found = conversations.trials.flatMap((trial, place) => trial.review.map((one) => ({ ...one, trial, place })))
  if (found.length === 0) return html`<p>No conversation has jurors 2 points or more apart on a dimension.</p>`
  found.sort((a, b) => b.range - a.range || a.place - b.place)
  const caption = 'Conversations for a person to read'
  const conversationsNamed = new Set(found.map(({ place }) => place)).size
  return html`<p>In ${counted(conversationsNamed, 'conversation')} jurors are 2 points or more apart on a dimension, each juror with the mean of its repeats, before caps. A person should read them.${found.length > MOST ? ` The ${MOST} widest of ${found.length} stand here; the list of trials shows all.` : ''}</p>
<div class="scroll" role="region" tabindex="0" aria-label="${caption}"><table><caption>${caption}</caption>
<thead><tr><th scope="col">Case</th><th scope="col">Model</th><th scope="col">Arm</th><th scope="col" class="number">Repeat</th><th scope="col">Dimension</th><th scope="col" class="number">Apart by</th></tr></thead>
<tbody>${found.slice(0, MOST).map(
    ({ trial, dimension, range, place }) =>
      html`<tr><th scope="row">${name(trial.caseId)} <button type="button" class="trace live-only" data-trial="${place}">open<span class="unseen"> ${name(trial.caseId)}, ${dimension}</span></button></th><td>${name(trial.model)}</td><td>${armMarks[trial.arm].name}</td><td class="number">${trial.repeat + 1}</td><td>${dimension}</td><td class="number">${Number(range.toFixed(2))}</td></tr>
`,
  )}</tbody></table></div>`
}

/** The window that shows one conversation, and the box for the numbers of a mark; both empty until the script fills them. */
export const conversationWindow = html`<dialog id="conversation" aria-labelledby="conversation-title">
<div class="bar"><button type="button" id="conversation-back">Previous</button><button type="button" id="conversation-next">Next</button><button type="button" id="conversation-close">Close</button></div>
<div id="conversation-body"></div>
</dialog>
<div id="numbers" class="tip" aria-hidden="true" hidden></div>`
