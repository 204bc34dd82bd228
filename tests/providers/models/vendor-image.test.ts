import sharp from 'sharp'
import { describe, expect, test } from 'vitest'
import { faultOf, type Request } from '../../../providers/model.ts'
import { fitImages } from '../../../providers/models/vendor-image.ts'

const LIMITS = { maxBytes: 40_000, maxSide: 300, maxCount: 2 }

const noise = (width: number, height: number) =>
  sharp({ create: { width, height, channels: 3, background: 'grey', noise: { type: 'gaussian', mean: 128, sigma: 40 } } })
    .jpeg({ quality: 95 })
    .toBuffer()
const plain = (width: number, height: number) =>
  sharp({ create: { width, height, channels: 3, background: 'brown' } })
    .jpeg()
    .toBuffer()
const requestWith = (...images: Uint8Array[]): Request => ({
  system: '',
  messages: [{ role: 'user', content: images.map((bytes) => ({ type: 'image', mime: 'image/jpeg', bytes, cache: true })) }],
  repeat: 0,
})
const bytesOf = (request: Request, i = 0) => {
  const part = request.messages[0]?.content[i]
  return part?.type === 'image' ? part.bytes : new Uint8Array()
}

describe('an image', () => {
  test('within the limits stays the same to the byte', async () => {
    const request = requestWith(await plain(300, 200))
    const fitted = await fitImages(request, LIMITS)
    expect(fitted.request).toBe(request)
    expect(fitted.notes).toEqual([])
  })
  test('with too many pixels is made smaller, which is said', async () => {
    const fitted = await fitImages(requestWith(await plain(20, 20), await plain(900, 600)), LIMITS)
    expect(await sharp(bytesOf(fitted.request, 1)).metadata()).toMatchObject({ width: 300, height: 200, format: 'jpeg' })
    expect(fitted.notes).toHaveLength(1)
    expect(fitted.notes[0]).toMatch(/^image 2 as given: downsized from 900 × 600 px, \d+ bytes to 300 × 200 px, \d+ bytes$/)
    expect(fitted.request.messages[0]?.content[1]).toHaveProperty('cache', true)
  })
  test('with too many bytes is made smaller until it fits', async () => {
    const big = await noise(290, 290)
    expect(big.length).toBeGreaterThan(40_000)
    const { request, notes } = await fitImages(requestWith(big), LIMITS)
    expect(bytesOf(request).length).toBeLessThanOrEqual(40_000)
    expect(notes).toHaveLength(1)
    expect((await fitImages(requestWith(big), LIMITS)).notes).toEqual(notes)
  })
  test.each([
    ['that cannot be read', async () => requestWith(new Uint8Array([1, 2, 3])), /JPEG images that can be read/],
    ['too many', async () => requestWith(await plain(9, 9), await plain(8, 8), await plain(7, 7)), /at most 2 images, got 3/],
  ])('%s is a fault that is not tried again', async (_, request, message) => {
    const error = await fitImages(await request(), LIMITS).catch((thrown: Error) => thrown)
    expect(error).toMatchObject({ message: expect.stringMatching(message) })
    expect(faultOf(error)).toEqual({ retry: false })
  })
})
