import type { Fact } from '../../../cases/schema.ts'
import type { Model, Request } from '../../../providers/model.ts'
import { scriptedModel, textsOf } from '../models.ts'

/** What a selector is told: the clinician’s text and the facts on offer. */
export interface Offer {
  readonly message: string
  readonly facts: readonly {
    readonly id: string
    readonly category: Fact['category']
    readonly text: string
    readonly told: boolean
  }[]
}

/** What a verbaliser is told. */
export interface Task {
  readonly tell: readonly string[]
  readonly repeated: boolean
  readonly unsure: boolean
  readonly manner: Record<string, string>
}

/** The object in a request’s one message. */
export function dataOf<T>(request: Request): T {
  return JSON.parse(textsOf(request)[0] ?? '') as T
}

/** Whether a request asks for a choice of facts; otherwise it asks for words. */
export function isChoice(request: Request): boolean {
  return request.schema !== undefined
}

/** A selector’s reply of the agreed form. */
export function choice(facts: readonly string[], rest: { unlisted?: boolean; done?: boolean } = {}): string {
  return JSON.stringify({ facts, unlisted: false, done: false, ...rest })
}

/** A model that speaks for a patient: one function chooses, the other puts into words, by default all on offer and as told. */
export function speaker(
  choose: (offer: Offer, request: Request) => unknown = ({ facts }) => choice(facts.map((fact) => fact.id)),
  say: (task: Task, request: Request) => unknown = ({ tell }) => tell.slice(0, 3).join(' '),
): Model & { readonly asked: Request[] } {
  return scriptedModel((request) => (isChoice(request) ? choose(dataOf(request), request) : say(dataOf(request), request)), {
    id: 'speaker',
    family: 'speakers',
  })
}
