import type { JurorPreference } from './estimate-jury.ts'
import { isExploratory } from './exploratory.ts'
import { type Conversation, type JurorName, type JuryData, meanScore } from './jury-data.ts'
import { type ImageValue, meanQuantity, noQuantity } from './quantity.ts'

type Reference = JurorPreference['reference']
type CaseContrast = ImageValue & { caseId: string }

/** One row a juror and reference: whether the juror favours models of its own family. */
export function jurorPreferences(data: JuryData): JurorPreference[] {
  const references: Reference[] = data.clinicians.length === 0 ? ['other jurors'] : ['other jurors', 'clinicians']
  return data.jurors.flatMap((juror) => references.map((reference) => preferenceRow(data, juror, reference)))
}

function preferenceRow(data: JuryData, juror: JurorName, reference: Reference): JurorPreference {
  const own = (conversation: Conversation) => conversation.family === juror.family
  const ownModels = juror.family === null ? [] : data.models.filter((model) => ofModel(data, model).some(own))
  const refusal = refusalFor(data, juror, ownModels, reference)
  const contrasts = refusal === null ? caseContrasts(data, juror, reference) : []
  const { quantity, standardError, df } = meanQuantity(contrasts, data.rule.level)
  const none = refusal ?? (contrasts.length === 0 ? 'no case has the scores of an own and of another model' : null)
  const nImages = new Set(contrasts.map(({ image }) => image)).size
  return {
    dimension: data.dimension,
    juror: juror.id,
    family: juror.family,
    reference,
    preference: none === null ? quantity : noQuantity(none),
    standardError,
    df,
    ownModels,
    nCases: contrasts.length,
    nImages,
    exploratory: isExploratory(nImages, df),
  }
}

function refusalFor(
  data: JuryData,
  { id, family }: JurorName,
  ownModels: readonly string[],
  reference: Reference,
): string | null {
  if (family === null) return 'the juror’s family is not known'
  if (data.conversations.every((conversation) => conversation.family === null)) return 'the models’ families are not known'
  if (ownModels.length === 0) return 'no model of the juror’s family'
  if (ownModels.length === data.models.length) return 'every model is of the juror’s family'
  if (reference === 'clinicians' || othersOf(data, family).length > 0) return null
  return `no juror of another family than ${id}`
}

/** For each case: the mean of (juror minus reference) over own-family models less the mean over the other models. */
function caseContrasts(data: JuryData, juror: JurorName, reference: Reference): CaseContrast[] {
  const others = othersOf(data, juror.family)
  const known = data.conversations.filter(({ family }) => family !== null)
  return [...Map.groupBy(known, ({ caseId }) => caseId)].flatMap(([caseId, conversations]): CaseContrast[] => {
    const sides = [true, false].map((own) =>
      conversations
        .filter(({ family }) => (family === juror.family) === own)
        .flatMap((conversation) => excess(conversation, juror.id, others, reference) ?? []),
    )
    const [mine, theirs] = sides as [number[], number[]]
    const [first] = conversations
    if (first === undefined || mine.length === 0 || theirs.length === 0) return []
    return [{ caseId, image: first.image, value: meanScore(mine) - meanScore(theirs) }]
  })
}

function excess(conversation: Conversation, juror: string, others: readonly string[], reference: Reference): number | null {
  const score = conversation.votes.get(juror)
  const standard =
    reference === 'clinicians' ? [...conversation.clinicians.values()] : others.flatMap((id) => conversation.votes.get(id) ?? [])
  return score === undefined || standard.length === 0 ? null : score - meanScore(standard)
}

/** Jurors of another, known family: those of the same one could share the preference. */
function othersOf({ jurors }: JuryData, family: string | null): string[] {
  return jurors.filter((other) => other.family !== null && other.family !== family).map(({ id }) => id)
}

function ofModel({ conversations }: JuryData, model: string): Conversation[] {
  return conversations.filter((conversation) => conversation.model === model)
}
