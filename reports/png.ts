import { crc32 } from 'node:zlib'
import { Resvg } from '@resvg/resvg-js'
import { fontFiles, italicFontFile } from './font-files.ts'
import { type FigureSize, figureWidth } from './theme.ts'

const dotsPerInch = 300
const metresPerInch = 0.0254

/**
 * A figure’s SVG as PNG at 300 dots per inch: 975 pixels wide for a column, 2025 for the full width, and the resolution
 * written into the file. Text is set in Arimo from its files, no font of the system is used; equal input gives equal bytes.
 */
export function figurePng(svg: string, size: FigureSize): Buffer {
  const font = {
    loadSystemFonts: false,
    fontFiles: [fontFiles.normal, fontFiles.bold, italicFontFile],
    defaultFontFamily: 'Arimo',
    sansSerifFamily: 'Arimo',
  }
  const value = (figureWidth[size] / 72) * dotsPerInch
  return withResolution(new Resvg(svg, { font, fitTo: { mode: 'width', value } }).render().asPng())
}

// The chunk pHYs (PNG specification, 11.3.4.3) comes right after the header, which is 33 bytes with the signature.
function withResolution(png: Buffer): Buffer {
  const dotsPerMetre = Math.round(dotsPerInch / metresPerInch)
  const chunk = Buffer.concat([uint32(9), Buffer.from('pHYs'), uint32(dotsPerMetre), uint32(dotsPerMetre), Buffer.from([1])])
  const check = uint32(crc32(chunk.subarray(4)))
  return Buffer.concat([png.subarray(0, 33), chunk, check, png.subarray(33)])
}

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32BE(value)
  return bytes
}
