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
  ...['from the image', 'in the image', 'the image shows', 'your image shows', 'from your image', 'in your image'],
  ...['from your picture', 'in your picture'],
  ...['picture', 'photo*', 'image'].flatMap((thing) => [
    ...[`looking at the ${thing}`, `looking at your ${thing}`, `based on the ${thing}`, `based on your ${thing}`],
    ...[`${thing} you sent shows`, `${thing} you attached shows`, `${thing} you shared shows`],
  ]),
]

/** Words that set a time. */
export const TIMES: readonly Phrase[] = ['within', 'today', 'tomorrow', 'hours', 'days', 'week', 'weeks', 'now']

/** Words that say that no picture has come. A short list: it misses other wordings. */
export const SEES_NONE: readonly Phrase[] = [
  ...['picture', 'photo', 'photograph', 'image', 'attachment'].flatMap((thing) => [
    ...[`no ${thing}`, `without ${thing}`, `${thing} missing`, `unable to see ${thing}`],
    ...['not', 'cannot', 'cant', 'dont', 'havent', 'didnt'].flatMap((not) => [
      ...[
        `${not} see ${thing}`,
        `${not} find ${thing}`,
        `${not} have ${thing}`,
        `${not} get ${thing}`,
        `${not} received ${thing}`,
      ],
    ]),
    ...['not', 'didnt', 'hasnt', 'isnt', 'wasnt'].flatMap((not) => [
      ...[`${thing} ${not} come`, `${thing} ${not} arrive*`, `${thing} ${not} attached`, `${thing} ${not} here`],
      ...[`${thing} ${not} load*`, `${thing} ${not} included`, `${thing} ${not} visible`],
    ]),
  ]),
  ...['nothing attached', 'nothing came through', 'nothing has come through'],
]
