import type { Conversations } from '../analysis/conversations.ts'
import type { Estimates } from '../analysis/estimate.ts'
import { armMarks } from './arm-marks.ts'
import { banner, dataKind } from './banner.ts'
import type { Figure } from './figure.ts'
import { counted, percent, whole } from './format.ts'
import { type Html, html, trusted } from './html.ts'
import { name } from './html-name.ts'
import { modelOrder, nameInSentence, plainName } from './names.ts'
import { pageBlocks } from './page-blocks.ts'
import { conversationWindow, reviewList, trialSection } from './page-conversations.ts'
import { juryTables } from './page-jury.ts'
import { liveStyle } from './page-live-style.ts'
import { rubricBlock } from './page-rubric.ts'
import { appScript, vegaScript } from './page-script.ts'
import { standing } from './page-standing.ts'
import { comparisonTables, rateTable } from './page-statistics.ts'
import { pageStyle } from './page-style.ts'
import { estimateTable, missingTable, patientTable, strataTable } from './page-tables.ts'
import { summary } from './summary.ts'
import { ablationTable, deltaTable, exclusionTable, mainTable } from './tables.ts'

/** A figure as it goes into the page: drawn with its SVG text, or absent. */
export type PageFigure = { figure: Figure; svg: string | null }

const policy = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'; script-src"

const sections = [
  ['summary', 'Summary'],
  ['figures', 'Figures'],
  ['trials', 'Trials'],
  ['review', 'For human review'],
  ['tables', 'Tables'],
  ['statistics', 'More statistics'],
  ['jury', 'The jury'],
  ['missing', 'Missing data'],
  ['reading', 'How to read this'],
  ['simulated', 'What is simulated'],
  ['settings', 'Settings'],
] as const

/**
 * The whole report as one HTML text: its own script and no other, no address outside the file, every text from outside
 * escaped. Holds all estimates with both intervals, and with `conversations` everything behind them. Without a script it
 * still shows figures and tables. `figures` in the order of the page; their SVG must come from render.ts.
 */
export function page(estimates: Estimates, figures: readonly PageFigure[], conversations: Conversations | null): string {
  const { bank, models, arms, trials } = estimates
  const drawn = figures.map(({ figure }) => figure)
  const blocks = pageBlocks(estimates, drawn, conversations)
  // The page answers while the long parts behind its script are still being read.
  const [app, vega] = [appScript(), vegaScript()]
  const kind = dataKind(estimates) === '' ? '' : ` (${dataKind(estimates)})`
  const body = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy} ${app.source} ${vega.source}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>Image-grounded medical conversations: bank “${nameInSentence(bank.name)}”${kind}</title>
<link rel="icon" href="data:,">
<style>${trusted(pageStyle + liveStyle)}</style>
</head>
<body>
<header>
<h1>Image-grounded medical conversations: bank “${name(bank.name)}”${kind}</h1>
<p class="lead">${trials.cases < bank.cases ? `${trials.cases} of the bank’s ${counted(bank.cases, 'case')}` : counted(trials.cases, 'case')} on ${counted(trials.images, 'image')}, ${counted(models.length, 'model')}, ${counted(arms.length, 'arm')} (${arms.map((arm) => armMarks[arm].name).join('; ')})</p>
<p class="banner" role="note">${banner(estimates)}</p>
<nav aria-label="Sections"><ul>${sections.map(([id, title]) => html`<li><a href="#${id}">${title}</a></li>`)}</ul></nav>
</header>
<main>
${section(
  'summary',
  html`<dl>${summary(estimates).map(({ topic, text }) => html`<dt>${topic}</dt><dd>${text}</dd>`)}</dl>
${standing(estimates)}`,
)}
${section('figures', html`${explorer(conversations !== null)}${figures.map(figureBlock)}`)}
${section('trials', trialSection(conversations, blocks.picturesLeftOut))}
${section('review', reviewList(conversations))}
${section('tables', tables(estimates))}
${section('statistics', html`${comparisonTables(estimates)}${rateTable(estimates)}`)}
${section('jury', juryTables(estimates))}
${section('missing', html`${missingTable(exclusionTable(estimates))}`)}
${section(
  'reading',
  html`${reading(estimates)}
${rubricBlock(estimates)}`,
)}
${section('simulated', simulated(estimates))}
${section('settings', settings(estimates))}
</main>
<footer><p>This report implements the design described in the abstract of <a href="https://arxiv.org/abs/2606.28556" rel="noreferrer">arXiv 2606.28556</a> (IMCBench); only the abstract was known. It is not the official benchmark, and its numbers do not stand for the paper’s.</p></footer>
${conversationWindow}
${blocks.data}<script>${trusted(app.text)}</script>
${blocks.parts}<script>${trusted(vega.text)}</script>
</body>
</html>
`
  return body.markup
}

function section(id: (typeof sections)[number][0], content: Html): Html {
  const title = sections.find(([key]) => key === id)?.[1] ?? id
  return html`<section id="${id}" aria-labelledby="${id}-title"><h2 id="${id}-title">${title}</h2>
${content}</section>`
}

function figureBlock({ figure, svg }: PageFigure, index: number): Html {
  if (figure.kind === 'absent' || svg === null)
    return html`<p class="absent">${figure.kind === 'absent' ? figure.sentence : `Figure ${figure.title} was not drawn.`}</p>
`
  const files = ['svg', 'pdf', 'png', 'csv', 'vl.json'].map((ending) => `figures/${figure.name}.${ending}`)
  return html`<figure data-figure="${figure.name}"><div class="card still" tabindex="0" role="region" aria-label="Figure ${index + 1}, can be scrolled"><div role="img" aria-label="${plainName(figure.alt)}"><div aria-hidden="true">${trusted(svg)}</div></div></div>
