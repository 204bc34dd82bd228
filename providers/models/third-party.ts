import ipaddr from 'ipaddr.js'
import type { Settings } from './settings.ts'

const OWN_RANGES = ['loopback', 'private', 'uniqueLocal']

/**
 * Whether what is sent to a model goes to a third party: to every model but the embedded ones and those of a compatible
 * server at `localhost` or at a loopback or private IP address. Another host name counts as a third party, since it can lead
 * anywhere. So does a vendor behind a `baseUrl` of one’s own, since a gateway passes on what it gets.
 */
export function isThirdParty(id: string, settings: Settings = {}): boolean {
  if (!id.includes(':')) return false
  const url = id.startsWith('compatible:') ? URL.parse(settings.baseUrl ?? '') : null
  if (url === null) return true
  const host = url.hostname.replace(/^\[(.*)\]$/, '$1')
  if (host === 'localhost') return false
  return !ipaddr.isValid(host) || !OWN_RANGES.includes(ipaddr.process(host).range())
}
