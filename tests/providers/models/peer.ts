import { LLMock, type Mountable } from '@copilotkit/aimock'

/** One request as it came over the socket, before the peer reads it. */
interface Wire {
  readonly path: string
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  /** The parsed body; null when it is no JSON. */
  // biome-ignore lint/suspicious/noExplicitAny: tests look into foreign JSON
  readonly body: any
}

export interface Peer {
  readonly mock: LLMock
  /** Every request so far, in order. */
  readonly wire: readonly Wire[]
  readonly url: string
  readonly stop: () => Promise<void>
}

/**
 * A peer on loopback that answers as Anthropic, OpenAI and Bedrock do, and keeps the raw body of each request. The peer’s own
 * journal drops images and cache marks, so a tap on the socket keeps them; it only looks.
 */
export async function startPeer(options: ConstructorParameters<typeof LLMock>[0] = {}): Promise<Peer> {
  process.env.AIMOCK_STRICT_TURN_INDEX = '1'
  const wire: Wire[] = []
  const tap: Mountable = {
    handleRequest: async (request, _response, path) => {
      const chunks: Buffer[] = []
      const push = request.push.bind(request)
      request.push = (chunk: Buffer | string | null, encoding?: BufferEncoding) => {
        if (chunk !== null) chunks.push(typeof chunk === 'string' ? Buffer.from(chunk, encoding) : chunk)
        else wire.push({ path: decodeURIComponent(path), headers: request.headers, body: parsed(Buffer.concat(chunks)) })
        return push(chunk, encoding)
      }
      return false
    },
  }
  const mock = new LLMock({ port: 0, journalMaxEntries: 0, ...options })
  mock.mount('', tap)
  await mock.start()
  return { mock, wire, url: mock.url, stop: () => mock.stop() }
}

function parsed(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString('utf8'))
  } catch {
    return null
  }
}
