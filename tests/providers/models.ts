import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Transcript, Usage } from '../../cases/transcript.ts'
import type { Model, Reply, Request } from '../../providers/model.ts'

const TEN_AND_FIVE: Usage = { inputTokens: 10, cacheReadTokens: 0, cacheWriteTokens: 0, outputTokens: 5, reasoningTokens: 0 }

/** A new empty folder for a reply store. */
export function storeFolder(): string {
  return mkdtempSync(join(tmpdir(), 'replies-'))
}

/** A reply with that text; everything else can be given. */
export function replyOf(text: string, rest: Partial<Reply> = {}): Reply {
  return { text, stop: 'end', usage: TEN_AND_FIVE, costUsd: 0.25, notSent: [], ...rest }
}

/** A transcript without what differs when replies come from the store: how many were asked for, and at what cost. */
export function asHeld({
  calls: _calls,
  incurredUsd: _incurred,
  ...rest
}: Transcript): Omit<Transcript, 'calls' | 'incurredUsd'> {
  return rest
}

/** A model that is a function of the request, and the list of the requests that reached it. */
export function scriptedModel(
  answer: (request: Request, signal: AbortSignal) => unknown,
  rest: Partial<Model> = {},
): Model & { readonly asked: Request[] } {
  const asked: Request[] = []
  const reply = async (request: Request, signal: AbortSignal) => {
    asked.push(request)
    const answered = await answer(request, signal)
    return (typeof answered === 'string' ? replyOf(answered) : answered) as Reply
  }
  return { id: 'scripted', family: 'test', simulated: true, revision: 'r1', reply, ...rest, asked }
}

/** A request of one user message. */
export function requestOf(text: string, rest: Partial<Request> = {}): Request {
  return { system: 'be kind', messages: [{ role: 'user', content: [{ type: 'text', text }] }], repeat: 0, ...rest }
}

/** Every text of a request’s messages, in order. */
export function textsOf(request: Request): string[] {
  return request.messages.map(({ content }) => content.map((part) => (part.type === 'text' ? part.text : '')).join(''))
}
