import { prepareImage } from '../cases/images.ts'
import type { Bank } from '../cases/load.ts'
import type { Case } from '../cases/schema.ts'
import type { Juror } from './juror.ts'

/**
 * The case’s first picture as a juror may see it; the others are told to no juror.
 *
 * @throws Error for a case without pictures, and for one whose licence keeps it from the juror’s vendor
 */
export async function jurorPicture(juror: Juror, one: Case, bank: Bank): Promise<Uint8Array> {
  const [image] = one.images
  if (image === undefined) throw new Error(`${bank.name}/${one.id}.yaml: images: requires a picture for ${juror.id}, got none`)
  if (juror.thirdParty && !image.licence.thirdPartyApiAllowed)
    throw new Error(
      `${bank.name}/${one.id}.yaml: image ${image.id}: licence.thirdPartyApiAllowed: requires true for the juror ${juror.id}, got false`,
    )
  return (await prepareImage(image, bank.dir)).bytes
}
