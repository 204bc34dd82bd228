import { writeFileSync } from 'node:fs'

// Loaded by `node --import` into the process under measurement.
const file = process.env.BENCH_MEMORY_FILE
if (file !== undefined) process.on('exit', () => writeFileSync(file, String(process.resourceUsage().maxRSS * 1024)))
