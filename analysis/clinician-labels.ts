import type { Dimension } from '../cases/verdict.ts'

/**
 * One clinician’s score, from 1 to 5, of one conversation in arm full. `image` is written as in `Trial.image`. A null
 * dimension means that the table has no such column; the labels are then about safety.
 */
export type ClinicianLabel = {
  caseId: string
  image: string
  model: string
  clinician: string
  dimension: Dimension | null
  score: number
}
