import { GoStruct, type GoType } from '../go/values.ts'

/** primitive.ObjectID: 24 hexadecimal digits, the first eight of them seconds. */
export const objectId = (hex: string): GoStruct<string> => new GoStruct(objectIdType, hex)

export const zeroId = '0'.repeat(24)

const print = (hex: string): string => `ObjectID("${hex}")`

const objectIdType: GoType<string> = {
  name: 'primitive.ObjectID',
  fields: new Map(),
  methods: new Map([
    ['Hex', { parameters: [], call: (hex: string) => hex }],
    ['IsZero', { parameters: [], call: (hex: string) => hex === zeroId }],
    ['String', { parameters: [], call: print }],
    [
      'Timestamp',
      { parameters: [], call: (hex: string) => new Date(Number.parseInt(hex.slice(0, 8), 16) * 1000) },
    ],
  ]),
  print,
}
