import type { Effort, Settings } from './settings.ts'

/** Who answers: three vendors, or any server that speaks OpenAI’s chat completions. */
export type Vendor = 'anthropic' | 'openai' | 'bedrock' | 'compatible'

/** What a vendor accepts as images: bytes of one file (before base64), pixels of the longer side, images in one request. */
export interface ImageLimits {
  readonly maxBytes: number
  readonly maxSide: number
  readonly maxCount: number
}

/** What one model takes, as data. Sources: the vendors’ documentation as read in October 2026; none was tried with a key. */
export interface Capabilities {
  /** `reasoning-off`: only while no reasoning is asked for; `effort-none`: only beside an explicit effort of none. */
  readonly temperature: 'always' | 'never' | 'reasoning-off' | 'effort-none'
  /** The efforts it takes; empty when it has no such setting. */
  readonly efforts: readonly Effort[]
  /** How reasoning is asked for: Claude’s adaptive thinking, Claude’s token budget, or a plain word. */
  readonly reasoning: 'adaptive' | 'budget' | 'word'
  /** How a reply of JSON is got: the vendor’s own form, a tool that must be called, or a tool that is offered. */
  readonly schema: 'native' | 'forced-tool' | 'offered-tool'
  /** How the prompt cache is used: marked blocks, marks that may follow text only, a key, or nothing to send. */
  readonly cache: 'marks' | 'marks-after-text' | 'key' | 'none'
  readonly flex: boolean
  readonly images: ImageLimits
  /** Tokens of prompt and reply together; null when not known. */
  readonly contextTokens: number | null
  /** Most tokens of a reply when the settings do not say; null leaves it to the vendor. */
  readonly replyTokens: number | null
}

const MB = 1_000_000
const REASONING: readonly Effort[] = ['none', 'low', 'medium', 'high']

// 5 MB of base64 are 3.75 MB of bytes; beyond 20 images Anthropic allows 2000 px only, so 20 is the limit here.
const CLAUDE = {
  temperature: 'never',
  efforts: [],
  reasoning: 'adaptive',
  schema: 'native',
  cache: 'marks',
  flex: false,
  images: { maxBytes: 3.75 * MB, maxSide: 8000, maxCount: 20 },
  contextTokens: 200_000,
  replyTokens: 16_000,
} as const satisfies Capabilities
const CLAUDE_4_6 = { ...CLAUDE, efforts: REASONING, contextTokens: 1_000_000 } as const
const CLAUDE_4_5 = { ...CLAUDE, efforts: REASONING, reasoning: 'budget' } as const
const GPT = {
  temperature: 'never',
  efforts: [],
  reasoning: 'word',
  schema: 'native',
  cache: 'key',
  flex: true,
  images: { maxBytes: 20 * MB, maxSide: 8192, maxCount: 500 },
  contextTokens: 400_000,
  replyTokens: null,
} as const satisfies Capabilities
const ON_BEDROCK = {
  temperature: 'always',
  efforts: [],
  reasoning: 'word',
  schema: 'offered-tool',
  cache: 'none',
  flex: false,
  images: { maxBytes: 3.75 * MB, maxSide: 8000, maxCount: 20 },
  contextTokens: null,
  replyTokens: 4096,
} as const satisfies Capabilities
const NOVA = { ...ON_BEDROCK, schema: 'forced-tool', cache: 'marks-after-text', flex: true } as const

