import { between, blob, inside, type Point, px, type Random, repeat } from './shapes.ts'
import { fineVessels, gleam, hairs, skin, skinDefs, TONES } from './skin.ts'
import type { Picture } from './skin-pictures.ts'

const NOSE =
  'M214 -10 C206 90 190 190 160 262 C140 300 128 330 140 362 C152 392 186 396 206 380 C222 398 246 408 268 408 C290 408 314 398 330 380 C350 396 384 392 396 362 C408 330 396 300 376 262 C346 190 330 90 322 -10 Z'

/** Light skin, a nose seen from the front; on its side a pearly pink bump with fine vessels and a crusted centre. */
export function noseBump(random: Random, width: number, height: number): Picture {
  const centre: Point = [346, 300]
  const outline = blob(random, centre, 50, 45, 0.04)
  const starts: Point[] = [
    [304, 282],
    [318, 332],
    [380, 330],
    [390, 286],
    [346, 256],
  ]
  const bead = (i: number) => {
    const angle = (2 * Math.PI * i) / 11
    const [x, y] = [centre[0] + 40 * Math.cos(angle), centre[1] + 36 * Math.sin(angle)]
    return `<circle cx="${px(x)}" cy="${px(y)}" r="${px(between(random, 9, 13))}"/>`
  }
  const defs = `${skinDefs(TONES.light, 5)}<clipPath id="nose"><path d="${NOSE}"/></clipPath>
<linearGradient id="bridge" x1="0" x2="1"><stop offset="0" stop-color="#b97f66"/><stop offset="0.3" stop-color="#eac0a6"/>
  <stop offset="0.5" stop-color="#f9e0d0"/><stop offset="0.72" stop-color="#e8bba0"/><stop offset="1" stop-color="#b4785f"/></linearGradient>
<radialGradient id="pearl" cx="0.4" cy="0.35" r="0.7"><stop offset="0" stop-color="#fbe3de"/><stop offset="0.55" stop-color="#eeb5ac"/>
  <stop offset="1" stop-color="#cf8580"/></radialGradient>`
  const body = `${skin(random, TONES.light, width, height)}
<path d="${NOSE}" fill="#7d4a38" opacity="0.55" filter="url(#mist)"/>
<path d="${NOSE}" fill="url(#bridge)" filter="url(#softer)"/>
<g clip-path="url(#nose)"><rect width="${width}" height="${height}" filter="url(#mottle)" opacity="0.35"/>
<path d="M196 300 C176 316 168 350 178 378" fill="none" stroke="#a0664f" stroke-width="7" opacity="0.6" filter="url(#softer)"/>
<path d="M340 300 C360 316 368 350 358 378" fill="none" stroke="#a0664f" stroke-width="7" opacity="0.6" filter="url(#softer)"/></g>
<g fill="#4a211a" filter="url(#softer)"><ellipse cx="222" cy="384" rx="27" ry="11" transform="rotate(-14 222 384)"/>
<ellipse cx="314" cy="384" rx="27" ry="11" transform="rotate(14 314 384)"/></g>
<path d="M150 440 C210 428 240 452 268 446 C296 452 326 428 386 440 L400 480 L136 480 Z" fill="#c3766b" opacity="0.75" filter="url(#softer)"/>
${gleam([262, 300], 13, 34, 0.4)}
<path d="${outline}" fill="#7a4234" opacity="0.6" filter="url(#cloud)" transform="translate(5 8)"/>
<path d="${outline}" fill="url(#pearl)" filter="url(#soft)"/>
<g fill="#fbe9e4" opacity="0.5" filter="url(#softer)">${repeat(11, bead)}</g>
${fineVessels(random, starts, centre, '#b3262c')}
<path d="${blob(random, centre, 19, 16, 0.16)}" fill="#b25247" filter="url(#softer)"/>
<path d="${blob(random, centre, 14, 12, 0.2)}" fill="#5b231a" filter="url(#soft)"/>
<path d="${blob(random, [343, 297], 5, 4, 0.2)}" fill="#a8703a" opacity="0.9" filter="url(#soft)"/>
${gleam([324, 276], 8, 4, 0.85)}`
  return { defs, body }
}

const FOREARM =
  'M-20 96 C120 60 250 74 360 112 C430 134 480 142 540 146 L540 330 C470 340 420 356 350 386 C240 430 100 436 -20 410 Z'

/** A forearm of medium tone on a grey cloth; on it a black scab in a swollen red rim with small blisters. */
export function blackScab(random: Random, width: number, height: number): Picture {
  const centre: Point = [236, 244]
  const blister = (i: number) => {
    const angle = (2 * Math.PI * i) / 13 + between(random, -0.12, 0.12)
    const reach = between(random, 0.94, 1.08)
    const [x, y] = [centre[0] + 74 * reach * Math.cos(angle), centre[1] + 62 * reach * Math.sin(angle)]
    const r = between(random, 5, 8.5)
    return `<circle cx="${px(x)}" cy="${px(y)}" r="${px(r)}" fill="#d99a7c" stroke="#8a3b2c" stroke-width="1.4"/><circle cx="${px(x - r * 0.3)}" cy="${px(y - r * 0.35)}" r="${px(r * 0.3)}" fill="#fff" opacity="0.75"/>`
  }
  const crack = () => {
    const [x, y] = inside(random, centre, 38, 30)
    return `<path d="${blob(random, [x, y], between(random, 3, 9), between(random, 2, 5), 0.3)}"/>`
  }
  const defs = `${skinDefs(TONES.medium, 71)}<clipPath id="arm"><path d="${FOREARM}"/></clipPath>
<linearGradient id="round" x1="0" y1="0" x2="0" y2="1"><stop offset="0.1" stop-color="#5f3a22" stop-opacity="0.55"/>
  <stop offset="0.3" stop-color="#fff" stop-opacity="0.1"/><stop offset="0.55" stop-color="#5f3a22" stop-opacity="0"/>
  <stop offset="0.9" stop-color="#3d2413" stop-opacity="0.75"/></linearGradient>`
  const body = `<rect width="${width}" height="${height}" fill="#8d979b"/>
<path d="${FOREARM}" fill="#2c3235" opacity="0.7" filter="url(#cloud)" transform="translate(4 16)"/>
<g clip-path="url(#arm)">${skin(random, TONES.medium, width, height)}<rect width="${width}" height="${height}" fill="url(#round)"/>
<path d="${blob(random, centre, 128, 106, 0.06)}" fill="#c24a36" opacity="0.5" filter="url(#mist)"/>
<path d="${blob(random, centre, 92, 78, 0.05)}" fill="#b03526" opacity="0.75" filter="url(#cloud)"/>
<path d="${blob(random, [228, 232], 78, 60, 0.05)}" fill="#e08b70" opacity="0.55" filter="url(#cloud)"/>
${hairs(random, 46, '#2a1a10', width, height)}</g>
<g filter="url(#soft)">${repeat(13, blister)}</g>
<path d="${blob(random, centre, 58, 47, 0.1)}" fill="#6d1d18" filter="url(#softer)"/>
<path d="${blob(random, centre, 50, 40, 0.13)}" fill="#120c0b" filter="url(#soft)"/>
<g fill="#342723" opacity="0.9" filter="url(#soft)">${repeat(16, crack)}</g>
${gleam([218, 226], 14, 4, 0.25)}`
  return { defs, body }
}
