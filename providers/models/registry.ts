import type { Model } from '../model.ts'
import { anthropic } from './anthropic.ts'
import { bedrock } from './bedrock.ts'
import { compatible } from './compatible.ts'
import { EMBEDDED_CLINICIANS } from './embedded-clinicians.ts'
import { hostedModel } from './hosted.ts'
import { openai } from './openai.ts'
import type { Settings } from './settings.ts'

const ADAPTERS = [anthropic, openai, bedrock, compatible]

/**
 * The model of that id with those settings: an embedded one, or `<vendor>:<name>`. No key is looked at here.
 *
 * @throws Error that names the known forms of ids; Error for settings of an embedded model or a compatible server without `baseUrl`
 */
export function modelOf(id: string, settings: Settings = {}): Model {
  const embedded = EMBEDDED_CLINICIANS.find((model) => model.id === id)
  if (embedded !== undefined) {
    const [given] = Object.keys(settings)
    if (given === undefined) return embedded
    throw new Error(`providers: config.settings.${given}: ${id} requires no settings, got ${given}`)
  }
  const colon = id.indexOf(':')
  const adapter = ADAPTERS.find(({ vendor }) => vendor === id.slice(0, Math.max(0, colon)))
  const name = id.slice(colon + 1)
  if (adapter === undefined || !/^\S+$/.test(name))
    throw new Error(`providers: config.model: requires one of ${KNOWN}, got ${id}`)
  if (adapter === compatible && settings.baseUrl === undefined)
    throw new Error(
      `providers: config.settings.baseUrl: ${id} requires the server’s address, such as http://127.0.0.1:8080/v1, got none`,
    )
  return hostedModel(adapter, name, settings)
}

const KNOWN = [
  ...EMBEDDED_CLINICIANS.map((model) => model.id),
  'anthropic:<model> (such as anthropic:claude-opus-4-6)',
  'openai:<model> (such as openai:gpt-5.2)',
  'bedrock:<model or profile> (such as bedrock:us.amazon.nova-pro-v1:0)',
  'compatible:<model> with config.settings.baseUrl',
].join(', ')
