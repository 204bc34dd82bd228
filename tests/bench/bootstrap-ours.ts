import { readFileSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { bootstrapMeans, type Metric } from '../../analysis/mean-bootstrap.ts'
import { resampleChunks } from '../../analysis/resample.ts'

// BCa intervals of 24 means with our engine. One line on stdin is one run; argv: scores as JSON, resamples.
const [file, count] = process.argv.slice(2) as [string, string]
const scores = JSON.parse(readFileSync(file, 'utf8')) as number[][]
const metrics = (scores[0] ?? []).map((_, column): Metric => [scores.map((row) => [row[column] as number])])
const resamples = Number(count)

function run(seed: number): { milliseconds: number; ends: number[][] } {
  const started = performance.now()
  const answers = bootstrapMeans(metrics, resampleChunks([scores.length], resamples, seed), resamples, {
    level: 0.95,
    studentise: false,
  })
  const milliseconds = performance.now() - started
  return { milliseconds, ends: answers.map(({ bca }) => (bca.kind === 'none' ? [] : [bca.low, bca.high])) }
}

for (let seed = 1000; seed < 1005; seed++) run(seed)
console.log(JSON.stringify({ name: `ours, Node ${process.version}` }))
let seed = 0
for await (const _ of createInterface({ input: process.stdin })) console.log(JSON.stringify(run(seed++)))
