import sharp from 'sharp'
import { describe, expect, test } from 'vitest'
import { look } from '../../../providers/models/embedded-look.ts'
import { drawn, greyChest, lopsidedPatch, orangeDisc, roundSpot, SKIN } from '../pictures.ts'

describe('what a picture is taken for', () => {
  test('a grey picture is a radiograph', async () => {
    expect((await look(await greyChest())).kind).toBe('radiograph')
  })
  test('an orange disc on black is the back of an eye', async () => {
    expect((await look(await orangeDisc())).kind).toBe('fundus')
  })
  test('all else is skin, light or dark', async () => {
    expect((await look(await roundSpot())).kind).toBe('skin')
    expect((await look(await drawn('#4a2c1d', '<circle cx="100" cy="100" r="30" fill="#1d0f08"/>'))).kind).toBe('skin')
  })
})

describe('what is measured', () => {
  test('a picture of one colour differs nowhere from its usual colour', async () => {
    expect(await look(await drawn(SKIN))).toMatchObject({
      extent: 0,
      darkness: 0,
      asymmetry: 0,
      colours: 0,
      parts: 0,
      blackCore: false,
    })
  })
  test('a dark lopsided patch of two colours is darker, more asymmetric and more colourful than a round spot', async () => {
    const [round, lopsided] = await Promise.all([roundSpot().then(look), lopsidedPatch().then(look)])
    expect(lopsided.darkness).toBeGreaterThan(round.darkness)
    expect(lopsided.colours).toBeGreaterThan(round.colours)
    expect(lopsided.asymmetry).toBeGreaterThan(0.35)
    expect(round.asymmetry).toBeLessThan(0.1)
  })
  test('a round spot covers its share of the view', async () => {
    // The view is an ellipse of 0.9 half axes: 0.81 × π × 100² of the picture; the spot is π × 30² of it.
    expect((await look(await roundSpot())).extent).toBeCloseTo(30 ** 2 / (0.81 * 100 ** 2), 1)
  })
  test('a red spot is redder and no more violet than its surroundings, a violet one more violet', async () => {
    const red = await look(await drawn(SKIN, '<circle cx="100" cy="100" r="30" fill="#d01818"/>'))
    const violet = await look(await drawn(SKIN, '<circle cx="100" cy="100" r="30" fill="#8a3ab0"/>'))
    expect(red.redness).toBeGreaterThan(0.12)
    expect(violet.violetness).toBeGreaterThan(0.08)
    expect(violet.violetness).toBeGreaterThan(red.violetness)
  })
  test('a black core needs a rim that is redder than the skin', async () => {
    const core = '<circle cx="100" cy="100" r="18" fill="#080606"/>'
    const rimmed = await look(await drawn(SKIN, `<circle cx="100" cy="100" r="40" fill="#c03a30"/>${core}`))
    const bare = await look(await drawn(SKIN, core))
    expect([rimmed.blackCore, bare.blackCore]).toEqual([true, false])
  })
  test('separate spots are counted', async () => {
    const spots = [60, 100, 140].map((x) => `<circle cx="${x}" cy="100" r="12" fill="#5a2a18"/>`).join('')
    expect((await look(await drawn(SKIN, spots))).parts).toBe(3)
  })
  test('of a grey picture, which half is brighter; the mirrored picture gives the opposite', async () => {
    const bytes = await greyChest()
    const [there, mirrored] = await Promise.all([look(bytes), look(await sharp(bytes).flop().jpeg({ quality: 95 }).toBuffer())])
    expect(there.sides).toBeGreaterThan(0.05)
    expect(mirrored.sides).toBeCloseTo(-there.sides, 1)
  })
  test('equal bytes in two objects give equal measures', async () => {
    const bytes = await lopsidedPatch()
    expect(await look(Uint8Array.from(bytes))).toEqual(await look(bytes))
  })
})

test('bytes that are no picture are an error, again at the second look', async () => {
  const bytes = Uint8Array.of(1, 2, 3)
  await expect(look(bytes)).rejects.toThrow()
  await expect(look(bytes)).rejects.toThrow()
})
