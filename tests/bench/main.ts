import { cpus } from 'node:os'
import { overhead } from './overhead.ts'

const { doNothing, ours, millisecondsPerCell } = overhead()
const line = (name: string, { seconds, peakMegabytes, cells }: typeof ours) =>
  `${name.padEnd(22)} ${cells} cells  ${seconds.toFixed(1)} s  peak ${peakMegabytes.toFixed(0)} MB`
console.log(`Overhead above promptfoo, one run each, ${cpus().length} × ${cpus()[0]?.model}, Node ${process.version}`)
console.log(line('do-nothing provider', doNothing))
console.log(line('ours, embedded models', ours))
console.log(
  `overhead ${millisecondsPerCell.toFixed(1)} ms a cell, ratio of wall times ${(ours.seconds / doNothing.seconds).toFixed(1)}`,
)
