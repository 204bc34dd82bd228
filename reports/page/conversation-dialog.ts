import type { Conversation } from '../../analysis/conversations.ts'
import { byId, element, named } from './dom.ts'
import { facts } from './facts.ts'
import { judgements, plainTable } from './judgements.ts'
import type { PageData } from './page-data.ts'
import { conversationAt, thumbnailOf } from './parts.ts'
import { quotesOf, turnList } from './turns.ts'

/** Opens the conversation at a place of `order`; the reader can step through the order from there. */
export type OpenConversation = (order: readonly number[], at: number) => void

/**
 * Sets up the one dialog of the page. Escape and the button close it and the focus goes back to where it was; the arrows step
 * through the list that it was opened from.
 */
export function conversationDialog(data: PageData): OpenConversation {
  const dialog = byId('conversation') as HTMLDialogElement
  const body = byId('conversation-body')
  const [back, next] = [byId('conversation-back'), byId('conversation-next')] as HTMLButtonElement[]
  let order: readonly number[] = []
  let at = 0
  const show = async () => {
    const asked = order[at]
    if (asked === undefined) return
    for (const [button, off] of [
      [back, at === 0],
      [next, at === order.length - 1],
    ] as const)
      button?.toggleAttribute('disabled', off)
    const conversation = await conversationAt(data, asked)
    const picture = await thumbnailOf(data, conversation.image)
    if (order[at] !== asked) return
    body.replaceChildren(...content(data, conversation, picture, `${at + 1} of ${order.length}`))
    dialog.scrollTop = 0
    byId('conversation-title').focus()
  }
  const step = (by: number) => {
    at = Math.min(Math.max(at + by, 0), order.length - 1)
    void show()
  }
  back?.addEventListener('click', () => step(-1))
  next?.addEventListener('click', () => step(1))
  byId('conversation-close').addEventListener('click', () => dialog.close())
  dialog.addEventListener('click', (event) => {
    if (event.target === dialog) dialog.close()
  })
  return (list, place) => {
    order = list
    at = place
    body.replaceChildren(element('h2', { id: 'conversation-title', tabindex: -1 }, 'Conversation'), element('p', {}, 'Loading …'))
    dialog.showModal()
    void show()
  }
}

function content(data: PageData, conversation: Conversation, picture: string | null, place: string): Node[] {
  const { caseId, model, repeat, transcript } = conversation
  const arm = data.arms.find(({ id }) => id === conversation.arm)?.name ?? conversation.arm
  const quotes = quotesOf(conversation)
  return [
    element('h2', { id: 'conversation-title', tabindex: -1 }, 'Conversation: case ', named(caseId)),
    element('p', { class: 'lead' }, 'Model ', named(model), `, arm ${arm}, repeat ${repeat + 1}; ${place} in the list`),
    element('p', { class: 'banner' }, data.banner),
    element('div', { class: 'beside' }, pictured(conversation, picture), facts(conversation)),
    element('h3', {}, 'What was said'),
    turnList(conversation, quotes),
    element('h3', {}, 'Judgement'),
    ...judgements(conversation, quotes),
    element('h3', {}, 'Payload proof'),
    transcript === null || transcript.proofs.length === 0
      ? element('p', { class: 'absent' }, 'No request was made.')
      : plainTable(
          'What each request to the clinician really carried, read off the payload',
          ['Turn', 'Images sent (sha256)', 'Record (sha256)', 'Instructions (sha256)', 'Key in the reply store'],
          transcript.proofs.map(({ turn, images, ehr, instructions, key }) => [
            turn,
            images.length === 0 ? 'none' : code(images.join(' ')),
            ehr === null ? 'none' : code(ehr),
            code(instructions),
            code(key),
          ]),
        ),
  ]
}

function code(text: string): HTMLElement {
  return element('code', {}, text)
}

function pictured({ transcript, arm }: Conversation, picture: string | null): HTMLElement {
  const sent = transcript?.proofs.filter(({ images }) => images.length > 0).length ?? 0
  const words =
    transcript === null
      ? 'Nothing is known to have been sent.'
      : sent === 0
        ? 'Not shown to the clinician in this arm.'
        : arm === 'wrong-image'
          ? `The case’s own image; in this arm ${sent} of ${transcript.proofs.length} requests carried another case’s.`
          : `Sent in ${sent} of ${transcript.proofs.length} requests.`
  const image =
    picture === null
      ? element('p', { class: 'absent' }, 'No small picture is in this file.')
      : element('img', { src: picture, alt: 'Small picture of the case’s first image' })
  return element('figure', { class: 'thumbnail' }, image, element('figcaption', {}, words))
}
