import { readFile } from 'node:fs/promises'
import { Command, InvalidArgumentError } from 'commander'
import { chosenBank, loadBank } from '../cases/load.ts'
import { planOf } from '../providers/plan.ts'
import { plannedConfig } from '../providers/plan-config.ts'
import prompt from '../providers/prompt.ts'
import { ASSUMED } from './expected-costs.ts'
import { ended } from './options.ts'
import { type Size, sizeOf } from './size.ts'

interface Options {
  readonly config: string
  readonly cases: number[]
  readonly repeats: number[]
  readonly workers: number[]
  readonly concurrency: number
  readonly replySeconds: number
  readonly requestsPerMinute?: number
  readonly tokensPerMinute?: number
}

const command = new Command('size')
  .description('cost and least time of a run by cases, repeats and workers under given rate limits; asks no model')
  .option('-c, --config <file>', 'promptfoo configuration: models, arms, jurors', 'promptfooconfig.yaml')
  .option('--cases <numbers>', 'cases, with commas; they are taken to be like those of the bank', numbers, [100, 500, 2000])
  .option('--repeats <numbers>', 'repeats, with commas', numbers, [1, 3])
  .option('--workers <numbers>', 'workers, with commas', numbers, [1, 4, 16])
  .option('--concurrency <number>', 'conversations at once in a worker', positive, 8)
  .option('--reply-seconds <number>', 'seconds that a model takes for a reply', positive, 5)
  .option('--requests-per-minute <number>', 'limit of every model', positive)
  .option('--tokens-per-minute <number>', 'limit of every model, tokens of requests', positive)

await ended(async () => {
  const { config: file, cases, repeats, workers, ...pace } = command.parse().opts<Options>()
  const config = plannedConfig(await readFile(file, 'utf8'), file)
  const bank = await loadBank(chosenBank(config.bank))
  const { models, arms, jurors } = config
  const rows = planOf({ models, arms, jurors, cases: bank.cases, repeats: 1, instructions: prompt() }, ASSUMED)
  const rounds = ASSUMED.replies + Math.min(1, jurors.length)
  const lines = cases.flatMap((count) =>
    repeats.flatMap((repeat) =>
      workers.map((many) => {
        const size = sizeOf(rows, (count * repeat) / bank.cases.length, { ...pace, workers: many, rounds })
        return cells(count, models.length, arms.length, repeat, many, size)
      }),
    ),
  )
  const head = ['cases', 'models', 'arms', 'repeats', 'workers', 'conversations', 'calls', 'USD', 'hours', 'bound by']
  console.log(
    `${file}: as ${bank.name}, ${bank.cases.length} cases; ${ASSUMED.replies} replies of ${pace.replySeconds} s a conversation`,
  )
  console.log(table([head, ...lines]))
  console.log('Least time: without the start of shards, faults and retries. Tokens and prices as npm run plan assumes them.')
})

function cells(cases: number, models: number, arms: number, repeats: number, workers: number, size: Size): string[] {
  const { conversations, calls, costUsd, seconds, bound } = size
  const [usd, hours] = [costUsd === null ? 'not known' : costUsd.toFixed(0), (seconds / 3600).toFixed(1)]
  return [
    ...[cases, models, arms, repeats, workers, conversations, calls].map((n) => Math.round(n).toLocaleString('en-US')),
    usd,
    hours,
    bound,
  ]
}

function table(lines: readonly (readonly string[])[]): string {
  const widths = (lines[0] ?? []).map((_, i) => Math.max(...lines.map((line) => line[i]?.length ?? 0)))
  const last = widths.length - 1
  return lines.map((line) => line.map((cell, i) => (i === last ? cell : cell.padStart(widths[i] ?? 0))).join('  ')).join('\n')
}

function numbers(text: string): number[] {
  return text.split(',').map((one) => {
    if (/^[1-9]\d{0,8}$/.test(one)) return Number(one)
    throw new InvalidArgumentError('requires whole numbers from 1, with commas between them')
  })
}

function positive(text: string): number {
  if (Number(text) > 0 && Number.isFinite(Number(text))) return Number(text)
  throw new InvalidArgumentError('requires a number above 0')
}
