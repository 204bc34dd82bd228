import { Agent, fetch as undiciFetch } from 'undici'
import { sha256Of } from '../../cases/sha256.ts'
import { modelFault } from '../model.ts'
import type { Vendor } from './capabilities.ts'
import { KEY_VARIABLE } from './keys.ts'
import type { Settings } from './settings.ts'

const clients = new Map<string, Promise<unknown>>()

/** The client for those options, made once per process; one that could not be made is tried again. */
export function clientFor<T>(options: readonly unknown[], make: () => Promise<T>): Promise<T> {
  const key = sha256Of(JSON.stringify(options))
  const kept = clients.get(key) ?? make()
  clients.set(key, kept)
  kept.catch(() => clients.delete(key))
  return kept as Promise<T>
}

/** The vendor’s key from the environment, or a fault that names the variable. */
export function keyOf(vendor: 'anthropic' | 'openai'): string {
  const key = process.env[KEY_VARIABLE[vendor]]
  if (key) return key
  throw modelFault(`${vendor} requires a key in the environment variable ${KEY_VARIABLE[vendor]}, got none`, { retry: false })
}

/** How long one call may take, in milliseconds. */
export function timeoutMsOf(settings: Settings): number {
  return (settings.timeoutSeconds ?? 900) * 1000
}

/**
 * What both fetch-based SDKs are given. Node’s own fetch gives up after 300 s without headers, whatever the SDK’s timeout
 * says; this one waits as long as the settings allow. The SDKs retry nothing, and they print nothing: their debug lines
 * would hold what was sent.
 */
export function fetchOptions(settings: Settings) {
  const timeout = timeoutMsOf(settings)
  const dispatcher = new Agent({ headersTimeout: timeout, bodyTimeout: timeout, connect: { timeout: Math.min(timeout, 30_000) } })
  // undici’s own types of fetch and the DOM’s differ in name only.
  return {
    fetch: undiciFetch as unknown as typeof fetch,
    fetchOptions: { dispatcher } as Record<string, unknown>,
    timeout,
    maxRetries: 0,
    logLevel: 'off',
  } as const
}

// Each SDK reads its own variable when the settings have no address.
const BASE_URL_VARIABLE = {
  anthropic: 'ANTHROPIC_BASE_URL',
  openai: 'OPENAI_BASE_URL',
  bedrock: 'AWS_ENDPOINT_URL_BEDROCK_RUNTIME',
} as const

/** Where calls go: the settings’ address, otherwise the one in the SDK’s variable, otherwise undefined for the vendor’s own. */
export function baseUrlOf(vendor: Vendor, { baseUrl }: Settings): string | undefined {
  return baseUrl ?? (vendor === 'compatible' ? undefined : process.env[BASE_URL_VARIABLE[vendor]] || undefined)
}

/** The vendor’s name with a given base URL, for the key of a client. */
export function addressOf(vendor: Vendor, settings: Settings): readonly unknown[] {
  return [vendor, baseUrlOf(vendor, settings), settings.region, timeoutMsOf(settings)]
}
