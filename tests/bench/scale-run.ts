import { readFileSync } from 'node:fs'
import { analyzeTable, DEFAULT_SETTINGS } from '../../analysis/analyze.ts'
import { readScores } from '../../analysis/scores-csv.ts'

// The whole analysis of the table in the file `argv[2]`, in this process. Prints one line of JSON.
const file = process.argv[2] as string
const started = performance.now()
const trials = readScores(readFileSync(file, 'utf8'), file)
const read = performance.now()
const { estimates } = analyzeTable(trials, 'made-up.csv', DEFAULT_SETTINGS)
const done = performance.now()
console.log(
  JSON.stringify({
    readSeconds: (read - started) / 1000,
    analyzeSeconds: (done - read) / 1000,
    cpuSeconds: process.cpuUsage().user / 1e6,
    peakMegabytes: process.resourceUsage().maxRSS / 1024,
    estimates: estimates.estimates.length,
  }),
)
