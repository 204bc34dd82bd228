import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { createRequire, stripTypeScriptTypes } from 'node:module'
import { dirname, join } from 'node:path'
import { Script } from 'node:vm'

const require = createRequire(import.meta.url)

// Each package’s build for browsers stands beside its module.
const BUILDS = [
  join(dirname(require.resolve('vega')), 'vega.min.js'),
  join(dirname(require.resolve('vega-lite')), 'vega-lite.min.js'),
  join(dirname(require.resolve('vega-embed')), 'vega-embed.min.js'),
]

const IMPORT = /^import\s+[^'";]*?from\s+'([^']+)'[ \t]*;?/gmu

/** A script as it stands in the page, and the source by which the page's content policy allows it and no other. */
export type InlineScript = { text: string; source: string }

/** Vega, Vega-Lite and vega-embed in one script. */
export function vegaScript(): InlineScript {
  const texts = BUILDS.map((file) => readFileSync(file, 'utf8'))
  return inline(texts.map((text) => text.replace(/^\/\/# sourceMappingURL=.*$/gmu, '')).join('\n;\n'))
}

/** The page's own script, made of `reports/page/app.ts` and all that it imports, types taken off. */
export function appScript(): InlineScript {
  const files = new Map<string, string>()
  collect(join(import.meta.dirname, 'page', 'app.ts'), files)
  // In one strict block, two files that use the same name for a thing are a syntax error, which is found here.
  return inline(`'use strict';\n{\n${[...files.values()].join('\n')}\n}`)
}

// Depth first, so that what a file needs stands before it.
function collect(file: string, files: Map<string, string>): void {
  if (files.has(file)) return
  files.set(file, '')
  const plain = withoutTypes(readFileSync(file, 'utf8'))
  for (const [, path = ''] of plain.matchAll(IMPORT)) {
    if (!path.startsWith('.')) throw new Error(`${file} requires imports of files, got ${path}: the page has no packages`)
    collect(join(dirname(file), path), files)
  }
  files.delete(file)
  const text = plain.replace(IMPORT, '').replace(/^export\s+(?=\w)/gmu, '')
  files.set(file, text.replace(/[ \t]+$/gmu, ''))
}

// Node marks the function as experimental, which is our business and not that of who makes a report.
function withoutTypes(text: string): string {
  const { emitWarning } = process
  process.emitWarning = () => {}
  try {
    return stripTypeScriptTypes(text)
  } finally {
    process.emitWarning = emitWarning
  }
}

function inline(text: string): InlineScript {
  // A browser would end the script there, or read other text than was hashed.
  if (/<\/script|<!--|[\r\0]/iu.test(text))
    throw new Error('a script in the page requires text that HTML leaves as it is, got other')
  new Script(text)
  return { text, source: `'sha256-${createHash('sha256').update(text).digest('base64')}'` }
}
