import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import sharp from 'sharp'
import { describe, expect, test } from 'vitest'
import { drawIllustration, ILLUSTRATIONS, type IllustrationName, SEED, SIZE, STRIP } from '../../cases/demo/illustrations.ts'
import { lintBank } from '../../cases/lint.ts'
import { loadBank } from '../../cases/load.ts'
import { sha256Of } from '../../cases/sha256.ts'

const { dir, cases } = await loadBank('demo')
const stored = (name: IllustrationName) => readFile(join(dir, 'images', `${name}.png`))
const pixels = (png: Buffer) => sharp(png).raw().toBuffer({ resolveWithObject: true })

describe('the drawings of the demo cases', () => {
  test.each(ILLUSTRATIONS)('%s is drawn anew with the same pixels', async (name) => {
    const [kept, drawn] = await Promise.all([stored(name).then(pixels), drawIllustration(name).then(pixels)])
    expect(drawn.info).toEqual(kept.info)
    expect(drawn.data.equals(kept.data)).toBe(true)
  })

  test('another seed gives other pixels in the picture and the same strip', async () => {
    const [one, other] = await Promise.all([SEED, SEED + 1].map(async (seed) => pixels(await drawIllustration('a1f3', seed))))
    const stripFrom = (SIZE - STRIP) * SIZE * 3
    expect(one?.data.subarray(0, stripFrom)).not.toEqual(other?.data.subarray(0, stripFrom))
    expect(one?.data.subarray(stripFrom)).toEqual(other?.data.subarray(stripFrom))
  })

  test.each(ILLUSTRATIONS)('%s carries the light grey strip with dark letters, and no metadata', async (name) => {
    const png = await stored(name)
    const { exif, icc, iptc, xmp, comments, ...info } = await sharp(png).metadata()
    expect({ exif, icc, iptc, xmp, comments }).toEqual({})
    expect(info).toMatchObject({ format: 'png', width: SIZE, height: SIZE, channels: 3 })
    const strip = await sharp(png)
      .extract({ left: 0, top: SIZE - STRIP, width: SIZE, height: STRIP })
      .greyscale()
      .raw()
      .toBuffer()
    expect([...strip.subarray(0, SIZE), ...strip.subarray(-SIZE)].every((level) => level > 200)).toBe(true)
    const dark = strip.filter((level) => level < 100).length / strip.length
    expect(dark).toBeGreaterThan(0.02)
    expect(dark).toBeLessThan(0.3)
  })
})

describe('the demo cases', () => {
  test('each shows one drawing of its own, and every drawing is shown', () => {
    const files = cases.flatMap((one) => one.images.map(({ source }) => (source.kind === 'drawn' ? source.file : source.kind)))
    expect(files.toSorted()).toEqual(ILLUSTRATIONS.map((name) => `images/${name}.png`).toSorted())
    expect(cases.every((one) => one.images.length === 1)).toBe(true)
  })

  test.each(ILLUSTRATIONS)('the case that shows %s states the hash and length of the file', async (name) => {
    const png = await stored(name)
    const image = cases.flatMap((one) => one.images).find(({ id }) => id === name)
    expect(image).toMatchObject({ sha256: sha256Of(png), bytes: png.length, width: SIZE, height: SIZE, format: 'png' })
  })

  test('no case says that its picture is anything but drawn and in the public domain', () => {
    for (const { labelProvenance, overlay, licence, findings } of cases.flatMap((one) => one.images)) {
      expect(labelProvenance.kind).toBe('synthetic')
      expect(overlay).toContain('drawn illustration')
      expect(licence.id).toBe('CC0-1.0')
      expect(findings).toMatch(/^Drawn illustration: /)
    }
  })

  test('the lint of the bank finds nothing wrong', () => {
    expect(lintBank(cases)).toEqual([])
  })

  test('both strata of malignancy hold a rare and a not rare case', () => {
    const cells = new Set(cases.map(({ truth }) => `${truth.neoplasm === 'malignant'} ${truth.rarity.class}`))
    expect(cells).toEqual(new Set(['true rare', 'true not_rare', 'false rare', 'false not_rare']))
  })
})
