import { promises as dns, type LookupAddress } from 'node:dns'
import { once } from 'node:events'
import type { IncomingMessage } from 'node:http'
import { request } from 'node:https'
import ipaddr from 'ipaddr.js'
import { MAX_IMAGE_BYTES } from './source-image.ts'

const MAX_REDIRECTS = 5

/** What a download may do. Tests relax it by name; nothing else should. */
export interface DownloadPolicy {
  /** Whether a connection to this IP address is allowed; asked again for each redirect. */
  readonly allowAddress: (address: string) => boolean
  /** All addresses of a host name. The connection goes to these and to no others. */
  readonly addressesOf: (hostname: string) => Promise<readonly LookupAddress[]>
  /** PEM of a certificate authority to trust in place of the system's. */
  readonly ca?: string
  /** Milliseconds without a byte after which a connection counts as stalled. */
  readonly stallMs: number
  /** Milliseconds that one image may take, redirects included. */
  readonly deadlineMs: number
}

/** Public addresses only, the system's resolver, 30 s for a stalled connection, 5 min for an image. */
export const PUBLIC_INTERNET: DownloadPolicy = {
  allowAddress: isPublicAddress,
  addressesOf: (hostname) => dns.lookup(hostname, { all: true }),
  stallMs: 30_000,
  deadlineMs: 300_000,
}

/** Whether an IP address is a public unicast one: not loopback, private, link-local, multicast, reserved or a tunnel to such. */
export function isPublicAddress(address: string): boolean {
  if (!ipaddr.isValid(address)) return false
  const parsed = ipaddr.process(address)
  if (parsed.range() !== 'unicast') return false
  // ipaddr.js calls the whole rest of IPv6 unicast, also ::7f00:1, which some systems route as 127.0.0.1.
  return parsed.kind() === 'ipv4' || parsed.match(ipaddr.parseCIDR('2000::/3'))
}

/**
 * The bytes that an https address serves, at most 20 MB.
 *
 * Follows at most five redirects. For each hop the scheme must be https and every address of the host must be allowed;
 * the connection is then made to those very addresses, so that a second look-up cannot lead elsewhere.
 *
 * @throws Error that says which of these was broken, or that the connection stalled, or the status that was not 200
 */
export async function download(url: string, policy: DownloadPolicy = PUBLIC_INTERNET): Promise<Uint8Array> {
  const stop = new AbortController()
  const abort = (requires: string, got: string) => stop.abort(problem(requires, got))
  const stall = setTimeout(() => abort(`a byte every ${policy.stallMs} ms`, 'a stalled connection'), policy.stallMs)
  const deadline = setTimeout(() => abort(`an end within ${policy.deadlineMs} ms`, 'more'), policy.deadlineMs)
  try {
    let here = url
    for (let hop = 0; hop <= MAX_REDIRECTS; hop++) {
      const response = await connect(here, policy, stop.signal)
      stall.refresh()
      const location = redirectOf(response)
      if (location === undefined) return await bodyOf(response, () => stall.refresh())
      response.destroy()
      here = URL.parse(location, here)?.href ?? location
    }
    throw problem(`at most ${MAX_REDIRECTS} redirects`, 'more')
  } catch (error) {
    throw stop.signal.aborted ? stop.signal.reason : error
  } finally {
    clearTimeout(stall)
    clearTimeout(deadline)
  }
}

/** Opens the connection for one hop and waits for the head of the answer. */
async function connect(url: string, policy: DownloadPolicy, signal: AbortSignal): Promise<IncomingMessage> {
  const target = URL.parse(url)
  if (target?.protocol !== 'https:') throw problem('an https address', url)
  const hostname = target.hostname.replace(/^\[(.*)\]$/, '$1')
  const kind = ipaddr.isValid(hostname) ? ipaddr.parse(hostname).kind() : undefined
  const addresses = kind ? [{ address: hostname, family: kind === 'ipv6' ? 6 : 4 }] : await policy.addressesOf(hostname)
  const [first] = addresses
  if (first === undefined) throw problem('a host that has an address', hostname)
  const refused = addresses.find(({ address }) => !policy.allowAddress(address))
  if (refused !== undefined) throw problem('a host with public addresses only', `${hostname} at ${refused.address}`)
  signal.throwIfAborted()
  const asking = request(target, {
    agent: false,
    signal,
    headers: { 'user-agent': 'imcbench-promptfoo', accept: 'image/*', 'accept-encoding': 'identity' },
    lookup: (_hostname, { all }, found) => (all ? found(null, [...addresses]) : found(null, first.address, first.family)),
    ...(policy.ca === undefined ? {} : { ca: policy.ca }),
  })
  // An abort after the head has come is thrown by the body's reader; without a listener here it would end the process too.
  asking.on('error', () => {})
  asking.end()
  const [response] = (await once(asking, 'response')) as [IncomingMessage]
  return response
}

function redirectOf({ statusCode = 0, headers }: IncomingMessage): string | undefined {
  return [301, 302, 303, 307, 308].includes(statusCode) ? headers.location : undefined
}

async function bodyOf(response: IncomingMessage, onBytes: () => void): Promise<Uint8Array> {
  const tooMuch = (size: number) => problem(`at most ${MAX_IMAGE_BYTES} bytes`, `${size}`)
  try {
    if (response.statusCode !== 200) throw problem('status 200', String(response.statusCode))
    const announced = Number(response.headers['content-length'] ?? 0)
    if (announced > MAX_IMAGE_BYTES) throw tooMuch(announced)
    const chunks: Buffer[] = []
    let size = 0
    for await (const chunk of response as AsyncIterable<Buffer>) {
      onBytes()
      size += chunk.length
      if (size > MAX_IMAGE_BYTES) throw tooMuch(size)
      chunks.push(chunk)
    }
    return Buffer.concat(chunks)
  } finally {
    response.destroy()
  }
}

function problem(requires: string, got: string): Error {
  return new Error(`requires ${requires}, got ${got}`)
}
