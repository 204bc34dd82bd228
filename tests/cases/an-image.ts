import sharp, { type Sharp } from 'sharp'
import { Image } from '../../cases/schema.ts'
import { sha256Of } from '../../cases/sha256.ts'
import { aCase } from './a-case.ts'

/** The source of an image that is fetched; nothing serves its address. */
export const FETCHED: Extract<Image['source'], { kind: 'fetched' }> = {
  kind: 'fetched',
  url: 'https://images.example/1.png',
  dataset: 'test set',
  recordId: 'record 1',
  landingPage: null,
  citation: 'none',
}

/**
 * The image of `aCase`, with the length and sha256 of these bytes.
 *
 * @param fields to put in place of the builder's own
 * @throws ZodError when a field breaks the schema
 */
export function anImage(bytes: Uint8Array, fields: Partial<Image> = {}): Image {
  return Image.parse({ ...aCase().images[0], sha256: sha256Of(bytes), bytes: bytes.length, ...fields })
}

/** 60 × 40: red above left, green above right, blue below left, white below right. */
export function quadrants(): Sharp {
  const area = (left: number, top: number, background: string) => ({
    input: { create: { width: 30, height: 20, channels: 3 as const, background } },
    left,
    top,
  })
  return sharp({ create: { width: 60, height: 40, channels: 3, background: 'white' } }).composite([
    area(0, 0, '#ff0000'),
    area(30, 0, '#00ff00'),
    area(0, 20, '#0000ff'),
  ])
}
