import { clinicianReply } from '../bench/held-trials.ts'
import { startVendorPeer, type VendorPeer } from '../bench/vendor-peer.ts'
import { type Farm, newFarm } from './farm.ts'
import type { RedisServer } from './redis-server.ts'

/** What a farm of one hosted model is made of. */
export interface HostedFarm {
  readonly redis: RedisServer
  readonly peer: VendorPeer
  readonly repeats?: number
  /** Conversations at once in one worker. */
  readonly concurrency?: number
  readonly maxCostUsd?: number
  /** Limits of the model, such as `requestsPerMinute`. */
  readonly limits?: Readonly<Record<string, number>>
  readonly arms?: number
}

/** A peer that answers as a clinician of six replies. */
export function clinicianPeer(delayMs: number, tap?: (raw: string) => void): Promise<VendorPeer> {
  return startVendorPeer(delayMs, clinicianReply, tap)
}

/** The drawn demo bank with one hosted model, whose vendor is the peer, three arms and an embedded jury. */
export function hostedFarm({
  redis,
  peer,
  repeats = 1,
  concurrency = 4,
  maxCostUsd,
  limits,
  arms = 3,
}: HostedFarm): Promise<Farm> {
  const settings = limits === undefined ? {} : { settings: { limits } }
  const budget = maxCostUsd === undefined ? {} : { maxCostUsd }
  const config = { model: 'anthropic:claude-sonnet-4-6', ...settings, ...budget }
  return newFarm(
    'promptfooconfig.offline.yaml',
    (given) => ({
      ...given,
      extensions: [],
      providers: [{ 'file://providers/clinician.ts': { id: 'imcbench:claude-sonnet-4-6', label: 'claude-sonnet-4-6', config } }],
      prompts: (given.prompts as unknown[]).slice(0, arms),
      tests: [{ path: 'file://cases/tests.ts:generateTests', config: { bank: 'demo', repeats } }],
      evaluateOptions: { maxConcurrency: concurrency },
    }),
    { IMCBENCH_REDIS: redis.url, ANTHROPIC_API_KEY: 'none', ANTHROPIC_BASE_URL: peer.url },
  )
}
