import { writeFileSync } from 'node:fs'
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus'

/** Values of GGUF metadata, by the type that is written. */
type Value =
  | { readonly u32: number }
  | { readonly f32: number }
  | { readonly bool: boolean }
  | { readonly text: string }
  | { readonly texts: readonly string[] }
  | { readonly f32s: readonly number[] }
  | { readonly i32s: readonly number[] }
interface Tensor {
  readonly name: string
  readonly shape: readonly number[]
  readonly constant?: number
}

const WIDTH = 64
const HEADS = 4
const HIDDEN = 128
const LAYERS = 2
const PATCH = 14
const SIDE = 4

/** Writes a language model with random weights, as llama.cpp reads it: it knows bytes only, and what it says means nothing. */
export function writeTinyText(file: string): void {
  const bytes = Array.from({ length: 256 }, (_, i) => `<0x${i.toString(16).toUpperCase().padStart(2, '0')}>`)
  const tokens = ['<unk>', '<s>', '</s>', ...bytes]
  const layer = (i: number): Tensor[] => [
    norm(`blk.${i}.attn_norm`, WIDTH),
    ...['q', 'k', 'v', 'output'].map((part) => weight(`blk.${i}.attn_${part}`, WIDTH, WIDTH)),
    norm(`blk.${i}.ffn_norm`, WIDTH),
    weight(`blk.${i}.ffn_gate`, WIDTH, HIDDEN),
    weight(`blk.${i}.ffn_up`, WIDTH, HIDDEN),
    weight(`blk.${i}.ffn_down`, HIDDEN, WIDTH),
  ]
  writeGguf(
    file,
    {
      'general.architecture': { text: 'llama' },
      'general.name': { text: 'tiny random text' },
      'llama.context_length': { u32: 16_384 },
      'llama.embedding_length': { u32: WIDTH },
      'llama.block_count': { u32: LAYERS },
      'llama.feed_forward_length': { u32: HIDDEN },
      'llama.attention.head_count': { u32: HEADS },
      'llama.attention.head_count_kv': { u32: HEADS },
      'llama.attention.layer_norm_rms_epsilon': { f32: 1e-5 },
      'llama.rope.dimension_count': { u32: WIDTH / HEADS },
      'llama.vocab_size': { u32: tokens.length },
      'tokenizer.ggml.model': { text: 'llama' },
      'tokenizer.ggml.tokens': { texts: tokens },
      'tokenizer.ggml.scores': { f32s: tokens.map(() => 0) },
      'tokenizer.ggml.token_type': { i32s: tokens.map((_, i) => (i === 0 ? 2 : i < 3 ? 3 : 6)) },
      'tokenizer.ggml.bos_token_id': { u32: 1 },
      'tokenizer.ggml.eos_token_id': { u32: 2 },
      'tokenizer.ggml.unknown_token_id': { u32: 0 },
      // Without it every request with a schema fails.
      'tokenizer.ggml.add_space_prefix': { bool: false },
      'tokenizer.chat_template': {
        text: "{% for message in messages %}{{ '[' + message['role'] + '] ' + message['content'] + '\\n' }}{% endfor %}[assistant] ",
      },
    },
    [
      weight('token_embd', WIDTH, tokens.length),
      ...Array.from({ length: LAYERS }, (_, i) => layer(i)).flat(),
      norm('output_norm', WIDTH),
      weight('output', WIDTH, tokens.length),
    ],
  )
}

