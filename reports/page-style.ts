import { fontFamily } from './theme.ts'

/** The style sheet of the page: one column, light and dark by the reader's setting, figures on a light card, fit for print. */
export const pageStyle = `
:root { color-scheme: light dark; --ink: #1b1b1b; --soft: #595959; --line: #d9d9d9; --paper: #ffffff; --shade: #f5f6f7; --link: #00558b;
  --warn-paper: #fff4d6; --warn-line: #b87700; --warn-ink: #3d2a00; }
@media (prefers-color-scheme: dark) { :root { --ink: #e8e8e8; --soft: #b0b4b8; --line: #3c4043; --paper: #16181a; --shade: #202326; --link: #7cc0f0;
  --warn-paper: #33270a; --warn-line: #d99a1c; --warn-ink: #ffe7b3; } }
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; }
body { margin: 0 auto; padding: 2rem 1.25rem 4rem; max-width: 60rem; background: var(--paper); color: var(--ink); font: 1rem/1.5 ${fontFamily}; }
h1 { font-size: 1.6rem; line-height: 1.2; margin: 0 0 .35rem; }
h2 { font-size: 1.2rem; line-height: 1.3; margin: 2.75rem 0 .75rem; padding-top: .6rem; border-top: 1px solid var(--line); }
p, ul { margin: .5rem 0; max-width: 46rem; }
a { color: var(--link); }
bdi { overflow-wrap: anywhere; }
.lead { color: var(--soft); margin: 0 0 1rem; }
.banner { margin: 1rem 0; padding: .75rem 1rem; max-width: none; background: var(--warn-paper); color: var(--warn-ink); border: 1px solid var(--warn-line); border-left-width: .4rem; border-radius: .25rem; overflow-wrap: anywhere; }
nav ul { list-style: none; padding: 0; display: flex; flex-wrap: wrap; gap: .25rem 1.25rem; margin: 1rem 0 0; }
dl { display: grid; grid-template-columns: 10rem minmax(0, 1fr); gap: .5rem 1.25rem; margin: .75rem 0; }
dt { font-weight: bold; }
dd { margin: 0; overflow-wrap: anywhere; }
dd ul { margin: 0; padding: 0; list-style: none; }
figure { margin: 1.75rem 0 2.25rem; }
.card { background: #ffffff; border: 1px solid var(--line); border-radius: .25rem; padding: .6rem; overflow-x: auto; }
.card svg { display: block; width: 100%; min-width: 40rem; height: auto; }
figcaption { margin-top: .6rem; font-size: .9rem; color: var(--soft); max-width: 54rem; }
figcaption strong { color: var(--ink); }
.scroll { position: relative; overflow-x: auto; margin: 1.25rem 0 1.75rem; }
.scroll:focus-visible, .card:focus-visible, a:focus-visible { outline: 2px solid var(--link); outline-offset: 2px; }
table { border-collapse: collapse; font-size: .875rem; line-height: 1.35; font-variant-numeric: tabular-nums; border-top: 2px solid var(--ink); border-bottom: 2px solid var(--ink); }
.estimates { table-layout: fixed; width: 100%; min-width: 51.5rem; }
.estimates .measure { width: 9.25rem; }
.estimates .cases { width: 4.75rem; }
.estimates .images { width: 4rem; }
.strata .number { min-width: 6rem; }
caption { text-align: left; font-weight: bold; font-size: .95rem; padding-bottom: .5rem; }
th, td { padding: .35rem .7rem .35rem 0; text-align: left; vertical-align: top; }
th:last-child, td:last-child { padding-right: 0; }
thead > tr > * { border-bottom: 1px solid var(--ink); vertical-align: bottom; white-space: nowrap; }
thead th::first-letter { text-transform: uppercase; }
tbody th { font-weight: normal; }
tbody tr + tr > * { border-top: 1px solid var(--line); }
tbody .group th { font-weight: bold; background: var(--shade); padding-left: .4rem; }
tbody tr.average > * { border-top: 1px solid var(--soft); }
tbody tr.average th { font-style: italic; }
th.number, td.number { text-align: right; white-space: nowrap; }
.cases-left { white-space: normal; }
td.none { color: var(--soft); font-style: italic; }
.minor { display: block; font-size: .92em; color: var(--soft); }
.number sup { position: absolute; padding-left: .1em; color: var(--soft); font-style: normal; }
sup { font-size: .75em; line-height: 1.2; }
.scroll:has(+ .notes) { margin-bottom: .5rem; }
.notes { list-style: none; padding: 0; margin: .5rem 0 2rem; max-width: none; font-size: .875rem; color: var(--soft); }
.absent { color: var(--soft); font-style: italic; }
footer { margin-top: 3rem; padding-top: .75rem; border-top: 1px solid var(--line); font-size: .875rem; color: var(--soft); }
@media (max-width: 40rem) { body { padding: 1.25rem .9rem 3rem; } dl { grid-template-columns: 1fr; gap: 0; } dd { margin-bottom: .75rem; }
  caption { max-width: calc(100vw - 1.8rem); }
  tbody tr:not(.group) > th { min-width: 7rem; }
  .estimates tr:not(.group) > th:first-child { position: sticky; left: 0; z-index: 1; background: var(--paper); } }
@media print {
  :root { --ink: #000; --soft: #444; --line: #bbb; --paper: #fff; --shade: #f2f2f2; --link: #000; --warn-paper: #fff; --warn-line: #000; --warn-ink: #000; }
  @page { margin: 15mm; }
  html { font-size: 9.5pt; }
  body { max-width: none; padding: 0; }
  nav { display: none; }
  table { font-size: 7.5pt; }
  th, td { padding-right: 6pt; }
  .estimates { min-width: 0; }
  .notes { font-size: 7.5pt; }
  figure, tr, dl > * { break-inside: avoid; }
  h2, caption { break-after: avoid; }
  thead { display: table-header-group; }
  .card { border: 0; padding: 0; overflow: visible; }
  .card svg { min-width: 0; width: 486pt; max-width: 100%; }
  .scroll { overflow: visible; }
}
`
