import type { JurorSight } from '../cases/verdict.ts'
import type { Model } from '../providers/model.ts'

/** A seat in the jury: a model under the juror’s own name, and what it gets to know of the picture. */
export interface Juror {
  readonly id: string
  readonly model: Model
  readonly sees: JurorSight
  /** Whether what it is shown leaves this machine and its network. */
  readonly thirdParty: boolean
}
