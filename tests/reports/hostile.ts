/** Names that try to be markup, formulas or other scripts, and one of 60 characters; no two look alike. */
export const hostileNames = [
  '\\input{/etc/passwd}%$&#_^~{}',
  "=cmd|' /C calc'!A0",
  'a|b*c_d`e`[f](https://x.example)<script>alert(1)</script>',
  'abc\u202Edcba',
  'نموذج اللغة',
  '日本語モデル',
  'm'.repeat(60),
  'line\nbreak\\\\tab\there',
  '#set text(red) $x$ @cite ""\'"--- \u0007 ??`',
]
