import { sha256Of } from '../../cases/sha256.ts'
import type { Usage } from '../../cases/transcript.ts'
import type { Model, Reply, Request } from '../model.ts'
import { type Capabilities, capabilitiesOf, familyOf, type Taken, takeSettings, type Vendor } from './capabilities.ts'
import { KEY_VARIABLE } from './keys.ts'
import { costOf } from './prices.ts'
import type { Settings } from './settings.ts'
import { isThirdParty } from './third-party.ts'
import { baseUrlOf } from './vendor-client.ts'
import { oneCall } from './vendor-fault.ts'
import { fitImages } from './vendor-image.ts'
import { smallestCache } from './vendor-tokens.ts'

/** All that a vendor’s request is built from. */
export interface Call {
  /** The model’s name at its vendor. */
  readonly name: string
  readonly capabilities: Capabilities
  readonly taken: Taken
  readonly request: Request
}

/** What a vendor’s reply says, in the same words for all. */
export interface Answered {
  readonly text: string
  readonly stop: Reply['stop']
  readonly usage: Usage
  /** Whether the vendor said that it served the call in its flex tier. */
  readonly flex: boolean
}

/** One vendor: makes one call, without retrying. */
export interface Adapter {
  readonly vendor: Vendor
  /** To be raised when the adapter sends or reads something else than before: older replies are then asked for anew. */
  readonly version: number
  readonly ask: (call: Call, settings: Settings, signal: AbortSignal) => Promise<Answered>
}

/** The model of that name at a vendor, with settings. Neither a key nor the network is needed until its first call. */
export function hostedModel(adapter: Adapter, name: string, settings: Settings): Model {
  const { vendor, version } = adapter
  const id = `${vendor}:${name}`
  const capabilities = capabilitiesOf(vendor, name)
  const taken = takeSettings(settings, capabilities, id)
  // Replies of a gateway or a test peer are not the vendor’s. The region, the speed and the price of a call do not shape its reply; a refused setting is told in it.
  const { flex: _, ...sent } = taken
  const { reasoning, schema, images } = capabilities
  const shape = { vendor, version, baseUrl: baseUrlOf(vendor, settings), sent, reasoning, schema, images }
  const reply = (asked: Request, signal: AbortSignal): Promise<Reply> =>
    oneCall(vendor, signal, async () => {
      const { request, notes } = await fitImages(asked, capabilities.images)
      const { flex, ...answered } = await adapter.ask({ name, capabilities, taken, request }, settings, signal)
      const costUsd = costOf(vendor, name, answered.usage, flex)
      return { ...answered, costUsd, notSent: [...taken.notSent, ...notes] }
    })
  return {
    id,
    family: familyOf(name),
    simulated: false,
    revision: sha256Of(JSON.stringify(shape)),
    limits: settings.limits,
    free: isFree(id, settings),
    smallestCache: capabilities.cache === 'none' ? undefined : smallestCache(vendor, name),
    reply,
  }
}

// A key says that someone counts the calls: a gateway on this machine may pass them on to a vendor that bills.
function isFree(id: string, settings: Settings): boolean {
  return !isThirdParty(id, settings) && !process.env[KEY_VARIABLE.compatible]
}

/** The sentence that is added to the system prompt where a tool for the reply can be offered but not demanded. */
export function toolInstruction(tool: string): string {
  return `Answer only by calling the tool ${tool}.`
}
