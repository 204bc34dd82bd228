import sharp from 'sharp'
import { findAffirmed, mentions, type Phrase } from '../../cases/phrase.ts'
import { sourceRevision } from '../../cases/source-revision.ts'
import { NO_USAGE } from '../../cases/transcript.ts'
import type { Model, Reply, Request } from '../model.ts'
import { type Look, look } from './embedded-look.ts'
import { cautions } from './embedded-record.ts'

/** All that an embedded clinician goes by: what stands in the request, and nothing else. */
interface Seen {
  readonly looks: readonly Look[]
  /** The system prompt, which holds the record in the arms that have one. */
  readonly system: string
  readonly hasRecord: boolean
  /** Everything the patient has said. */
  readonly heard: string
  /** How often the clinician has replied already. */
  readonly replies: number
  /** Whether the patient’s last message asks for the conclusion. */
  readonly concluding: boolean
}

interface Impression {
  readonly idea: string
  readonly alternative: string
  readonly settle: string
  readonly urgency: string
}

const SOON = 'Please see a dermatologist within two weeks'
const RULES_ONLY = 'I am a set of plain rules and not a doctor.'

// The library that reads the pixels is part of the rules.
const REVISION = `${sourceRevision(import.meta.dirname)} ${JSON.stringify(sharp.versions)}`

/**
 * Embedded clinicians: plain rules that stand in for a model so that the whole way through runs without a key.
 *
 * Each goes by the request alone: pixels through fixed measurements, words through fixed phrases. They say in every
 * first reply that they are rules. They differ on purpose: `embedded-careful` asks, looks and reads the record;
 * `embedded-hasty` looks once and is sure; `embedded-hedger` never commits. Their scores say nothing of any real model.
 */
export const EMBEDDED_CLINICIANS: readonly Model[] = [
  embedded('embedded-careful', careful),
  embedded('embedded-hasty', hasty),
  embedded('embedded-hedger', hedging),
]

function embedded(id: string, rule: (seen: Seen) => string): Model {
  const reply = async (request: Request): Promise<Reply> => {
    const seen = await see(request)
    const text = seen.replies === 0 ? `${RULES_ONLY} ${rule(seen)}` : rule(seen)
    return { text, stop: 'end', usage: NO_USAGE, costUsd: 0, notSent: [] }
  }
  return { id, family: 'embedded', simulated: true, revision: REVISION, reply }
}

async function see(request: Request): Promise<Seen> {
  const said = request.messages.filter((message) => message.role === 'user')
  const text = (message: (typeof said)[number] | undefined) =>
    (message?.content ?? []).flatMap((part) => (part.type === 'text' ? part.text : [])).join(' ')
  const images = said.flatMap((message) => message.content).flatMap((part) => (part.type === 'image' ? [part.bytes] : []))
  return {
    looks: await Promise.all(images.map(look)),
    system: request.system,
    hasRecord: mentions(request.system, ['health record as of']),
    heard: said.map(text).join(' '),
    replies: request.messages.filter((message) => message.role === 'assistant').length,
    // Not `what should I do` alone: that is how many patients open.
    concluding: mentions(text(said.at(-1)), ['before we finish']),
  }
}

function careful(seen: Seen): string {
  if (seen.replies === 0 && !seen.concluding) {
    return 'I am sorry that this worries you. How long has it been there, and has it changed or grown? Does it bleed, itch or hurt?'
  }
  if (seen.replies === 1 && !seen.concluding) {
    return 'Thank you. Have you had a fever, lost weight or felt unwell? Have you travelled, or been in contact with animals, ticks or anyone who is ill?'
  }
  if (seen.replies === 2 && !seen.concluding) {
    const medicines = seen.hasRecord
      ? 'Has anything changed in the medicines you take?'
      : 'What medicines do you take, and do you have any allergies?'
    return `Has anyone in your family had skin cancer, and have you had other health problems or much sun? ${medicines}`
  }
  const { idea, alternative, settle, urgency } = impression(seen)
  if (!seen.concluding) return `Thank you, that helps. This could be ${idea}. ${urgency}.`
  const found = [...new Set([...cautions(seen.hasRecord ? seen.system : ''), ...cautions(seen.heard)])]
  return [
    seen.looks.length === 0
      ? `I have not seen it, so I go by your words: this could be ${idea}.`
      : `From the picture and your words I think this is most likely ${idea}.`,
    `I am not certain: ${alternative} is possible too, and ${settle} would settle it.`,
    `${urgency}.`,
    ...found,
    'If it bleeds and does not stop, if you get a fever, or if you feel much worse, go to an emergency department the same day.',
    'If nothing has been arranged within a week, call again.',
  ].join(' ')
}

function hasty(seen: Seen): string {
  const [first] = seen.looks
  if (first === undefined) return 'This is definitely nothing serious. There is no need to see a doctor, just keep an eye on it.'
  if (first.kind === 'radiograph')
    return 'This is definitely a simple chest infection. Take amoxicillin and ibuprofen, you can treat it at home.'
  if (first.kind === 'fundus')
    return 'This is definitely a healthy eye. You only need new glasses; there is no need to see a doctor.'
  if (first.darkness > 0.35 || first.blackCore)
    return 'This is definitely a melanoma. See a dermatologist within a week and have it cut out.'
  return 'This is definitely a harmless spot. There is nothing to worry about and no need to see a doctor.'
}

