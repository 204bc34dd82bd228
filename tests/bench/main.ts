import { cpus } from 'node:os'
import { bootstrapLines } from './bootstrap.ts'
import { cacheLines } from './cache.ts'
import { calibrationLines } from './calibration.ts'
import { criticalPathLines } from './critical-path.ts'
import { farmLines } from './farm.ts'
import { figureLines } from './figures.ts'
import { killLines } from './kills.ts'
import { overheadLines } from './overhead-lines.ts'
import { pageLines } from './page.ts'
import { scaleLines } from './scale.ts'

const BENCHES: Record<string, () => AsyncGenerator<string>> = {
  overhead: overheadLines,
  bootstrap: bootstrapLines,
  calibration: calibrationLines,
  scale: scaleLines,
  cache: cacheLines,
  'critical-path': criticalPathLines,
  kills: killLines,
  page: pageLines,
  figures: figureLines,
  farm: farmLines,
}

// `node tests/bench/main.ts bootstrap scale` runs these two; without a name, all.
const asked = process.argv.slice(2)
const unknown = asked.filter((name) => !(name in BENCHES))
if (unknown.length > 0)
  throw new Error(`bench requires names among ${Object.keys(BENCHES).join(', ')}, got ${unknown.join(', ')}`)

console.log(`${cpus().length} × ${cpus()[0]?.model}, Node ${process.version}`)
for (const [name, lines] of Object.entries(BENCHES)) {
  if (asked.length > 0 && !asked.includes(name)) continue
  console.log('')
  for await (const line of lines()) console.log(line)
}
