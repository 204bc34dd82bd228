import { spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { setTimeout as sleep } from 'node:timers/promises'
import { uniformInt } from 'pure-rand/distribution/uniformInt'
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus'
import { withoutCosts } from '../deploy/farm.ts'
import { ROOT, type RunFolder, runFolder, startPromptfoo } from '../pipeline/run-promptfoo.ts'
import { clinicianReply, verdictReply } from './held-trials.ts'
import { type Asked, startVendorPeer, type VendorPeer } from './vendor-peer.ts'

const [KILLS, SEED, DELAY_MS, CONCURRENCY] = [20, 20260628, 100, 8]
// Each conversation can be with its jury: three jurors on three dimensions.
const IN_FLIGHT = 9 * CONCURRENCY

const reply = (asked: Asked) => verdictReply(asked) ?? clinicianReply(asked)

/**
 * A run of the real promptfoo command on three hosted models whose vendors are a peer of this machine, killed at 20 random
 * points and started again with the same command: calls that the peer saw beside those that an undisturbed run needs, and
 * whether the estimates are the same to the byte. As lines to print.
 */
export async function* killLines(): AsyncGenerator<string> {
  const peer = await startVendorPeer(DELAY_MS, reply)
  const undisturbed = await runFolder()
  await toItsEnd(undisturbed, peer)
  const needed = peer.calls()
  const expected = estimatesOf(undisturbed)
  await peer.stop()
  yield `SIGKILL: demo bank × 3 hosted models × 2 arms through promptfoo, ${CONCURRENCY} at a time, every reply after ${DELAY_MS} ms; three hosted jurors`
  yield `undisturbed: ${needed} calls`

  const again = await startVendorPeer(DELAY_MS, reply)
  const folder = await runFolder()
  const lost: number[] = []
  for (const point of points(needed)) {
    const before = again.calls() - keptReplies(folder)
    const child = await start(folder, again)
    while (again.calls() < point + sum(lost) && child.exitCode === null) await sleep(2)
    const killed = child.kill('SIGKILL')
    await once(child, 'close')
    if (!killed) throw new Error(`kills requires a run that is still going at ${point} calls, got one that has ended`)
    // The peer has all that was sent; what is not in the store was in flight.
    lost.push(again.calls() - keptReplies(folder) - before)
  }
  await toItsEnd(folder, again)
  const total = again.calls()
  const most = needed + sum(lost)
  const same = withoutCosts(estimatesOf(folder)) === withoutCosts(expected)
  await again.stop()
  yield `killed ${lost.length} times (seed ${SEED}), calls in flight at each: ${lost.join(', ')} (at most ${IN_FLIGHT} can be)`
  yield `calls in all: ${total}, allowed ${most}: ${total <= most && Math.max(...lost) <= IN_FLIGHT ? 'met' : 'NOT met'}`
  yield `estimates.json the same to the byte, but for what calls cost: ${same ? 'met' : 'NOT met'}`
}

/** Random numbers of calls after which a run is killed, in rising order. */
function points(needed: number): number[] {
  const random = xoroshiro128plus(SEED)
  return Array.from({ length: KILLS }, () => uniformInt(random, 1, needed - 1)).toSorted((a, b) => a - b)
}

function start(folder: RunFolder, { url }: VendorPeer) {
  return startPromptfoo(folder, {
    file: 'promptfooconfig.yaml',
    config: (given) => ({
      ...given,
      prompts: (given.prompts as { readonly label: string }[]).filter(({ label }) => label === 'full' || label === 'no-image'),
      evaluateOptions: { maxConcurrency: CONCURRENCY },
    }),
    args: ['--filter-providers', '^(claude-sonnet-4-6|gpt-5\\.2|nova-pro)$'],
    env: {
      ...{ ANTHROPIC_API_KEY: 'none', OPENAI_API_KEY: 'none', AWS_ACCESS_KEY_ID: 'none', AWS_SECRET_ACCESS_KEY: 'none' },
      ...{ ANTHROPIC_BASE_URL: url, OPENAI_BASE_URL: `${url}/v1`, AWS_ENDPOINT_URL_BEDROCK_RUNTIME: url },
      IMCBENCH_BANK: 'demo',
    },
  })
}

async function toItsEnd(folder: RunFolder, peer: VendorPeer): Promise<void> {
  const child = await start(folder, peer)
  child.stdout?.resume()
  child.stderr?.resume()
  const [code] = await once(child, 'close')
  if (code !== 0) throw new Error(`kills requires a run that ends well, got exit code ${code}`)
}

function keptReplies({ store }: RunFolder): number {
  const file = join(store, 'replies.db')
  if (!existsSync(file)) return 0
  const database = new DatabaseSync(file, { timeout: 30_000 })
  const made = database.prepare("SELECT 1 FROM sqlite_master WHERE name = 'replies'").get() !== undefined
  // Embedded jurors are kept in the same store and make no call.
  const count = made
    ? database
        .prepare('SELECT reply FROM replies')
        .all()
        .filter(({ reply }) => isBilled(String(reply))).length
    : 0
  database.close()
  return count
}

function isBilled(reply: string): boolean {
  return (JSON.parse(reply) as { readonly usage: { readonly inputTokens: number | null } }).usage.inputTokens !== null
}

function estimatesOf({ dir }: RunFolder): string {
  const out = join(dir, 'analysis')
  const args = [join(ROOT, 'analysis/main.ts'), join(dir, 'results.json'), '--out', out, '--resamples', '1000']
  const done = spawnSync(process.execPath, args, { encoding: 'utf8' })
  if (done.status !== 0) throw new Error(`kills requires results that can be analysed, got\n${done.stderr}`)
  return readFileSync(join(out, 'estimates.json'), 'utf8')
}

function sum(values: readonly number[]): number {
  return values.reduce((all, value) => all + value, 0)
}