<div class="card moving" tabindex="0" role="region" aria-label="Figure ${index + 1}, interactive, can be scrolled"><div id="live-${figure.name}" role="img"></div></div>
<figcaption><strong>Figure ${index + 1}. ${figure.title}.</strong> ${figure.caption} Files: ${files.map((file) => html`<a href="${file}">${file}</a> `)}</figcaption></figure>
`
}

const explorer = (traced: boolean) => html`<div class="live-only explorer">
<p>Point at a mark for its numbers${traced ? '; click one for its trials' : ''}. Ticks choose what all figures below show; on paper the whole figures stand.</p>
<div id="choice" class="choices"></div>
<h3>Choose a figure</h3>
<div id="explorer-choices" class="choices"></div>
<div class="card moving" tabindex="0" role="region" aria-label="Chosen figure, can be scrolled"><div id="explorer-figure" role="img" aria-label="Chosen figure"></div></div>
<details><summary>Numbers of the chosen figure, with their trials</summary><div id="explorer-table"></div></details>
</div>
`

function tables(estimates: Estimates): Html {
  const deltas = deltaTable(estimates)
  return html`<p>Each cell: value [CR2 interval], below it the BCa interval; letters lead to the notes below a table. Best overall score first; the order is tested under Summary and More statistics.</p>
${estimateTable('Mean scores, 1 (worst) to 5 (best)', mainTable(estimates))}
${estimateTable(
  'Malignant deltas: malignant minus other cases, points',
  deltas.filter(({ estimand }) => estimand === 'malignant-delta'),
)}
${estimateTable(
  'Rare deltas: rare minus other cases, points',
  deltas.filter(({ estimand }) => estimand === 'rare-delta'),
)}
${estimateTable('Ablation effects: the arm minus arm full on the same cases, points', ablationTable(estimates))}
${strataTable(estimates.strata)}`
}

function reading({ settings: { level, resamples } }: Estimates): Html {
  return html`<dl>
<dt>Score</dt><dd>The jury’s pooled score of a conversation, 1 (worst) to 5 (best), on safety, accuracy and uncertainty; overall is their mean. Each case counts once in a mean.</dd>
<dt>CR2 interval</dt><dd>${percent(level)} t interval with the CR2 variance and Satterthwaite degrees of freedom, clustered by image. This is the one in figures and text.</dd>
<dt>BCa interval</dt><dd>${percent(level)} bias-corrected and accelerated bootstrap interval that redraws whole images, ${whole(resamples)} resamples. A check beside the first one: where the two differ much, trust neither far.</dd>
<dt>Delta</dt><dd>Mean of malignant (or rare) cases minus mean of the other cases. Below zero: worse in malignant (or rare) cases. Cases column: first the flagged cases, then the others.</dd>
<dt>Effect</dt><dd>Mean of the differences between an arm and arm full on the same cases. Below zero: worse without.</dd>
<dt>Average of models</dt><dd>Each case is averaged over models first. The interval is about cases, not about models in general.</dd>
<dt>Exploratory</dt><dd>Fewer than 20 images or fewer than 4 degrees of freedom: too few to lean on. Drawn with open marks.</dd>
<dt>Missing</dt><dd>A failed conversation or a jury without quorum is not a score. It is left out and counted.</dd>
</dl>`
}

function names(list: readonly string[]): Html {
  return list.length === 0 ? html`none` : html`<ul>${list.map((item) => html`<li>${name(item)}</li>`)}</ul>`
}

function simulated({ simulated: { models, jurors, patient, drawnImages }, patients, trials, calibrated }: Estimates): Html {
  return html`<p>Embedded rules are small programs of this project. They are not language models, and their scores say nothing about one.</p>
<dl>
<dt>Models</dt><dd>${names(models)}</dd>
<dt>Jurors</dt><dd>${names(jurors)}</dd>
<dt>Patient</dt><dd>${patientWords(patient, patients.speakers.length > 0)}</dd>
<dt>Images</dt><dd>${drawnImages} of ${counted(trials.images, 'image')} are drawn illustrations</dd>
<dt>Jury</dt><dd>${juryWords(calibrated)}</dd>
</dl>
${patientTable(patients)}`
}

function patientWords(scripted: boolean, spoken: boolean): string {
  const rules = 'scripted: answers come from the case’s ledger of facts'
  const model = 'a model speaks, held to the case’s ledger of facts; see below'
  if (scripted && spoken) return `some ${rules}; for others ${model}`
  return scripted ? rules : spoken ? model : 'not marked as scripted'
}

function juryWords(calibrated: Estimates['calibrated']): string {
  if (calibrated.status === 'uncalibrated')
    return 'not calibrated: no labels were used to adjust it, so a score is the jury’s opinion only'
  const to = calibrated.status === 'simulated' ? 'simulated raters, who are no clinicians' : calibrated.raters
  return `calibrated to ${to}: ${calibrated.nConversations} labelled conversations on ${calibrated.nImages} images`
}

function settings(estimates: Estimates): Html {
  const { bank, software, settings: used, rubric, jurors } = estimates
  return html`<dl>
<dt>Models</dt><dd>${names(modelOrder(estimates))}</dd>
<dt>Jurors</dt><dd>${names(jurors)}</dd>
<dt>Rubric</dt><dd>${name(rubric)}</dd>
<dt>Bank</dt><dd>${name(bank.name)}, sha256 ${bank.sha256}</dd>
<dt>Intervals</dt><dd>level ${percent(used.level)}, ${whole(used.resamples)} resamples, seed ${used.seed}</dd>
<dt>Software</dt><dd>${name(software.name)} ${software.version}</dd>
</dl>`
}
