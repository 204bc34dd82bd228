import { readFile } from 'node:fs/promises'
import { relative, resolve } from 'node:path'
import { Command, InvalidArgumentError } from 'commander'
import pLimit from 'p-limit'
import type { AssertionValueFunctionContext } from 'promptfoo'
import { z } from 'zod'
import { type ResultRow, readRows } from '../analysis/results.ts'
import { rowContent } from '../analysis/row-content.ts'
import { type Bank, loadBank } from '../cases/load.ts'
import { sha256Of } from '../cases/sha256.ts'
import { brokeOff } from '../cases/transcript.ts'
import { writeWhole } from '../cases/write-whole.ts'
import { createAsk, storeDir } from '../providers/ask.ts'
import { missingKeys } from '../providers/models/keys.ts'
import { replyStore } from '../providers/reply-store.ts'
import { runBatches } from './batch-run.ts'
import { jury } from './jury.ts'
import { JuryConfig } from './jury-config.ts'
import { isError, juryConfigIn, ResultsFile, rejudgedFile, rejudgedRow } from './rejudge.ts'
import { missingCalls } from './rejudge-batch.ts'

interface Options {
  readonly config?: string
  readonly jurors?: string
  readonly bank?: string
  readonly batch?: true
  readonly pollSeconds: number
  readonly concurrency: number
  readonly out: string
}

const command = new Command('rejudge')
  .description('another jury over saved conversations; no model under test is asked. Run again, it asks for nothing twice')
  .argument('<results>', 'promptfoo results file')
  .option('-c, --config <file>', 'promptfoo configuration with the jury')
  .option('--jurors <ids>', 'jurors instead, by comma, such as embedded-strict or anthropic:claude-haiku-4-5')
  .option('--bank <name>', 'bank of the run, where it is not the one that the results name')
  .option('--batch', 'have Anthropic’s and OpenAI’s jurors answer in batches, at half the price, within a day')
  .option('--poll-seconds <number>', 'time between two looks at a batch', positive, 60)
  .option('--concurrency <number>', 'conversations at once', count, 8)
  .option('-o, --out <file>', 'where to write', 'rejudged.json')
  .action(rejudge)

try {
  await command.parseAsync()
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error))
  process.exitCode = 1
}

async function rejudge(source: string, options: Options): Promise<void> {
  if (resolve(source) === resolve(options.out))
    throw new Error(`rejudge requires an --out that is not the results, got ${source}: its verdicts would be lost`)
  const text = await readFile(source, 'utf8')
  const rows = readRows(text, source)
  const file = ResultsFile.parse(JSON.parse(text))
  const raw = await rawConfig(options)
  const config = JuryConfig.safeParse(raw)
  if (!config.success) throw new Error(`the jury’s config:\n${z.prettifyError(config.error)}`)
  const missing = missingKeys(config.data.jurors.map(({ model }) => model.id))
  if (missing.length > 0) throw new Error(`rejudge requires keys in the environment: ${missing.join('; ')}`)
  const named = rows.flatMap(({ metadata }) => (typeof metadata?.bank === 'string' ? metadata.bank : []))
  const bankName = options.bank ?? named[0] ?? 'demo'
  const contents = requireBank(rows, await loadBank(bankName), source)
  if (options.batch) await inBatches(contents, await loadBank(bankName), config.data, raw, options)
  const limit = pLimit(options.concurrency)
  let judged = 0
  const done = await Promise.all(
    file.results.results.map((row, i) =>
      limit(async () => {
        const content = contents[i]
        if (isError(row) || content?.transcript == null) return row
        judged += 1
        return rejudgedRow(row, await jury('', contextOf(raw, bankName, content)), raw)
      }),
    ),
  )
  await writeWhole(options.out, `${JSON.stringify(rejudgedFile(file, done, raw, sha256Of(text)))}\n`)
  console.log(
    `${relative('', options.out)}: ${judged} of ${rows.length} conversations judged by ${config.data.jurors.map(({ id }) => id).join(', ')}`,
  )
  if (judged < rows.length) console.log(`${rows.length - judged} without a conversation are kept as they were`)
}

type Content = ReturnType<typeof rowContent>

async function rawConfig({ config, jurors }: Options): Promise<Record<string, unknown>> {
  if ((config === undefined) === (jurors === undefined))
    throw new Error('rejudge requires either --config or --jurors, got both or none')
  if (config !== undefined) return juryConfigIn(await readFile(config, 'utf8'), config)
  return { jurors: (jurors ?? '').split(',').map((id) => (id.startsWith('embedded-') ? id : { model: id })) }
}

function requireBank(rows: readonly ResultRow[], bank: Bank, source: string): Content[] {
  return rows.map((row, i) => {
    const content = rowContent(row, `${source} row ${i + 1}`)
    const { sha256 } = content.identity.bank
    if (sha256 === bank.sha256) return content
    throw new Error(
      `${source} row ${i + 1}: requires the bank that it was run on, sha256 ${sha256}, got ${bank.sha256} of ${bank.name}`,
    )
  })
}

/** What the assertion reads of promptfoo’s context. */
function contextOf(config: unknown, bank: string, { identity, transcript }: Content): AssertionValueFunctionContext {
  const context = { config, test: { metadata: { bank, imcbench: identity } }, providerResponse: { metadata: { transcript } } }
  return context as unknown as AssertionValueFunctionContext
}

async function inBatches(
  contents: readonly Content[],
  bank: Bank,
  config: JuryConfig,
  raw: Record<string, unknown>,
  options: Options,
) {
  const whole = contents.flatMap(({ transcript }) => (transcript === null || brokeOff(transcript.stop.reason) ? [] : transcript))
  const calls = await missingCalls(whole, bank, config, raw, createAsk(storeDir()))
  const store = replyStore(storeDir())
  const tell = (line: string) => console.error(line)
  await runBatches(calls, { stateFile: `${options.out}.batches.json`, store, pollSeconds: options.pollSeconds, tell })
}

function count(text: string): number {
  if (/^\d+$/.test(text) && Number(text) > 0) return Number(text)
  throw new InvalidArgumentError('requires a whole number from 1')
}

function positive(text: string): number {
  const value = Number(text)
  if (value > 0 && Number.isFinite(value)) return value
  throw new InvalidArgumentError('requires a number above 0')
}
