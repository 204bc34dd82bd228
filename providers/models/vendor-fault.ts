import { z } from 'zod'
import { faultOf, modelFault } from '../model.ts'
import type { Vendor } from './capabilities.ts'
import { keyNameOf, withoutKeys } from './keys.ts'

/** The few fields by which the three SDKs’ errors are told apart; their classes would mean loading all three. */
interface SdkError {
  readonly name?: string
  readonly message?: string
  readonly status?: unknown
  readonly code?: unknown
  readonly type?: unknown
  readonly error?: unknown
  readonly headers?: unknown
  readonly cause?: unknown
  readonly errors?: readonly unknown[]
  readonly $metadata?: { readonly httpStatusCode?: number }
  readonly $response?: { readonly headers?: unknown }
}

const RETRIED = [408, 409, 424, 425, 429]
// Codes of the wire that will not get better by waiting.
const LASTING = /^(bad port|ENOTFOUND|ERR_INVALID_URL|ERR_TLS|CERT_|SELF_SIGNED|DEPTH_ZERO|UNABLE_TO_)/

/**
 * Does one call and turns whatever goes wrong into a model fault. An aborted call rejects with the signal’s reason.
 */
export async function oneCall<T>(vendor: Vendor, signal: AbortSignal, work: () => Promise<T>): Promise<T> {
  try {
    signal.throwIfAborted()
    return await work()
  } catch (error) {
    if (signal.aborted) throw signal.reason
    throw faultOf(error) === undefined ? callFault(vendor, error) : error
  }
}

/** The JSON of a successful response. Anything else than JSON is a fault: proxies and wrong addresses answer 200 with HTML. */
export async function jsonOf(vendor: Vendor, response: Response): Promise<unknown> {
  const text = await response.text()
  try {
    return JSON.parse(text)
  } catch {
    throw shapeFault(vendor, text.trim() === '' ? 'an empty body' : isHtml(text) ? HTML : 'broken JSON')
  }
}

/** The body as the form that the vendor documents, or a fault that says what does not fit. */
export function shaped<T>(vendor: Vendor, form: z.ZodType<T>, body: unknown): T {
  const parsed = form.safeParse(body)
  if (parsed.success) return parsed.data
  if (typeof body === 'string') throw shapeFault(vendor, isHtml(body) ? HTML : 'a bare text')
  throw shapeFault(vendor, `another form: ${z.prettifyError(parsed.error).replaceAll(/\s+/g, ' ').slice(0, 200)}`)
}

/** A fault for a stop that leaves nothing to use, such as a context that is too long. */
export function stopFault(vendor: Vendor, stop: string, retry = false): Error {
  const what = /context_window/.test(stop) ? 'the conversation is longer than the model’s context' : 'no usable reply'
  return modelFault(`${vendor} stopped with ${stop}: ${what}`, { retry })
}

const HTML = 'an HTML page (check baseUrl)'

// A page comes from a proxy that has lost its server for a moment, or from a wrong address, which more tries do not mend.
function shapeFault(vendor: Vendor, got: string): Error {
  const message = `${vendor} requires a reply as its API documents it, got ${got}`
  return modelFault(message, { retry: true, maxTries: got === HTML ? 2 : undefined })
}

function isHtml(text: string): boolean {
  return /^\s*<(!doctype|html|\?xml|head|body|center|h1)/i.test(text)
}

