import type { Image } from '../cases/schema.ts'
import type { Settings } from './models/settings.ts'
import { isThirdParty } from './models/third-party.ts'

/**
 * The first image that may not be sent to a model, since its licence keeps it from third parties and the model is one
 * (`isThirdParty`); undefined when all may be sent. For clinicians and for jurors that see pictures.
 */
export function heldBack(id: string, settings: Settings, images: readonly Image[]): Image | undefined {
  return isThirdParty(id, settings) ? images.find(({ licence }) => !licence.thirdPartyApiAllowed) : undefined
}
