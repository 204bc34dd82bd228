import { existsSync } from 'node:fs'
import { chromium } from 'playwright-core'

const executablePath = process.env.CHROMIUM_PATH ?? '/usr/bin/chromium'
const args = [
  ...['--no-sandbox', '--disable-gpu', '--disable-background-networking'],
  ...['--disable-component-update', '--disable-sync', '--no-first-run'],
]

/** Whether a browser is here; where it is not, one line says which test file is skipped. */
export function chromiumIsHere(file: string): boolean {
  const present = existsSync(executablePath)
  if (!present) process.stderr.write(`SKIPPED: ${file} needs Chromium, none at ${executablePath} (CHROMIUM_PATH)\n`)
  return present
}

/** Starts the browser, which asks nothing of the network by itself. */
export const launchChromium = () => chromium.launch({ executablePath, args })
