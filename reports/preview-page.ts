import { html, trusted } from './html.ts'
import { pageStyle } from './page-style.ts'
import type { ArmPreview, NoPreview } from './preview.ts'
import { PREVIEW_NOTE, partsOf } from './preview-text.ts'

const STYLE = 'pre { white-space: pre-wrap; overflow-wrap: anywhere; font-size: .85rem; } img { max-width: 100%; height: auto; }'

/** A preview as one page that needs nothing else: the pictures as they were sent stand in it. It holds the case's truth. */
export function previewPage(caseId: string, arms: readonly (ArmPreview | NoPreview)[]): string {
  const page = html`<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${caseId}: what each party sees</title>
<style>${trusted(pageStyle)}${trusted(STYLE)}</style></head>
<body>
<h1>${caseId}: what each party sees</h1>
<p class="lead">${PREVIEW_NOTE}</p>
<nav aria-label="Arms"><ul>${arms.map(({ arm }) => html`<li><a href="#${arm}">${arm}</a></li>`)}</ul></nav>
<main>${arms.map(armSection)}</main>
</body>
</html>
`
  return page.markup
}

function armSection(one: ArmPreview | NoPreview) {
  if ('missing' in one) return html`<section id="${one.arm}"><h2>${one.arm}</h2><p>Cannot be held: ${one.missing}</p></section>`
  const pictures = one.images.map(
    ({ bytes, mime, width, height }) =>
      html`<img alt="The picture as sent to the clinician" width="${width}" height="${height}" src="data:${mime};base64,${Buffer.from(bytes).toString('base64')}">`,
  )
  return html`<section id="${one.arm}"><h2>${one.arm}</h2>${pictures}
${partsOf(one).map(({ title, text }) => html`<details open><summary>${title}</summary><pre>${text}</pre></details>`)}</section>`
}