/** Writes a picture encoder with random weights in front of that language model. */
export function writeTinyVision(file: string): void {
  const layer = (i: number): Tensor[] => [
    ...['ln1', 'ln2'].flatMap((part) => [norm(`v.blk.${i}.${part}`, WIDTH), bias(`v.blk.${i}.${part}`, WIDTH)]),
    ...['q', 'k', 'v', 'out'].flatMap((part) => [
      weight(`v.blk.${i}.attn_${part}`, WIDTH, WIDTH),
      bias(`v.blk.${i}.attn_${part}`, WIDTH),
    ]),
    ...[weight(`v.blk.${i}.ffn_up`, WIDTH, HIDDEN), bias(`v.blk.${i}.ffn_up`, HIDDEN)],
    ...[weight(`v.blk.${i}.ffn_down`, HIDDEN, WIDTH), bias(`v.blk.${i}.ffn_down`, WIDTH)],
  ]
  writeGguf(
    file,
    {
      'general.architecture': { text: 'clip' },
      'general.name': { text: 'tiny random vision' },
      'clip.has_vision_encoder': { bool: true },
      'clip.projector_type': { text: 'mlp' },
      'clip.use_gelu': { bool: true },
      'clip.vision.image_size': { u32: PATCH * SIDE },
      'clip.vision.patch_size': { u32: PATCH },
      'clip.vision.embedding_length': { u32: WIDTH },
      'clip.vision.feed_forward_length': { u32: HIDDEN },
      'clip.vision.projection_dim': { u32: WIDTH },
      'clip.vision.block_count': { u32: LAYERS },
      'clip.vision.attention.head_count': { u32: HEADS },
      'clip.vision.attention.layer_norm_epsilon': { f32: 1e-5 },
      'clip.vision.image_mean': { f32s: [0.5, 0.5, 0.5] },
      'clip.vision.image_std': { f32s: [0.25, 0.25, 0.25] },
    },
    [
      { name: 'v.class_embd', shape: [WIDTH] },
      { name: 'v.patch_embd.weight', shape: [PATCH, PATCH, 3, WIDTH] },
      { name: 'v.position_embd.weight', shape: [WIDTH, SIDE * SIDE + 1] },
      norm('v.pre_ln', WIDTH),
      bias('v.pre_ln', WIDTH),
      ...Array.from({ length: LAYERS }, (_, i) => layer(i)).flat(),
      weight('mm.0', WIDTH, WIDTH),
      bias('mm.0', WIDTH),
      weight('mm.2', WIDTH, WIDTH),
      bias('mm.2', WIDTH),
    ],
  )
}

function weight(name: string, rows: number, columns: number): Tensor {
  return { name: `${name}.weight`, shape: [rows, columns] }
}

function norm(name: string, width: number): Tensor {
  return { name: `${name}.weight`, shape: [width], constant: 1 }
}

function bias(name: string, width: number): Tensor {
  return { name: `${name}.bias`, shape: [width], constant: 0 }
}

/** GGUF version 3, little-endian, all tensors as 32-bit floats: https://github.com/ggml-org/ggml/blob/master/docs/gguf.md */
function writeGguf(file: string, metadata: Readonly<Record<string, Value>>, tensors: readonly Tensor[]): void {
  const random = xoroshiro128plus(1)
  const header = [Buffer.from('GGUF'), u32(3), u64(tensors.length), u64(Object.keys(metadata).length)]
  const fields = Object.entries(metadata).flatMap(([key, value]) => [text(key), ...valueBytes(value)])
  const infos: Buffer[] = []
  const data: Buffer[] = []
  let offset = 0
  for (const { name, shape, constant } of tensors) {
    const values = Float32Array.from({ length: shape.reduce((a, b) => a * b) }, () => constant ?? (random.next() / 2 ** 31) * 0.3)
    const bytes = padded(Buffer.from(values.buffer))
    infos.push(text(name), u32(shape.length), ...shape.map(u64), u32(0), u64(offset))
    data.push(bytes)
    offset += bytes.length
  }
  writeFileSync(file, Buffer.concat([padded(Buffer.concat([...header, ...fields, ...infos])), ...data]))
}

function valueBytes(value: Value): Buffer[] {
  if ('u32' in value) return [u32(4), u32(value.u32)]
  if ('f32' in value) return [u32(6), f32(value.f32)]
  if ('bool' in value) return [u32(7), Buffer.from([value.bool ? 1 : 0])]
  if ('text' in value) return [u32(8), text(value.text)]
  if ('texts' in value) return [u32(9), u32(8), u64(value.texts.length), ...value.texts.map(text)]
  if ('f32s' in value) return [u32(9), u32(6), u64(value.f32s.length), ...value.f32s.map(f32)]
  return [u32(9), u32(5), u64(value.i32s.length), ...value.i32s.map(u32)]
}

function padded(bytes: Buffer): Buffer {
  return Buffer.concat([bytes, Buffer.alloc((32 - (bytes.length % 32)) % 32)])
}

function u32(value: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32LE(value)
  return bytes
}

function u64(value: number): Buffer {
  const bytes = Buffer.alloc(8)
  bytes.writeBigUInt64LE(BigInt(value))
  return bytes
}

function f32(value: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeFloatLE(value)
  return bytes
}

function text(value: string): Buffer {
  const bytes = Buffer.from(value, 'utf8')
  return Buffer.concat([u64(bytes.length), bytes])
}
