import { overhead } from './overhead.ts'

/** What the product costs above promptfoo with a provider and an assertion that do nothing, as lines to print. */
export async function* overheadLines(): AsyncGenerator<string> {
  yield 'Overhead above promptfoo, one run each'
  const { doNothing, ours, millisecondsPerCell } = overhead()
  const line = (name: string, { seconds, peakMegabytes, cells }: typeof ours) =>
    `${name.padEnd(22)} ${cells} cells  ${seconds.toFixed(1)} s  peak ${peakMegabytes.toFixed(0)} MB`
  yield line('do-nothing provider', doNothing)
  yield line('ours, embedded models', ours)
  yield `overhead ${millisecondsPerCell.toFixed(1)} ms a cell, ratio of wall times ${(ours.seconds / doNothing.seconds).toFixed(1)}`
}
