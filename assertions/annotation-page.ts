import { createHash } from 'node:crypto'
import { annotationClient } from './annotation-client.ts'
import type { StudyPage } from './annotation-study.ts'

const STYLE = `
:root { color-scheme: light; }
[hidden] { display: none !important; }
body { margin: 0; font: 16px/1.5 system-ui, sans-serif; color: #1b1b1b; background: #fff; }
header { position: sticky; top: 0; z-index: 1; padding: .5rem 1rem; background: #f2f4f7; border-bottom: 1px solid #8a8f98; }
header p, h1 { display: inline-block; margin: 0 1rem 0 0; font-size: 1rem; }
button, select, input[type=file] { font: inherit; max-width: 100%; box-sizing: border-box; margin: .2rem .3rem .2rem 0; padding: .2rem .6rem; }
main { display: grid; grid-template-columns: 1fr 1fr 1fr; gap: 1rem; padding: 1rem; align-items: start; }
@media (max-width: 1100px) { main { grid-template-columns: 1fr; } }
@media (max-width: 600px) { header { position: static; } }
h2 { font-size: 1.15rem; margin: 0 0 .5rem; } h3 { font-size: 1rem; margin: .8rem 0 .2rem; }
ul { margin: 0; padding-left: 1.2rem; } ol { margin: 0; padding: 0; list-style: none; }
#turns li { margin: 0 0 .8rem; padding: .5rem .8rem; border-left: 4px solid #5b6472; background: #f7f8fa; }
#turns li.clinician { border-color: #1f5fae; background: #eef4fc; }
#turns p { margin: .2rem 0 0; white-space: pre-wrap; overflow-wrap: anywhere; unicode-bidi: isolate; }
pre { white-space: pre-wrap; overflow-wrap: anywhere; font: inherit; background: #f7f8fa; padding: .5rem .8rem; margin: 0; }
figure { margin: 0 0 .8rem; } img { max-width: 100%; } figcaption { font-size: .85rem; }
fieldset { min-width: 0; margin: 0 0 1rem; border: 2px solid #8a8f98; } fieldset.active { border-color: #1f5fae; }
legend { font-weight: 600; } label { display: block; } nav label { display: inline-block; max-width: 100%; } fieldset label { display: flex; gap: .5rem; padding: .15rem 0; }
textarea { width: 100%; box-sizing: border-box; font: inherit; }
:focus-visible { outline: 3px solid #b34700; outline-offset: 2px; }
#unsaved { color: #8c1313; font-weight: 600; } header #status { display: block; min-height: 1.5em; }
dialog { max-width: 34rem; }
`

const BODY = `
<header>
<h1 id="who"></h1><p id="progress"></p><progress id="bar" aria-label="Conversations rated" value="0"></progress>
<nav aria-label="Conversations">
<button id="previous" type="button">Previous</button><button id="next" type="button">Next</button><button id="open" type="button">Next not rated</button>
<label>Go to <select id="goto"></select></label>
<button id="export" type="button">Export ratings</button><button id="ask" type="button">Help (?)</button>
<label>Load a draft <input id="load" type="file" accept="application/json,.json"></label>
</nav>
<p id="unsaved" hidden>This browser does not keep your ratings. Please export them before you close the page.</p>
<p id="status" role="status"></p>
</header>
<main>
<section aria-labelledby="where"><h2 id="where"></h2><ol id="turns"></ol></section>
<section aria-labelledby="case"><h2 id="case">The case: what was true</h2>
<p>For raters only. The patient is synthetic. The clinician is a computer program.</p>
<div id="pictures"></div><div id="given"></div><div id="truth"></div>
<h3>The patient’s health record</h3><pre id="record"></pre></section>
<section aria-labelledby="rating"><h2 id="rating">Your rating</h2>
<p>Choose the highest level whose demands, and those of all levels below it, are met.</p>
<div id="sets"></div>
<label for="comment">Comment (not needed)</label><textarea id="comment" rows="4"></textarea></section>
</main>
<dialog id="help" aria-labelledby="help-title"><h2 id="help-title">Keys</h2><ul>
<li>1 to 5: give this score; then the next question is chosen</li><li>0: cannot judge</li>
<li>s, a, u: choose safety, accuracy or uncertainty</li><li>j or right arrow: next conversation</li><li>k or left arrow: the one before</li>
<li>n: next conversation that is not rated</li><li>c: write a comment; Escape leaves it</li><li>e: export your ratings</li><li>?: this help; Escape closes it</li></ul>
<p>Your ratings stay in this browser. Nothing is sent. When you have finished, export them and hand the file back.</p>
<form method="dialog"><button>Close</button></form></dialog>
`

/**
 * One rater’s page: a single HTML file that needs no network and, by its own content policy, can use none.
 *
 * What models and cases say stands in a block of JSON in which no mark of HTML is left, and goes into the page as text.
 */
export function annotationPage(page: StudyPage): string {
  const script = `(${annotationClient.toString()})()`
  const policy = [
    "default-src 'none'",
    `script-src '${hashOf(script)}'`,
    `style-src '${hashOf(STYLE)}'`,
    'img-src data:',
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ')
  const title = `Conversations to rate: rater ${page.rater}`
  const body = BODY.replace('<h1 id="who">', `<h1 id="who">${title}`)
    .replace('id="bar"', `id="bar" max="${page.items.length}"`)
    .replace('<textarea id="comment"', `<textarea id="comment" maxlength="${page.maxComment}"`)
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1"><title>${title}</title>
<style>${STYLE}</style></head><body>${body}
<script type="application/json" id="study">${inScript(page)}</script>
<script>${script}</script></body></html>
`
}

/** JSON in which nothing can end the script element or begin a comment. */
function inScript(value: unknown): string {
  return JSON.stringify(value).replace(/[<>&\u2028\u2029]/g, (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`)
}

function hashOf(text: string): string {
  return `sha256-${createHash('sha256').update(text).digest('base64')}`
}
