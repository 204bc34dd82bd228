import { createRequire } from 'node:module'

const file = createRequire(import.meta.url).resolve

/** The files of Arimo’s two weights that figures use, from the installed package. */
export const fontFiles = {
  normal: file('@expo-google-fonts/arimo/400Regular/Arimo_400Regular.ttf'),
  bold: file('@expo-google-fonts/arimo/700Bold/Arimo_700Bold.ttf'),
} as const

/** Those of italics, for words where a value is missing. */
export const italicFontFile = file('@expo-google-fonts/arimo/400Regular_Italic/Arimo_400Regular_Italic.ttf')
