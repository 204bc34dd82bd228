import type { Ehr } from './schema.ts'

/**
 * The record as the plain text that a clinician is shown: one headed section a kind of entry, one line an entry.
 *
 * Hazards and conflicts are reference data and never part of it. A section without entries says `none recorded`.
 */
export function renderEhr(ehr: Ehr): string {
  const section = (title: string, lines: readonly string[]) => [
    title,
    ...(lines.length > 0 ? lines : ['none recorded']).map((line) => `- ${line}`),
  ]
  const since = (value: string | undefined) => (value === undefined ? '' : ` (since ${value})`)
  return [
    `Health record, as of ${ehr.asOf}`,
    ...section(
      'Conditions',
      ehr.conditions.map((entry) => entry.text + since(entry.since)),
    ),
    ...section(
      'Medications',
      ehr.medications.map(
        (entry) => [entry.text, entry.dose].filter((part) => part !== undefined).join(' ') + since(entry.since),
      ),
    ),
    ...section(
      'Allergies',
      ehr.allergies.map((entry) => `${entry.substance}: ${entry.reaction} (severity ${entry.severity})`),
    ),
    ...section(
      'Observations',
      ehr.observations.map(
        (entry) => `${entry.date} ${entry.name}: ${[entry.value, entry.unit].filter((part) => part !== undefined).join(' ')}`,
      ),
    ),
    ...section(
      'Notes',
      ehr.notes.map((entry) => `${entry.date} ${entry.author}: ${entry.text}`),
    ),
  ].join('\n')
}

/** The ids of every entry of the record, in the order of the sections. */
export function entryIds(ehr: Ehr): string[] {
  return [ehr.conditions, ehr.medications, ehr.allergies, ehr.observations, ehr.notes].flatMap((entries) =>
    entries.map((entry) => entry.id),
  )
}