// The first row that fits counts; the last of each vendor is what is safe to assume of a model that is not known here.
const TABLE: Readonly<Record<Vendor, readonly (readonly [name: RegExp, Capabilities])[]>> = {
  anthropic: [
    [/^claude-(opus|sonnet)-4-6\b/, CLAUDE_4_6],
    [/^claude-(opus|sonnet|haiku)-4-5\b/, CLAUDE_4_5],
    [/^claude-(3|(opus|sonnet)-4-\d{8})/, { ...CLAUDE, schema: 'forced-tool' }],
    [/./, CLAUDE],
  ],
  openai: [
    [/^gpt-5\.2\b(?!-(pro|chat|codex))/, { ...GPT, temperature: 'effort-none', efforts: REASONING }],
    [/^gpt-5-(mini|nano)\b/, { ...GPT, efforts: ['minimal', 'low', 'medium', 'high'] }],
    [/./, { ...GPT, flex: false }],
  ],
  bedrock: [
    [/anthropic\.claude-(opus|sonnet)-4-6\b/, { ...CLAUDE_4_6, temperature: 'reasoning-off' }],
    [/anthropic\.claude-(opus|sonnet|haiku)-4-5\b/, { ...CLAUDE_4_5, temperature: 'reasoning-off' }],
    [/anthropic\.claude-(3|(opus|sonnet)-4-\d{8})/, { ...CLAUDE, temperature: 'always', schema: 'forced-tool' }],
    [/anthropic\.claude-/, CLAUDE],
    [/amazon\.nova-pro-v1/, { ...NOVA, contextTokens: 300_000 }],
    [
      /amazon\.nova-2-lite-v1/,
      { ...NOVA, temperature: 'reasoning-off', efforts: REASONING, contextTokens: 1_000_000, replyTokens: 16_000 },
    ],
    [/meta\.llama4-maverick/, { ...ON_BEDROCK, contextTokens: 1_000_000 }],
    [/./, ON_BEDROCK],
  ],
  compatible: [
    [
      /./,
      { ...GPT, temperature: 'always', schema: 'native', cache: 'none', flex: false, contextTokens: null, replyTokens: 4096 },
    ],
  ],
}

/** What the model of that vendor and name takes; for a model that is not in the table, what is safe to assume. */
export function capabilitiesOf(vendor: Vendor, name: string): Capabilities {
  const found = TABLE[vendor].find(([pattern]) => pattern.test(name))
  if (found === undefined) throw new Error(`capabilities requires the name of a model, got '${name}'`)
  return found[1]
}

/** The vendor’s line of models that a name belongs to, such as `claude`: a known word in it, otherwise its first letters. */
export function familyOf(name: string): string {
  const known = /claude|nova|llama|gpt|gemma|qwen|mistral|deepseek/i.exec(name)?.[0]
  const first = /^[a-z]+/i.exec(name.split('/').at(-1) ?? '')?.[0]
  return (known ?? first ?? name).toLowerCase()
}

/** The settings that are really sent, and a line for each that is not. */
export interface Taken {
  readonly temperature?: number | undefined
  readonly effort?: Effort | undefined
  readonly flex: boolean
  readonly maxOutputTokens: number | null
  readonly notSent: readonly string[]
}

/** Tokens of reasoning for models that want a number; the numbers are our choice, no vendor’s. */
export const REASONING_BUDGET: Readonly<Record<string, number>> = { low: 2048, medium: 8192, high: 16_384 }

/**
 * Splits settings into what the model takes and what it does not.
 *
 * @param model named in the lines of `notSent`
 */
export function takeSettings(settings: Settings, capabilities: Capabilities, model: string): Taken {
  const notSent: string[] = []
  const refuse = (setting: string, why = '') => {
    notSent.push(`${setting}: not taken by ${model}${why}`)
    return undefined
  }
  const effort =
    settings.effort === undefined || capabilities.efforts.includes(settings.effort)
      ? settings.effort
      : refuse(`effort ${settings.effort}`)
  const { temperature } = settings
  const heat =
    temperature === undefined || takesTemperature(capabilities, effort)
      ? temperature
      : refuse(`temperature ${temperature}`, capabilities.temperature === 'never' ? '' : ' with this effort')
  const wantsFlex = settings.serviceTier === 'flex'
  if (wantsFlex && !capabilities.flex) refuse('serviceTier flex')
  const flex = wantsFlex && capabilities.flex
  return { temperature: heat, effort, flex, maxOutputTokens: settings.maxOutputTokens ?? capabilities.replyTokens, notSent }
}

function takesTemperature(capabilities: Capabilities, effort: Effort | undefined): boolean {
  const { temperature } = capabilities
  if (temperature === 'effort-none') return effort === 'none'
  return temperature === 'always' || (temperature === 'reasoning-off' && (effort === undefined || effort === 'none'))
}
