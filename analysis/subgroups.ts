import type { TrialIdentity } from '../cases/identity.ts'

const BANDS = [
  { from: 65, name: '65 and over' },
  { from: 40, name: '40 to 64' },
  { from: 18, name: '18 to 39' },
  { from: 0, name: '0 to 17' },
] as const

/**
 * The group of a case in each attribute, in words; null when it is not known or not stated. Groups of different scales or
 * raters of skin tone are never compared: `scale` names what a group may be compared within.
 */
export type Subgroups = {
  ageBand: string | null
  sex: string | null
  skinTone: { scale: string; value: string } | null
  modality: string | null
}

/** A trial about whose patient and image nothing is told. */
export const NO_SUBGROUPS: Subgroups = { ageBand: null, sex: null, skinTone: null, modality: null }

/**
 * The groups of a case: age in years by band, sex at birth, skin tone by scale and rater, and the modality of its images
 * (joined by “ + ” when they differ). A sex that is unknown is null, never a group of its own.
 */
export function subgroupsOf({ patient, modalities }: Pick<TrialIdentity, 'patient' | 'modalities'>): Subgroups {
  const { skinTone, sexAtBirth } = patient
  return {
    ageBand: ageBand(patient.ageYears),
    sex: sexAtBirth === 'unknown' ? null : sexAtBirth,
    skinTone:
      skinTone === null ? null : { scale: `${skinTone.scale}, rated by ${skinTone.rater}`, value: String(skinTone.value) },
    modality: modalities.length === 0 ? null : [...new Set(modalities)].sort().join(' + '),
  }
}

/** The age band of an age in years, 0 or more; else a RangeError. */
export function ageBand(years: number): string {
  const band = BANDS.find(({ from }) => years >= from)
  if (band === undefined) throw new RangeError(`ageBand requires an age of 0 or more years, got ${years}`)
  return band.name
}
