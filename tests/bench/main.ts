import { cpus } from 'node:os'
import { overhead } from './overhead.ts'

const PAIRS = 3
const runs = Array.from({ length: PAIRS }, overhead).toSorted((a, b) => a.millisecondsPerCell - b.millisecondsPerCell)
console.log(`Overhead above promptfoo, ${PAIRS} pairs of runs, ${cpus().length} × ${cpus()[0]?.model}, Node ${process.version}`)
for (const { doNothing, ours, millisecondsPerCell } of runs) {
  const ratio = (ours.seconds / doNothing.seconds).toFixed(1)
  console.log(
    `${ours.cells} cells: do-nothing ${doNothing.seconds.toFixed(1)} s, ${doNothing.peakMegabytes.toFixed(0)} MB · ours ${ours.seconds.toFixed(1)} s, ${ours.peakMegabytes.toFixed(0)} MB · ${millisecondsPerCell.toFixed(1)} ms a cell above it, ratio ${ratio}`,
  )
}
console.log(`median ${runs[Math.floor(PAIRS / 2)]?.millisecondsPerCell.toFixed(1)} ms a cell`)
