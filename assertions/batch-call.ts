import type { Reply, Request } from '../providers/model.ts'
import { anthropicReply, anthropicRequest } from '../providers/models/anthropic.ts'
import { capabilitiesOf, takeSettings } from '../providers/models/capabilities.ts'
import type { Answered, Call } from '../providers/models/hosted.ts'
import { openaiReply, openaiRequest } from '../providers/models/openai.ts'
import { costOf } from '../providers/models/prices.ts'
import type { Settings } from '../providers/models/settings.ts'
import { fitImages } from '../providers/models/vendor-image.ts'

/** Vendors whose batches are supported. */
export const BATCH_VENDORS = ['anthropic', 'openai'] as const
export type BatchVendor = (typeof BATCH_VENDORS)[number]

/** The vendor of a model’s id when it takes batches, otherwise undefined. */
export function batchVendorOf(id: string): BatchVendor | undefined {
  return BATCH_VENDORS.find((vendor) => id.startsWith(`${vendor}:`))
}

/** One request of a batch: the very body that the vendor would be sent at once, and how its reply is read. */
export interface BatchCall {
  readonly vendor: BatchVendor
  /** The request’s key in the reply store, which is its id in the batch. */
  readonly key: string
  readonly body: Readonly<Record<string, unknown>>
  /** The body of a reply as it is kept in the store, at the half price of batches; throws a model fault when it cannot be used. */
  readonly read: (body: unknown) => Reply
}

const BUILD: Readonly<Record<BatchVendor, (call: Call) => Readonly<Record<string, unknown>>>> = {
  anthropic: anthropicRequest,
  openai: openaiRequest,
}
const READ: Readonly<Record<BatchVendor, (body: unknown) => Answered>> = { anthropic: anthropicReply, openai: openaiReply }

/** A request to a model of a vendor that takes batches. A service tier is not sent: a batch has its own price. */
export async function batchCall(
  vendor: BatchVendor,
  id: string,
  settings: Settings,
  asked: Request,
  key: string,
): Promise<BatchCall> {
  const name = id.slice(vendor.length + 1)
  const capabilities = capabilitiesOf(vendor, name)
  const { serviceTier: _, ...rest } = settings
  const taken = takeSettings(rest, capabilities, id)
  const { request, notes } = await fitImages(asked, capabilities.images)
  return {
    vendor,
    key,
    body: BUILD[vendor]({ name, capabilities, taken, request }),
    read: (body) => {
      const { flex: __, ...answered } = READ[vendor](body)
      // Both vendors bill batches at half the price, as the flex tier, which `costOf` halves.
      return { ...answered, costUsd: costOf(vendor, name, answered.usage, true), notSent: [...taken.notSent, ...notes] }
    },
  }
}
