import { between, blob, inside, type Random, repeat } from './shapes.ts'
import { blur } from './skin.ts'
import type { Picture } from './skin-pictures.ts'

const TRUNK =
  'M176 -10 C168 40 110 58 52 84 C16 104 4 170 10 260 C14 350 22 420 30 490 L482 490 C490 420 498 350 502 260 C508 170 496 104 460 84 C402 58 344 40 336 -10 Z'
const RIGHT_LUNG =
  'M196 76 C158 74 122 118 104 196 C90 262 84 322 88 372 C122 344 172 338 214 360 C222 300 226 232 224 172 C224 130 218 84 196 76 Z'
const LEFT_LUNG =
  'M316 76 C354 74 390 118 408 196 C422 262 428 326 424 384 C400 366 376 360 352 366 C352 330 334 286 306 252 C294 226 288 190 290 164 C290 128 296 84 316 76 Z'
const HEART =
  'M226 168 C234 156 276 152 288 166 C296 200 306 236 326 266 C350 302 360 336 346 368 C310 392 250 388 218 366 C206 336 208 300 216 270 C222 236 222 200 226 168 Z'

/** A chest radiograph in greys, seen from the front; low in the lung on the viewer's left lies a cloudy white patch. */
export function chestRadiograph(random: Random, width: number, height: number): Picture {
  const rib = (i: number) => {
    const y = 92 + i * 33
    const reach = 112 + i * 12
    const fall = 30 + i * 5
    const arch = (side: number) =>
      `<path d="M${256 + side * 22} ${y} C${256 + side * 90} ${y - 26} ${256 + side * (reach + 34)} ${y - 4} ${256 + side * (reach + 40)} ${y + fall + 26} C${256 + side * (reach + 20)} ${y + fall + 58} ${256 + side * 130} ${y + fall + 72} ${256 + side * 74} ${y + fall + 74}"/>`
    return arch(-1) + arch(1)
  }
  const vertebra = (i: number) => `<rect x="236" y="${12 + i * 30}" width="40" height="24" rx="5"/>`
  const puff = () => {
    const [x, y] = inside(random, [150, 292], 44, 40)
    return `<path d="${blob(random, [x, y], between(random, 10, 24), between(random, 9, 20), 0.2)}" opacity="${(0.16 + 0.14 * random()).toFixed(2)}"/>`
  }
  const marking = (side: number) => () => {
    const from = 256 + side * 44
    const to = 256 + side * between(random, 70, 130)
    const end = between(random, 130, 335)
    return `<path stroke-width="${between(random, 1, 3).toFixed(1)}" d="M${from} 214 Q${((from + to) / 2).toFixed(1)} ${(214 + (end - 214) * 0.3).toFixed(1)} ${to.toFixed(1)} ${end.toFixed(1)}"/>`
  }
  const defs = `${blur('edge', 2)}${blur('bone', 1.5)}${blur('haze', 8)}${blur('fade', 16)}
<clipPath id="lungs"><path d="${RIGHT_LUNG}"/><path d="${LEFT_LUNG}"/></clipPath><clipPath id="trunk"><path d="${TRUNK}"/></clipPath>
<linearGradient id="tissue" x1="0" y1="0" x2="0" y2="1"><stop offset="0" stop-color="#6b6b6b"/><stop offset="0.7" stop-color="#8d8d8d"/>
  <stop offset="1" stop-color="#b4b4b4"/></linearGradient>
<radialGradient id="heart" cx="0.5" cy="0.6" r="0.7"><stop offset="0" stop-color="#d2d2d2"/><stop offset="1" stop-color="#a6a6a6"/></radialGradient>`
  const body = `<rect width="${width}" height="${height}" fill="#050505"/>
<path d="${TRUNK}" fill="url(#tissue)" filter="url(#edge)"/>
<g fill="#1d1d1d" filter="url(#edge)"><path d="${RIGHT_LUNG}"/><path d="${LEFT_LUNG}"/></g>
<g clip-path="url(#lungs)"><g fill="none" stroke="#8a8a8a" opacity="0.5" filter="url(#bone)">${repeat(22, marking(-1))}${repeat(18, marking(1))}</g>
<g fill="#9a9a9a" opacity="0.6" filter="url(#haze)"><ellipse cx="208" cy="216" rx="20" ry="34"/><ellipse cx="304" cy="206" rx="20" ry="32"/></g></g>
<path d="M60 500 C70 392 160 326 224 364 L300 372 C350 352 400 356 446 420 L452 500 Z" fill="#c2c2c2" opacity="0.75" filter="url(#edge)"/>
<ellipse cx="398" cy="414" rx="30" ry="17" fill="#3a3a3a" opacity="0.8" filter="url(#haze)"/>
<g fill="#c4c4c4" opacity="0.5" filter="url(#bone)">${repeat(16, vertebra)}</g>
<path d="M250 -10 L248 150 L264 150 L262 -10 Z" fill="#2a2a2a" opacity="0.6" filter="url(#edge)"/>
<path d="${HEART}" fill="url(#heart)" filter="url(#edge)"/><circle cx="286" cy="160" r="22" fill="#b4b4b4" filter="url(#edge)"/>
<g clip-path="url(#trunk)"><g fill="none" stroke="#e0e0e0" stroke-width="10" opacity="0.26" filter="url(#bone)">${repeat(8, rib)}</g></g>
<g fill="none" stroke="#e2e2e2" stroke-width="14" stroke-linecap="round" opacity="0.5" filter="url(#bone)">
<path d="M238 96 C190 74 130 82 62 92"/><path d="M274 96 C322 74 382 82 450 92"/></g>
<g clip-path="url(#lungs)"><path d="${blob(random, [150, 292], 60, 50, 0.08)}" fill="#e6e6e6" opacity="0.62" filter="url(#fade)"/>
<g fill="#f4f4f4" filter="url(#haze)">${repeat(30, puff)}</g>
<g fill="none" stroke="#2c2c2c" stroke-width="3" stroke-linecap="round" opacity="0.5" filter="url(#bone)">
<path d="M200 244 Q176 262 164 304"/><path d="M184 258 Q156 266 130 292"/><path d="M172 284 Q150 306 148 326"/></g></g>`
  return { defs, body }
}
