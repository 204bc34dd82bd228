import { afterEach, describe, expect, test } from 'vitest'
import { download, isPublicAddress } from '../../cases/download.ts'
import { closeServers, LOOPBACK, serve } from './tls-server.ts'

afterEach(closeServers)

describe('download', () => {
  test('brings the bytes over TLS, through relative and absolute redirects', async () => {
    const bytes = Buffer.from('the very bytes')
    const base: string = await serve((asked, answer) => {
      if (asked.url === '/1') answer.writeHead(302, { location: '/2' }).end('moved')
      else if (asked.url === '/2') answer.writeHead(307, { location: `${base}/3` }).end()
      else answer.end(bytes)
    })
    expect(await download(`${base}/1`, LOOPBACK)).toEqual(bytes)
  })

  test('follows five redirects and not six', async () => {
    const base = await serve((asked, answer) => {
      const left = Number(asked.url?.slice(1))
      if (left === 0) answer.end('here')
      else answer.writeHead(301, { location: `/${left - 1}` }).end()
    })
    expect(Buffer.from(await download(`${base}/5`, LOOPBACK)).toString()).toBe('here')
    await expect(download(`${base}/6`, LOOPBACK)).rejects.toThrow('requires at most 5 redirects, got more')
  })

  test.each(['http://127.0.0.1/a.png', 'file:///etc/hosts', 'ftp://images.example/a', 'data:image/png;base64,AA', 'a.png', ''])(
    'refuses the address "%s" at once and as the target of a redirect',
    async (url) => {
      await expect(download(url, LOOPBACK)).rejects.toThrow(`requires an https address, got ${url}`)
      if (!url.includes(':')) return
      const base = await serve((_, answer) => void answer.writeHead(302, { location: url }).end())
      await expect(download(base, LOOPBACK)).rejects.toThrow(`requires an https address, got ${url}`)
    },
  )

  test.each([
    ['127.0.0.1', '127.0.0.1'],
    ['127.1', '127.0.0.1'],
    ['2130706433', '127.0.0.1'],
    ['0x7f.1', '127.0.0.1'],
    ['10.1.2.3', '10.1.2.3'],
    ['172.16.0.1', '172.16.0.1'],
    ['192.168.1.1', '192.168.1.1'],
    ['169.254.169.254', '169.254.169.254'],
    ['100.64.0.1', '100.64.0.1'],
    ['0.0.0.0', '0.0.0.0'],
    ['[::1]', '::1'],
    ['[::]', '::'],
    ['[::ffff:127.0.0.1]', '::ffff:7f00:1'],
    ['[::127.0.0.1]', '::7f00:1'],
    ['[64:ff9b::127.0.0.1]', '64:ff9b::7f00:1'],
    ['[2002:7f00:1::]', '2002:7f00:1::'],
    ['[fe80::1]', 'fe80::1'],
    ['[fd00::1]', 'fd00::1'],
    ['localhost', /127\.0\.0\.1|::1/],
  ])('by default refuses https://%s, which is no public address, before it connects', async (host, address) => {
    const refusal = expect(download(`https://${host}:9/a.png`)).rejects
    await refusal.toThrow(
      address instanceof RegExp ? address : `requires a host with public addresses only, got ${address} at ${address}`,
    )
  })

  test('checks the host of each redirect', async () => {
    for (const target of [
      'https://127.0.0.2/',
      'https://10.0.0.1/',
      'https://169.254.169.254/latest',
      'https://[::1]/',
      '//127.0.0.3/',
    ]) {
      const base = await serve((_, answer) => void answer.writeHead(302, { location: target }).end())
      await expect(download(base, LOOPBACK)).rejects.toThrow('requires a host with public addresses only, got')
    }
  })

  test('refuses a name when any one of its addresses is not allowed', async () => {
    const addressesOf = async () => [
      { address: '127.0.0.1', family: 4 },
      { address: '10.0.0.1', family: 4 },
    ]
    await expect(download('https://images.example/', { ...LOOPBACK, addressesOf })).rejects.toThrow('images.example at 10.0.0.1')
  })

  test('connects to the addresses it checked and asks for them once, so that a changing name cannot lead it elsewhere', async () => {
    const base = await serve((asked, answer) => void answer.end(asked.headers.host))
    const answers = [[{ address: '127.0.0.1', family: 4 }], [{ address: '10.0.0.1', family: 4 }]]
    const addressesOf = async () => answers.shift() ?? []
    const host = `images.example:${new URL(base).port}`
    const bytes = await download(`https://${host}/`, { ...LOOPBACK, addressesOf })
    expect(Buffer.from(bytes).toString()).toBe(host)
    expect(answers).toHaveLength(1)
  })

  test('refuses a certificate that nobody it trusts has signed, or that is for another name', async () => {
    const base = await serve((_, answer) => void answer.end('bytes'))
    const { ca: _, ...untrusting } = LOOPBACK
    await expect(download(base, untrusting)).rejects.toThrow(/self-signed/)
    const elsewhere = { ...LOOPBACK, addressesOf: async () => [{ address: '127.0.0.1', family: 4 }] }
    await expect(download(`https://other.example:${new URL(base).port}/`, elsewhere)).rejects.toThrow(/altnames/)
  })

  test('refuses more than 20 MB, announced or not, and takes exactly 20 MB', async () => {
    const base = await serve((asked, answer) => {
      if (asked.url === '/announced') answer.writeHead(200, { 'content-length': 20_000_001 }).flushHeaders()
      else if (asked.url === '/exact') answer.end(Buffer.alloc(20_000_000))
      else {
        const more = () => {
          while (answer.write(Buffer.alloc(1_000_000)));
        }
        answer.on('drain', more)
        more()
      }
    })
    await expect(download(`${base}/announced`, LOOPBACK)).rejects.toThrow('requires at most 20000000 bytes, got 20000001')
    await expect(download(`${base}/endless`, LOOPBACK)).rejects.toThrow('requires at most 20000000 bytes, got 2')
    expect(await download(`${base}/exact`, LOOPBACK)).toHaveLength(20_000_000)
  })

  test('ends a connection that stalls before or after the head, and one that only trickles', async () => {
    const base = await serve((asked, answer) => {
      if (asked.url === '/silent') return
      answer.write('a')
      if (asked.url !== '/trickle') return
      const drip = setInterval(() => answer.write('a'), 20)
      answer.on('close', () => clearInterval(drip))
    })
    const quick = { ...LOOPBACK, stallMs: 300, deadlineMs: 1_200 }
    for (const path of ['/silent', '/half'])
      await expect(download(base + path, quick)).rejects.toThrow('got a stalled connection')
    await expect(download(`${base}/trickle`, quick)).rejects.toThrow('requires an end within 1200 ms')
  })

  test('a status other than 200, a body that breaks off and a closed port are errors', async () => {
    const base = await serve((asked, answer) => {
      if (asked.url === '/gone') answer.writeHead(404).end('no')
      else if (asked.url === '/lost') answer.writeHead(302).end()
      else answer.writeHead(200, { 'content-length': 100 }).write('half', () => answer.destroy())
    })
    await expect(download(`${base}/gone`, LOOPBACK)).rejects.toThrow('requires status 200, got 404')
    await expect(download(`${base}/lost`, LOOPBACK)).rejects.toThrow('requires status 200, got 302')
    await expect(download(`${base}/broken`, LOOPBACK)).rejects.toThrow()
    const port = new URL(base).port
    await closeServers()
    await expect(download(`https://127.0.0.1:${port}/`, LOOPBACK)).rejects.toThrow('ECONNREFUSED')
  })
})

describe('isPublicAddress', () => {
  test('accepts public addresses, and nothing that is not an address', () => {
    for (const address of ['8.8.8.8', '2606:4700::1111', '::ffff:8.8.8.8']) expect(isPublicAddress(address)).toBe(true)
    for (const text of ['', 'localhost', '256.1.1.1']) expect(isPublicAddress(text)).toBe(false)
  })
})