// No cause is attached: the SDKs’ errors hold headers and, in OpenAI’s case, parts of the key.
function callFault(vendor: Vendor, thrown: unknown): Error {
  if (!(thrown instanceof Error)) return modelFault(`${vendor} failed: ${withoutKeys(String(thrown))}`, { retry: false })
  const error = thrown as SdkError
  const status = typeof error.status === 'number' ? error.status : error.$metadata?.httpStatusCode
  if (status !== undefined && status >= 300) return statusFault(vendor, status, error)
  // The AWS SDK quotes the first character that it could not read.
  if (thrown instanceof SyntaxError) return shapeFault(vendor, /token '?</.test(thrown.message) ? HTML : 'broken JSON')
  if (error.name === 'CredentialsProviderError' || error.name === 'TokenProviderError')
    return modelFault(`${vendor} requires credentials: set ${keyNameOf(vendor)}`, { retry: false })
  if (/region is missing/i.test(thrown.message))
    return modelFault(`${vendor} requires a region: set region in the settings, or AWS_REGION`, { retry: false })
  // The AWS SDK fails so on a body of JSON that is no object.
  if (status !== undefined && thrown instanceof TypeError) return shapeFault(vendor, 'a body that the SDK cannot read')
  return wireFault(vendor, thrown)
}

function statusFault(vendor: Vendor, status: number, error: SdkError): Error {
  const headers = error.headers ?? error.$response?.headers
  const type = typeOf(error)
  const retryAfterMs = retryAfter(headers)
  const told = headerOf(headers, 'x-should-retry')
  const spent = /insufficient_quota|billing|ServiceQuotaExceeded/.test(type)
  const retry = told === undefined ? !spent && (RETRIED.includes(status) || status >= 500) : told === 'true'
  return modelFault(statusMessage(vendor, status, type, spent, error), { retry, status, retryAfterMs })
}

// The message of a throttled call holds neither its number nor the vendor’s words: promptfoo takes a response whose error
// says “429” or “rate limit” for a reason to hold the whole conversation again.
function statusMessage(vendor: Vendor, status: number, type: string, spent: boolean, error: SdkError): string {
  const words = wordsOf(error)
  if (status === 401 || status === 403) {
    const why = [status, type, status === 403 ? words : ''].filter((one) => one !== '').join(', ')
    return `${vendor} refused the key or its rights (${why}): check ${keyNameOf(vendor)}`
  }
  if (status === 429)
    return spent ? `${vendor} says that the account’s quota is used up` : `${vendor} says that too many requests were made`
  return `${vendor} answered ${status}${type === '' ? '' : ` ${type}`}${words === '' ? '' : `: ${words}`}`
}

function typeOf(error: SdkError): string {
  const body = (error.error ?? {}) as { type?: unknown; code?: unknown; error?: { type?: unknown } }
  const found = [body.error?.type, error.code, error.type, body.code, body.type].find((one) => typeof one === 'string')
  if (typeof found === 'string') return found
  return /Exception$/.test(error.name ?? '') ? (error.name ?? '') : ''
}

function wordsOf(error: SdkError): string {
  if (error instanceof SyntaxError) return 'a body that is no JSON'
  const body = (error.error ?? {}) as { message?: unknown; error?: { message?: unknown } }
  const found = [body.error?.message, body.message, error.message].find((one) => typeof one === 'string') as string | undefined
  const words = (found ?? '').replace(/^\d{3}\s+/, '')
  return isHtml(words) ? HTML : withoutKeys(words.replaceAll(/\s+/g, ' ')).slice(0, 300)
}

function wireFault(vendor: Vendor, error: Error): Error {
  const chain = chainOf(error)
  const code = chain.map((one) => one.code).find((one) => typeof one === 'string') as string | undefined
  const kind = `${error.constructor.name} ${error.name}`
  const known =
    code !== undefined || /APIConnection|Timeout|AbortError/.test(kind) || /^(terminated|fetch failed)$/.test(error.message)
  const root = chain.at(-1)?.message || error.message
  const words = [...new Set([code, root])].filter((one) => one !== undefined && one !== '').join(', ')
  return modelFault(`${vendor} could not be reached or broke off: ${withoutKeys(words)}`, {
    retry: known && !LASTING.test(code ?? root),
  })
}

function chainOf(error: unknown): SdkError[] {
  if (typeof error !== 'object' || error === null) return []
  const { cause, errors } = error as SdkError
  return [error as SdkError, ...chainOf(cause ?? errors?.[0])]
}

/** Milliseconds that the headers ask to wait: `retry-after-ms`, or `retry-after` in seconds or as a date. */
function retryAfter(headers: unknown): number | undefined {
  const ms = Number(headerOf(headers, 'retry-after-ms') ?? Number.NaN)
  if (ms >= 0) return ms
  const value = headerOf(headers, 'retry-after')
  if (value === undefined) return undefined
  const wait = Number(value) >= 0 ? Number(value) * 1000 : Date.parse(value) - Date.now()
  return Number.isNaN(wait) ? undefined : Math.max(0, wait)
}

function headerOf(headers: unknown, name: string): string | undefined {
  // By its method and not by its class: undici’s Headers is not the global one.
  const { get } = (headers ?? {}) as { get?: unknown }
  if (typeof get === 'function') return (get.call(headers, name) as string | null) ?? undefined
  const value = (headers as Record<string, unknown> | undefined)?.[name]
  return typeof value === 'string' ? value : undefined
}
