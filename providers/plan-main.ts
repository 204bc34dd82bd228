import { readFile } from 'node:fs/promises'
import { Command, InvalidArgumentError } from 'commander'
import { chosenBank, loadBank } from '../cases/load.ts'
import { planOf } from './plan.ts'
import { plannedConfig } from './plan-config.ts'
import { planText } from './plan-text.ts'
import prompt from './prompt.ts'

interface Options {
  readonly config: string
  readonly bank?: string
  readonly filterProviders?: string
  readonly replies: number
  readonly replyTokens: number
  readonly patientTokens: number
  readonly reasoningTokens: number
  readonly jurorTokens: number
}

const command = new Command('plan')
  .description('calls, tokens and cost of a run before it is made; asks no model and needs neither keys nor images')
  .option('-c, --config <file>', 'promptfoo configuration', 'promptfooconfig.yaml')
  .option('--bank <name>', 'demo, bank or a folder of cases, in place of the configuration’s')
  .option('--filter-providers <regex>', 'only models whose label or id fits')
  .option('--replies <number>', 'replies of the clinician in a conversation', whole, 6)
  .option('--reply-tokens <number>', 'tokens of one reply', whole, 200)
  .option('--patient-tokens <number>', 'tokens of one answer of the patient', whole, 40)
  .option('--juror-tokens <number>', 'tokens of one verdict', whole, 250)
  .option('--reasoning-tokens <number>', 'tokens of reasoning in one reply, for models that reason', whole, 500)

try {
  await plan(command.parse().opts<Options>())
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error))
  process.exitCode = 1
}

async function plan({ config: file, bank: named, filterProviders, ...assumed }: Options): Promise<void> {
  const config = plannedConfig(await readFile(file, 'utf8'), file, filterProviders)
  const bank = await loadBank(named ?? chosenBank(config.bank))
  const { models, jurors, arms, repeats } = config
  const rows = planOf({ models, jurors, arms, repeats, cases: bank.cases, instructions: prompt() }, assumed)
  const about = `${file}: bank ${bank.name}, ${bank.cases.length} cases × ${arms.length} arms (${arms.join(', ')}) × ${models.length} models, repeats ${repeats}`
  console.log(planText(rows, { about, assumed }))
}

function whole(text: string): number {
  if (/^\d+$/.test(text) && Number(text) > 0) return Number(text)
  throw new InvalidArgumentError('requires a whole number from 1')
}
