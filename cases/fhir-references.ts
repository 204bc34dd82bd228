import { type Bundle, CodeableConcept, Medication, Named, PractitionerRole } from './fhir-resources.ts'

type Resource = NonNullable<NonNullable<Bundle['entry']>[number]['resource']>
interface Holder {
  readonly contained?: readonly Resource[] | null | undefined
}

/** Finds the resource that a reference names: inside the holder (`#id`), by full address (`urn:uuid:…`) or as `Type/id`. */
export type Resolve = (reference: string | null | undefined, holder: Holder) => Resource | undefined

/** How the resources of a Bundle find one another. */
export function resolver(bundle: Bundle): Resolve {
  const known = new Map<string, Resource>()
  for (const { fullUrl, resource } of bundle.entry ?? []) {
    if (resource == null) continue
    if (fullUrl) known.set(fullUrl, resource)
    if (resource.id) known.set(`${resource.resourceType}/${resource.id}`, resource)
  }
  return (reference, { contained }) => {
    if (!reference) return undefined
    if (reference.startsWith('#')) return contained?.find(({ id }) => id === reference.slice(1))
    return known.get(reference) ?? known.get(reference.split('/').slice(-2).join('/'))
  }
}

/** The words of a coded concept: its text, otherwise the first display, otherwise the first code; undefined when it has none. */
export function wordsOf(concept: unknown): string | undefined {
  const { data } = CodeableConcept.safeParse(concept)
  const coding = data?.coding ?? []
  const found = data?.text || coding.find(({ display }) => display)?.display || coding.find(({ code }) => code)?.code
  // SNOMED CT puts the kind of a concept behind its name, as in `Asthma (disorder)`.
  const plain = found?.replace(
    / \((?:disorder|finding|situation|procedure|substance|product|event|morphologic abnormality)\)$/,
    '',
  )
  return plain?.trim() || undefined
}

/**
 * The name of a referenced medication: of its code, otherwise of what it holds.
 *
 * @throws Error when the references lead in a circle, or to something that is no medication
 */
export function medicationName(
  reference: string,
  holder: Holder,
  resolve: Resolve,
  seen: readonly string[] = [],
): string | undefined {
  if (seen.includes(reference)) throw new Error(`requires references that come to an end, got a circle over ${reference}`)
  const found = resolve(reference, holder)
  if (found === undefined) throw new Error(`requires a reference to a resource of the Bundle, got ${reference}`)
  if (found.resourceType !== 'Medication' && found.resourceType !== 'Substance')
    throw new Error(`requires a reference to a Medication, got a ${found.resourceType} at ${reference}`)
  const { data } = Medication.safeParse(found)
  const name = wordsOf(data?.code)
  if (name !== undefined) return name
  const inside = { contained: data?.contained ?? holder.contained }
  const parts = (data?.ingredient ?? []).flatMap(({ itemCodeableConcept, itemReference }) =>
    itemReference?.reference
      ? (medicationName(itemReference.reference, inside, resolve, [...seen, reference]) ?? [])
      : (wordsOf(itemCodeableConcept) ?? []),
  )
  return parts.length > 0 ? parts.join(' with ') : undefined
}

/** The role of a note's author, from a PractitionerRole; undefined when the author is given in any other way. */
export function roleOf(reference: string | null | undefined, holder: Holder, resolve: Resolve): string | undefined {
  const found = resolve(reference, holder)
  if (found?.resourceType !== 'PractitionerRole') return undefined
  const { data } = PractitionerRole.safeParse(found)
  return [...(data?.code ?? []), ...(data?.specialty ?? [])].map(wordsOf).find((role) => role !== undefined)
}

const PERSON = /^(?:Patient|Practitioner|RelatedPerson|Person)(?:[/?]|$)/
const TITLE = /^(?:dr|mr|mrs|ms|miss|prof|md|phd|rn)\.?$/i

/**
 * Every word of the name of a person in the Bundle, of at least two letters and without titles: patient, staff and
 * relatives, as their own resources name them and as references to them do.
 */
export function namesIn(bundle: Bundle): string[] {
  const resources = (bundle.entry ?? []).flatMap(({ resource }) => resource ?? [])
  const named = resources
    .filter(({ resourceType }) => PERSON.test(resourceType))
    .flatMap((person) => Named.safeParse(person).data?.name ?? [])
    .flatMap(({ text, family, given }) => [text, family, ...(given ?? [])])
  const words = [...named, ...displaysOfPeople(resources)].flatMap((name) => (name ?? '').split(/[\s,]+/))
  return [...new Set(words)].filter((word) => word.length > 1 && !TITLE.test(word))
}

/** Synthea refers to staff that its Bundle does not hold; the name then stands beside the reference. */
function displaysOfPeople(resources: readonly Resource[]): string[] {
  const found: string[] = []
  const seen = new Set<unknown>()
  const open: unknown[] = [...resources]
  while (open.length > 0) {
    const one = open.pop()
    if (typeof one !== 'object' || one === null || seen.has(one)) continue
    seen.add(one)
    const { reference, display } = one as { reference?: unknown; display?: unknown }
    if (typeof reference === 'string' && typeof display === 'string' && PERSON.test(reference)) found.push(display)
    open.push(...Object.values(one))
  }
  return found
}
