import sharpPhash from 'sharp-phash'
import sharpPhashDistance from 'sharp-phash/distance.js'
import { type Finding, warning } from './finding.ts'

// The package's types say that the functions are a property `default` of what they are themselves.
const phash = sharpPhash as unknown as typeof sharpPhash.default
const distance = sharpPhashDistance as unknown as typeof sharpPhashDistance.default

// Of 64 bits. Among 66 different pictures (dermoscopy, photographs, chest films) the two nearest are 17 apart, by chance 32;
// a picture scaled and compressed anew differs from itself in a few.
const NEAR_BITS = 10

/** A picture of a case with its perceptual hash. */
export interface HashedImage {
  readonly caseId: string
  readonly imageId: string
  /** SHA-256 of the source bytes. */
  readonly sha256: string
  /** 64 bits as 0 and 1. */
  readonly hash: string
}

/** The perceptual hash (DCT, 64 bits as 0 and 1) of a picture in any format that sharp reads. */
export function perceptualHash(bytes: Uint8Array): Promise<string> {
  return phash(Buffer.from(bytes))
}

/**
 * Finds pictures that look the same although their bytes differ: one picture saved twice must be one image of the bank, or
 * the analysis takes its cases for independent.
 *
 * @returns one warning for each later picture and the first earlier one that is near it
 */
export function picturesThatLookAlike(images: readonly HashedImage[]): Finding[] {
  return images.flatMap(({ caseId, imageId, sha256, hash }, i) => {
    const twin = images.slice(0, i).find((other) => other.sha256 !== sha256 && distance(other.hash, hash) <= NEAR_BITS)
    if (twin === undefined) return []
    const fault = `requires a picture that looks unlike those of other images, got one like ${twin.caseId}, images.${twin.imageId} (perceptual hashes differ in ${distance(twin.hash, hash)} of 64 bits)`
    return [{ caseId, ...warning(`images.${imageId}.sha256`, fault) }]
  })
}
