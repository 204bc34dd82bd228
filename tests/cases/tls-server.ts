import { generateKeyPairSync, sign } from 'node:crypto'
import type { RequestListener } from 'node:http'
import { createServer, type Server } from 'node:https'
import type { AddressInfo } from 'node:net'
import { type DownloadPolicy, isPublicAddress, PUBLIC_INTERNET } from '../../cases/download.ts'

/** A self-signed certificate for localhost and 127.0.0.1 in DER by hand (RFC 5280), since Node signs but does not issue. */
function selfSigned(): { key: string; cert: string } {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const der = (tag: number, ...parts: Uint8Array[]): Buffer => {
    const body = Buffer.concat(parts)
    const length = body.length < 128 ? [body.length] : [0x82, body.length >> 8, body.length & 255]
    return Buffer.concat([Buffer.from([tag, ...length]), body])
  }
  const hex = (text: string) => Buffer.from(text, 'hex')
  const ecdsaWithSha256 = der(0x30, der(0x06, hex('2a8648ce3d040302')))
  const name = der(0x30, der(0x31, der(0x30, der(0x06, hex('550403')), der(0x0c, Buffer.from('localhost')))))
  const years = der(0x30, der(0x17, Buffer.from('200101000000Z')), der(0x17, Buffer.from('491231000000Z')))
  const altNames = der(
    0x30,
    der(0x82, Buffer.from('localhost')),
    der(0x82, Buffer.from('images.example')),
    der(0x87, hex('7f000001')),
  )
  const extensions = der(0xa3, der(0x30, der(0x30, der(0x06, hex('551d11')), der(0x04, altNames))))
  const version = der(0xa0, der(0x02, hex('02')))
  const spki = publicKey.export({ type: 'spki', format: 'der' })
  const body = der(0x30, version, der(0x02, hex('01')), ecdsaWithSha256, name, years, name, spki, extensions)
  const certificate = der(0x30, body, ecdsaWithSha256, der(0x03, hex('00'), sign('sha256', body, privateKey)))
  const pem = certificate.toString('base64').replaceAll(/.{64}/g, '$&\n')
  return {
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    cert: `-----BEGIN CERTIFICATE-----\n${pem}\n-----END CERTIFICATE-----\n`,
  }
}

const tls = selfSigned()
const servers: Server[] = []

/** Serves over TLS on loopback; returns the address `https://127.0.0.1:<port>`. */
export async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(tls, listener)
  servers.push(server)
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  return `https://127.0.0.1:${(server.address() as AddressInfo).port}`
}

/** Ends all servers that `serve` has started and cuts their connections. */
export async function closeServers(): Promise<void> {
  for (const server of servers.splice(0)) {
    server.closeAllConnections()
    await new Promise((closed) => server.close(closed))
  }
}

/** The default policy, except that this one loopback address and the test's certificate are allowed. */
export const LOOPBACK: DownloadPolicy = {
  ...PUBLIC_INTERNET,
  allowAddress: (address) => address === '127.0.0.1' || isPublicAddress(address),
  ca: tls.cert,
  stallMs: 5_000,
}
