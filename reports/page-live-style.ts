/** The style sheet of what only a script brings to life; hidden without one and on paper. */
export const liveStyle = `
.live-only, .moving { display: none; }
html.live .live-only { display: block; }
html.live button.live-only { display: inline; }
html.live .explorer .moving, figure.drawn .moving { display: block; }
html.live figure.drawn .still { display: none; }
figure .moving svg { display: block; width: 100%; min-width: 40rem; height: auto; }
.moving .mark-symbol path, .moving .mark-rule line, .moving .mark-rect path { cursor: pointer; }
.moving .vega-embed { display: block; color: #1b1b1b; }
.explorer .moving svg { width: auto; min-width: 0; }
.choices { display: flex; flex-wrap: wrap; gap: .6rem 1.25rem; align-items: end; margin: .75rem 0; }
fieldset { border: 1px solid var(--line); border-radius: .25rem; padding: .25rem .75rem .4rem; margin: 0; max-height: 11rem; overflow-y: auto; min-width: 0; max-width: 100%; }
legend { font-size: .875rem; color: var(--soft); padding: 0 .3rem; }
.tick { display: inline-flex; gap: .35rem; align-items: center; margin-right: 1rem; min-height: 1.75rem; max-width: 100%; }
.field { display: grid; gap: .15rem; font-size: .875rem; color: var(--soft); max-width: 100%; }
select, input[type=search], button { font: inherit; color: var(--ink); background: var(--paper); border: 1px solid var(--soft); border-radius: .25rem; padding: .3rem .6rem; max-width: 100%; min-height: 1.75rem; }
button { cursor: pointer; }
button:disabled, select:disabled { color: var(--soft); border-color: var(--line); cursor: default; }
button.trace, button.open { border: 0; background: none; padding: .1rem .2rem; color: var(--link); text-decoration: underline; text-align: left; min-height: 1.5rem; }
button.trace { font-size: .85em; font-style: normal; margin: -.3rem 0; }
button:focus-visible, select:focus-visible, input:focus-visible, summary:focus-visible, fieldset:focus-visible, [tabindex]:focus-visible { outline: 2px solid var(--link); outline-offset: 2px; }
html.live tr[data-arm] td.number:not(.none) { cursor: pointer; }
html.live tr[data-arm] td.number:hover { background: var(--shade); }
.pages { display: flex; flex-wrap: wrap; gap: .75rem; align-items: center; }
.trials { width: 100%; }
.trials td:nth-child(3) { white-space: nowrap; }
.trials button.open { margin: -.3rem 0; }
.stat td { white-space: nowrap; }
.stat td.long { white-space: normal; min-width: 16rem; }
.stat th[scope=row] { min-width: 8rem; }
.stat td bdi { overflow-wrap: normal; }
.stat thead th::first-letter { text-transform: none; }
.trials th:first-child { min-width: 12rem; }
.trials td:nth-child(2) { min-width: 9rem; }
.trials td:last-child { min-width: 9rem; }
.unseen { position: absolute; width: 1px; height: 1px; margin: -1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
details { margin: .4rem 0; }
summary { cursor: pointer; padding: .25rem 0; }
h3 { font-size: 1.05rem; margin: 1.75rem 0 .5rem; }
p.minor { font-size: .875rem; color: var(--soft); }
.tip { position: fixed; z-index: 10; max-width: min(24rem, 90vw); padding: .4rem .6rem; background: var(--paper); color: var(--ink); border: 1px solid var(--soft); border-radius: .25rem; box-shadow: 0 2px 8px #0004; font-size: .8125rem; pointer-events: none; }
.tip dl { margin: 0; grid-template-columns: auto minmax(0, 1fr); gap: .1rem .6rem; }
.tip dd { margin: 0; }
dialog { width: min(64rem, 100vw); max-width: 100vw; max-height: 96vh; padding: 0 1.25rem 1.5rem; overflow: auto; color: var(--ink); background: var(--paper); border: 1px solid var(--soft); border-radius: .35rem; }
dialog::backdrop { background: #0008; }
dialog .bar { position: sticky; top: 0; display: flex; gap: .5rem; padding: .75rem 0; background: var(--paper); border-bottom: 1px solid var(--line); z-index: 2; }
dialog .bar button:last-child { margin-left: auto; }
dialog h2 { border: 0; margin: .5rem 0 .25rem; padding: 0; }
.beside { display: grid; grid-template-columns: 16rem minmax(0, 1fr); gap: 1.25rem; align-items: start; }
.beside dl { margin: 0; font-size: .9rem; grid-template-columns: 8rem minmax(0, 1fr); }
.thumbnail { margin: 0; }
.thumbnail img { display: block; max-width: 100%; height: auto; border: 1px solid var(--line); }
.turns { list-style: none; padding: 0; margin: .5rem 0; max-width: none; }
.turn { margin: .6rem 0; padding: .5rem .8rem; border: 1px solid var(--line); border-radius: .35rem; }
.turn.clinician { margin-left: 2.5rem; background: var(--shade); }
.turn.patient { margin-right: 2.5rem; }
.turn p { max-width: none; margin: .2rem 0; }
.who { font-size: .8125rem; font-weight: bold; color: var(--soft); }
.said { white-space: pre-wrap; overflow-wrap: anywhere; }
mark { background: #ffe08a; color: #1b1b1b; border-radius: .15rem; }
mark sup { font-weight: bold; padding-left: .15em; }
.quoted { font-size: .92em; margin: .3rem 0; }
.quoted .minor { color: var(--warn-line); }
.unplaced { padding: .4rem .8rem; border-left: .3rem solid var(--warn-line); }
dialog td, dialog th { overflow-wrap: anywhere; min-width: 4rem; }
dialog td:last-child { min-width: 12rem; }
code { font-size: .8125rem; overflow-wrap: anywhere; }
@media (max-width: 40rem) { .beside { grid-template-columns: 1fr; } .beside dl { grid-template-columns: 1fr; } .turn.clinician { margin-left: .75rem; } .turn.patient { margin-right: .75rem; } dialog { padding: 0 .8rem 1rem; } }
@media print {
  html.live .live-only, html.live button.live-only, html.live figure.drawn .moving, .moving, #trials, dialog, .tip, button { display: none !important; }
  html.live figure.drawn .still { display: block; }
}
`
