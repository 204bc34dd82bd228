import { Fact } from '../cases/schema.ts'
import type { Part } from '../providers/model.ts'
import type { ArmPreview, NoPreview } from './preview.ts'

/** Said wherever a preview shows a conversation. */
export const PREVIEW_NOTE =
  'The clinician here is embedded: plain rules, no model. Its words only show what a juror would be given.'

/** One headed part of a preview. */
export interface PreviewPart {
  readonly title: string
  readonly text: string
}

/** What an arm shows to clinician, patient and juror, as headed plain texts. */
export function partsOf(one: ArmPreview): PreviewPart[] {
  const pictures = one.images.map(
    ({ sha256, width, height, bytes, mime }) => `picture: ${mime}, ${width} × ${height}, ${bytes.length} bytes, sha256 ${sha256}`,
  )
  const requests = Object.entries(one.jurorRequests)
  return [
    { title: 'Clinician: system prompt', text: one.system },
    { title: 'Clinician: first message', text: [one.opening, ...(pictures.length > 0 ? pictures : ['no picture'])].join('\n') },
    { title: 'Patient: facts by disclosure', text: factLines(one.facts).join('\n') },
    { title: 'Juror: system prompt', text: requests[0]?.[1].system ?? '' },
    { title: 'Juror: case and conversation', text: partsText(requests[0]?.[1]?.messages[0]?.content.slice(0, -1)) },
    ...requests.map(([dimension, { messages }]) => ({
      title: `Juror: question on ${dimension}`,
      text: partsText(messages[0]?.content.slice(-1)),
    })),
  ]
}

/** A preview as plain text, arm after arm; an arm that cannot be held gives its reason. */
export function previewText(caseId: string, arms: readonly (ArmPreview | NoPreview)[]): string {
  return arms
    .flatMap((one) => [
      `===== ${caseId} in arm ${one.arm} =====`,
      ...('missing' in one
        ? [`cannot be held: ${one.missing}`, '']
        : partsOf(one).flatMap(({ title, text }) => [`--- ${title}`, text, ''])),
    ])
    .concat(PREVIEW_NOTE)
    .join('\n')
}

function factLines(facts: readonly Fact[]): string[] {
  return Fact.shape.disclosure.options.flatMap((disclosure) => {
    const own = facts.filter((fact) => fact.disclosure === disclosure)
    if (own.length === 0) return []
    return [`${disclosure}:`, ...own.map((fact) => `  ${fact.id} (${fact.category}): ${fact.text} [${fact.askedBy.join(', ')}]`)]
  })
}

function partsText(parts: readonly Part[] = []): string {
  return parts
    .map((part) =>
      part.type === 'text' ? part.text.split('\n').map(indented).join('\n') : `picture: ${part.mime}, ${part.bytes.length} bytes`,
    )
    .join('\n')
}

/** A line that is a JSON object, laid out for reading; any other line as it is. */
function indented(line: string): string {
  return line.startsWith('{') ? JSON.stringify(JSON.parse(line), null, 2) : line
}
