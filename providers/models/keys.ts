import { existsSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import type { Vendor } from './capabilities.ts'

type Environment = Readonly<Record<string, string | undefined>>

/** The variable that holds each vendor’s key. Bedrock’s credentials have several forms; a compatible server needs none. */
export const KEY_VARIABLE = {
  anthropic: 'ANTHROPIC_API_KEY',
  openai: 'OPENAI_API_KEY',
  compatible: 'COMPATIBLE_API_KEY',
} as const

const AWS_KEYS = 'AWS_ACCESS_KEY_ID with AWS_SECRET_ACCESS_KEY, AWS_BEARER_TOKEN_BEDROCK or AWS_PROFILE'

const AWS_VARIABLES = [
  'AWS_PROFILE',
  'AWS_BEARER_TOKEN_BEDROCK',
  'AWS_WEB_IDENTITY_TOKEN_FILE',
  'AWS_CONTAINER_CREDENTIALS_RELATIVE_URI',
  'AWS_CONTAINER_CREDENTIALS_FULL_URI',
]
const SECRETS = [...Object.values(KEY_VARIABLE), 'AWS_SECRET_ACCESS_KEY', 'AWS_SESSION_TOKEN', 'AWS_BEARER_TOKEN_BEDROCK']

/**
 * The keys that a line-up of models needs and the environment does not have: one line each, with the models that need it,
 * such as `ANTHROPIC_API_KEY for anthropic:claude-opus-4-6`. Empty when none is missing. Whether a key is valid is not
 * checked. Models without a vendor, such as embedded ones, need none.
 */
export function missingKeys(ids: readonly string[], env: Environment = process.env): string[] {
  const needs = Map.groupBy(new Set(ids), (id) => missingFor(id.slice(0, Math.max(0, id.indexOf(':'))), env))
  return [...needs].flatMap(([key, models]) => (key === undefined ? [] : [`${key} for ${models.join(', ')}`]))
}

function missingFor(vendor: string, env: Environment): string | undefined {
  if (vendor === 'bedrock') return hasAwsCredentials(env) ? undefined : AWS_KEYS
  if (vendor !== 'anthropic' && vendor !== 'openai') return undefined
  return env[KEY_VARIABLE[vendor]] ? undefined : KEY_VARIABLE[vendor]
}

// Roles of a machine are not looked up, which would need the network; a profile with credential_source covers them.
function hasAwsCredentials(env: Environment): boolean {
  if (env.AWS_ACCESS_KEY_ID && env.AWS_SECRET_ACCESS_KEY) return true
  if (AWS_VARIABLES.some((name) => env[name])) return true
  const folder = join(env.HOME || homedir(), '.aws')
  const files = [env.AWS_SHARED_CREDENTIALS_FILE || join(folder, 'credentials'), env.AWS_CONFIG_FILE || join(folder, 'config')]
  return files.some((file) => existsSync(file))
}

/** The text without any key of the environment, and without what looks like one. */
export function withoutKeys(text: string, env: Environment = process.env): string {
  const values = SECRETS.flatMap((name) => env[name] ?? []).filter((value) => value.length > 3)
  return values.reduce((kept, value) => kept.replaceAll(value, '[key]'), text).replaceAll(/\bsk-[\w*-]{4,}/g, '[key]')
}

/** The variable to look at when that vendor refuses a key. */
export function keyNameOf(vendor: Vendor): string {
  return vendor === 'bedrock' ? AWS_KEYS : KEY_VARIABLE[vendor]
}
