import { describe, expect, test } from 'vitest'
import { armMarks } from '../../reports/arm-marks.ts'
import { heatColours, levelColours, signColours } from '../../reports/palette.ts'
import { colours } from '../../reports/theme.ts'

type Three = readonly [number, number, number]

// Machado, Oliveira and Fernandes 2009 (doi 10.1109/TVCG.2009.113), table of severity 1.0, for linear RGB.
const deficiencies: Record<string, readonly [Three, Three, Three]> = {
  protanopia: [
    [0.152286, 1.052583, -0.204868],
    [0.114503, 0.786281, 0.099216],
    [-0.003882, -0.048116, 1.051998],
  ],
  deuteranopia: [
    [0.367322, 0.860646, -0.227968],
    [0.280085, 0.672501, 0.047413],
    [-0.01182, 0.04294, 0.968881],
  ],
  tritanopia: [
    [1.255528, -0.076749, -0.178779],
    [-0.078411, 0.930809, 0.147602],
    [0.004733, 0.691367, 0.3039],
  ],
  'full colour sight': [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
  ],
}

function times(matrix: readonly [Three, Three, Three], [a, b, c]: Three): Three {
  const row = ([x, y, z]: Three) => x * a + y * b + z * c
  return [row(matrix[0]), row(matrix[1]), row(matrix[2])]
}

// sRGB to linear light, IEC 61966-2-1.
function linear(hex: string): Three {
  const part = (at: number) => {
    const value = Number.parseInt(hex.slice(at, at + 2), 16) / 255
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4
  }
  return [part(1), part(3), part(5)]
}

// Ottosson 2020, https://bottosson.github.io/posts/oklab/
function oklab(rgb: Three): Three {
  const clipped = rgb.map((value) => Math.min(1, Math.max(0, value))) as unknown as Three
  const cones = times(
    [
      [0.4122214708, 0.5363325363, 0.0514459929],
      [0.2119034982, 0.6806995451, 0.1073969566],
      [0.0883024619, 0.2817188376, 0.6299787005],
    ],
    clipped,
  ).map(Math.cbrt) as unknown as Three
  return times(
    [
      [0.2104542553, 0.793617785, -0.0040720468],
      [1.9779984951, -2.428592205, 0.4505937099],
      [0.0259040371, 0.7827717662, -0.808675766],
    ],
    cones,
  )
}

function seen(hex: string, deficiency: string): Three {
  return oklab(times(deficiencies[deficiency] as [Three, Three, Three], linear(hex)))
}

function distance(a: Three, b: Three): number {
  return Math.hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2])
}

// A difference of about 0.02 in OKLab is just seen between large patches side by side; small marks apart on white paper need
// several times that. Four times is asked for.
const least = 0.08

describe.each(Object.keys(deficiencies))('with %s', (deficiency) => {
  const see = (hex: string) => seen(hex, deficiency)

  test('arms that look different in colour stay apart by at least 0.08 in OKLab, and from white', () => {
    const paints = [...new Set(Object.values(armMarks).map(({ colour }) => colour))]
    for (const [index, one] of paints.entries())
      for (const other of [...paints.slice(index + 1), '#FFFFFF'])
        expect(distance(see(one), see(other)), `${one} ${other}`).toBeGreaterThan(least)
  })

  test('neighbours in a bar of levels stay apart, and so do the worst and the best level', () => {
    for (const [index, one] of levelColours.slice(1).entries())
      expect(distance(see(one), see(levelColours[index] ?? '')), one).toBeGreaterThan(least)
    expect(distance(see(levelColours[0]), see(levelColours[4]))).toBeGreaterThan(least)
  })

  test('heat maps get darker step by step, each step at least 0.08', () => {
    for (const [index, one] of heatColours.slice(1).entries())
      expect(see(heatColours[index] ?? '')[0] - see(one)[0], one).toBeGreaterThan(least)
  })

  test('the two signs stay apart from each other, from white and from the grey of no difference', () => {
    const paints = [signColours.below, signColours.above, signColours.zero, colours.faint]
    for (const one of paints.slice(0, 2))
      for (const other of paints.filter((paint) => paint !== one))
        expect(distance(see(one), see(other)), `${one} ${other}`).toBeGreaterThan(least)
  })
})

test('the simulation knows a known pair: a red and a green of equal lightness fall together for who lacks green cones', () => {
  const [red, green] = ['#CC5A4A', '#7F8A1E'] as const
  expect(distance(seen(red, 'deuteranopia'), seen(green, 'deuteranopia'))).toBeLessThan(
    distance(seen(red, 'full colour sight'), seen(green, 'full colour sight')) / 2,
  )
})

test('no two arms have both the same shape and the same colour', () => {
  const looks = Object.values(armMarks).map(({ shape, colour }) => `${shape} ${colour}`)
  expect(new Set(looks).size).toBe(looks.length)
})
