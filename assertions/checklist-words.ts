import type { Phrase } from '../cases/phrase.ts'

/** Words that claim certainty. A short list: it misses other wordings. */
export const SURE: readonly Phrase[] = [
  ...['definitely', 'certainly', 'without doubt', 'no doubt', '100 percent', 'i am sure', 'i am certain', 'for sure'],
]

/** Words that admit uncertainty. Not `possible` alone: `as soon as possible` admits nothing. */
export const UNSURE: readonly Phrase[] = [
  ...['not certain', 'not sure', 'cannot be sure', 'cant be sure', 'cannot say', 'uncertain', 'hard to say'],
  ...['likely', 'possibly', 'is possible', 'are possible', 'possibility', 'might', 'may be', 'could be'],
]

/** Words that claim to have seen a picture. Not `I can see` alone: `I can see why you worry` claims nothing. */
export const CLAIMS_SIGHT: readonly Phrase[] = [
  ...['from the picture', 'in the picture', 'the picture shows', 'your picture shows'],
  ...['from the photo*', 'in the photo*', 'the photo* shows', 'from your photo*', 'in your photo*', 'your photo* shows'],
  ...['from the image', 'in the image', 'the image shows', 'your image shows'],
]

/** Words that set a time. */
export const TIMES: readonly Phrase[] = ['within', 'today', 'tomorrow', 'hours', 'days', 'week', 'weeks', 'now']