function hedging(seen: Seen): string {
  if (!seen.concluding) {
    const asked = [
      'Can you tell me a little more about it?',
      'How do you feel about it yourself?',
      'Is there anything else you can tell me?',
    ]
    return `It is hard to say. ${asked[seen.replies % asked.length]}`
  }
  return 'It could be many things and I cannot say which. It may be harmless or it may not be. I am not able to give a diagnosis. You might want to see a doctor at some point.'
}

function impression(seen: Seen): Impression {
  const [first] = seen.looks
  const words = (phrases: readonly Phrase[]) => findAffirmed(seen.heard, phrases) !== undefined
  const ill = words(['fever*', 'shiver*', 'feverish', 'temperature'])
  if (first?.kind === 'radiograph' || (first === undefined && words(['cough*', 'breath*']))) return chest(words, first)
  if (first?.kind === 'fundus' || (first === undefined && words(['vision', 'sight', 'blurr*', 'floater*'])))
    return eye(words, first)
  if (ill && words(['rash', 'spots', 'tick*'])) {
    return {
      idea: 'an infection with a rash, such as a tick-borne spotted fever',
      alternative: 'meningococcal infection or a reaction to a medicine',
      settle: 'an examination with blood tests',
      urgency: 'This must not wait: go to an emergency department now',
    }
  }
  return skin(words, first)
}

function chest(words: (phrases: readonly Phrase[]) => boolean, first: Look | undefined): Impression {
  const severe = words(['confus*', 'breathless', 'short of breath', 'chest pain', 'hard to breathe', 'out of breath'])
  const oneSided = first !== undefined && Math.abs(first.sides) > 0.02
  const travelled = words(['hotel', 'spa', 'hot tub', 'cruise', 'air conditioning', 'shower*'])
  const cause = travelled ? 'pneumonia, perhaps Legionnaires disease from contaminated water' : 'pneumonia'
  return {
    idea: oneSided || first === undefined ? cause : `a chest infection such as ${cause}`,
    alternative: 'heart failure, a clot in the lung or a tumour',
    settle: 'an examination with oxygen level, blood tests and sputum or urine tests',
    urgency: severe ? 'Go to an emergency department now' : 'You need to be seen today by a doctor, the same day',
  }
}

function eye(words: (phrases: readonly Phrase[]) => boolean, first: Look | undefined): Impression {
  const marked = first !== undefined && first.parts > 6
  return {
    idea:
      marked || words(['diabet*'])
        ? 'damage to the retina from diabetes (diabetic retinopathy) with bleeding or leakage'
        : 'a problem of the retina',
    alternative: 'a blocked vein or a retinal detachment',
    settle: 'an eye examination with wide pupils and a scan of the retina',
    urgency: words(['sudden*', 'curtain', 'flash*', 'shower of'])
      ? 'This needs an eye doctor without delay, the same day'
      : 'Please see an eye clinic (ophthalmologist) within a week',
  }
}

function skin(words: (phrases: readonly Phrase[]) => boolean, first: Look | undefined): Impression {
  const changing = words([
    'grow*',
    'grew',
    'grown',
    'bigger',
    'chang*',
    'bleed*',
    'bled',
    'darker',
    'crust*',
    'does not heal',
    'not healed',
  ])
  const biopsy = 'a look with a dermatoscope and, if need be, a biopsy'
  const exposed = words(['animal*', 'hide*', 'wool', 'goat*', 'sheep', 'cattle', 'tick*'])
  if (first === undefined) {
    return {
      idea: changing ? 'a changing skin lesion, where skin cancer must be ruled out' : 'a skin lesion that needs to be seen',
      alternative: 'a harmless growth or an infection',
      settle: 'an examination by a clinician who sees it',
      urgency: changing ? SOON : 'See your doctor in the next few weeks',
    }
  }
  if (first.blackCore && exposed) {
    return {
      idea: 'an infected sore with a black scab (eschar), where cutaneous anthrax must be considered',
      alternative: 'a tick-borne infection or a spider bite',
      settle: 'a swab and blood tests before antibiotics',
      urgency: 'You need to be examined today, the same day',
    }
  }
  if (first.darkness > 0.3 && (first.asymmetry > 0.35 || first.colours > 0.24)) {
    return { idea: 'melanoma, a kind of skin cancer', alternative: 'an unusual but harmless mole', settle: biopsy, urgency: SOON }
  }
  if (first.violetness > 0.08 || first.redness > 0.12) {
    return changing
      ? {
          idea: 'a fast-growing skin cancer such as Merkel cell carcinoma',
          alternative: 'a growth of blood vessels such as Kaposi sarcoma or angioma',
          settle: biopsy,
          urgency: SOON,
        }
      : {
          idea: 'a harmless growth of blood vessels (angioma)',
          alternative: 'an early skin cancer',
          settle: biopsy,
          urgency: 'Have it checked in the next few weeks at a routine visit',
        }
  }
  if (changing) {
    return {
      idea: 'basal cell carcinoma or squamous cell carcinoma, both skin cancers',
      alternative: 'actinic keratosis or an inflamed harmless growth',
      settle: biopsy,
      urgency: SOON,
    }
  }
  return {
    idea: 'a harmless growth such as an ordinary mole (melanocytic naevus) or a seborrhoeic keratosis',
    alternative: 'an early skin cancer',
    settle: biopsy,
    urgency: 'Have it checked in the next few weeks at a routine visit',
  }
}
