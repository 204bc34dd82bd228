import type { Config } from 'vega-lite'

/** Font of everything drawn or set: Arimo, or Arial and Helvetica, whose letters are as wide, where Arimo is not installed. */
export const fontFamily = 'Arimo, Arial, Helvetica, sans-serif'

/** Widths of a figure in points: one column of a two-column page (3.25 in), or its full width (6.75 in). */
export const figureWidth = { column: 234, full: 486 } as const

/** Which of the two widths a figure has. */
export type FigureSize = keyof typeof figureWidth

/** Type sizes in points at final size. */
export const typeSize = { label: 7, heading: 8 } as const

/** Height of a line of label text in points. */
export const lineHeight = typeSize.label + 1.5

/** Blank border of a figure in points. */
export const figurePadding = 3

/** Okabe and Ito's colours that stay apart for colour-blind readers (https://jfly.uni-koeln.de/color/), and two greys. */
export const colours = {
  blue: '#0072B2',
  vermilion: '#D55E00',
  green: '#009E73',
  black: '#000000',
  grey: '#595959',
  faint: '#E4E4E4',
} as const

/** Vega-Lite configuration shared by all figures: sizes in points, no figure title, thin grey lines, line breaks at `\n`. */
export const theme: Config = {
  background: '#FFFFFF',
  padding: figurePadding,
  font: fontFamily,
  lineBreak: '\n',
  aria: false,
  view: { stroke: null },
  text: { fontSize: typeSize.label, lineHeight, limit: 0 },
  axis: {
    labelFontSize: typeSize.label,
    labelLineHeight: lineHeight,
    labelColor: colours.black,
    labelLimit: 0,
    titleFontSize: typeSize.label,
    titleFontWeight: 'normal',
    titleColor: colours.black,
    titleLimit: 0,
    titleLineHeight: lineHeight,
    titlePadding: 4,
    gridColor: colours.faint,
    gridWidth: 0.5,
    domainColor: colours.grey,
    domainWidth: 0.5,
    tickColor: colours.grey,
    tickWidth: 0.5,
    tickSize: 3,
    translate: 0,
    tickRound: false,
    labelPadding: 2,
  },
  title: {
    aria: false,
    fontSize: typeSize.heading,
    fontWeight: 'bold',
    anchor: 'start',
    color: colours.black,
    limit: 0,
    offset: 4,
    subtitleFontSize: typeSize.label,
    subtitleColor: colours.grey,
  },
  legend: {
    labelFontSize: typeSize.label,
    labelLimit: 0,
    titleFontSize: typeSize.label,
    titleFontWeight: 'normal',
    symbolSize: 30,
    symbolStrokeWidth: 1,
    padding: 0,
    offset: 6,
  },
}
