/** bson.RawValue, bson.Raw and bson.RawElement, with those methods that only read and do not need Go to take their answer. */
import { fail } from '../go/failure.ts'
import { Float, GoStruct, int32, int64, namedInteger, type GoMethod, type GoType } from '../go/values.ts'
import { bsonNames, bsonText, elementText, type Bson } from './bson.ts'
import { objectId } from './object-id.ts'

type Document = Extract<Bson, { code: 3 }>
type Member = [key: string, value: Bson]

export const rawValue = (bson: Bson): GoStruct<Bson> => new GoStruct(rawValueType, bson)

const reading = <Self>(call: (self: Self) => unknown): GoMethod<Self> => ({ parameters: [], call })

/** Answers a value of one type, and fails for any other, as the driver panics. */
const only = <Code extends Bson['code']>(
  name: string,
  codes: readonly Code[],
  read: (bson: Extract<Bson, { code: Code }>) => unknown,
): [string, GoMethod<Bson>] => [
  name,
  reading(bson => {
    if (!codes.includes(bson.code as Code)) {
      fail(`Call of bsoncore.Value.${name} on ${bsonNames[bson.code] || 'invalid'} type`)
    }
    return read(bson as Extract<Bson, { code: Code }>)
  }),
]

const rawValueType: GoType<Bson> = {
  name: 'bson.RawValue',
  fields: new Map([['Type', (bson: Bson) => new GoStruct(codeType, BigInt(bson.code))]]),
  methods: new Map<string, GoMethod<Bson>>([
    ['String', reading(bsonText)],
    ['IsZero', reading(bson => bson.code === 0)],
    ['IsNumber', reading(bson => bson.code === 1 || bson.code === 16 || bson.code === 18)],
    only('StringValue', [2], bson => bson.value),
    only('Boolean', [8], bson => bson.value),
    only('Double', [1], bson => new Float(bson.value)),
    only('Int32', [16], bson => int32(bson.value)),
    only('Int64', [18], bson => int64(bson.value)),
    only('AsInt32', [1, 16, 18], bson => int32(whole(bson.value))),
    only('AsInt64', [1, 16, 18], bson => int64(whole(bson.value))),
    only('DateTime', [9], bson => int64(bson.milliseconds)),
    only('Time', [9], bson => new Date(Number(bson.milliseconds))),
    only('ObjectID', [7], bson => objectId(bson.hex)),
    only('Document', [3], bson => new GoStruct(rawType, bson)),
    // The driver has no type of its own for an array: it is a document with the keys "0", "1" …
    only('Array', [4], bson => new GoStruct(rawType, asDocument(bson.elements))),
  ]),
  print: bsonText,
}

function whole(value: number | bigint): bigint {
  if (typeof value === 'bigint') return value
  return Number.isFinite(value) ? BigInt(Math.trunc(value)) : fail(`${value} is no whole number`)
}

const asDocument = (elements: readonly Bson[]): Document => ({
  code: 3,
  members: elements.map((element, index): Member => [String(index), element]),
})

const codeType = namedInteger(
  'bsontype.Type',
  code => (bsonNames as Record<string, string>)[String(code)] || 'invalid',
)

const rawType: GoType<Document> = {
  name: 'bson.Raw',
  fields: new Map(),
  methods: new Map<string, GoMethod<Document>>([
    ['String', reading(bsonText)],
    [
      'Lookup',
      {
        parameters: [],
        rest: 'string',
        call: (self: Document, ...keys: string[]) => rawValue(lookUp(self, keys) ?? { code: 0 }),
      },
    ],
    [
      'LookupErr',
      {
        parameters: [],
        rest: 'string',
        call: (self: Document, ...keys: string[]) =>
          rawValue(lookUp(self, keys) ?? fail('element not found')),
      },
    ],
    ['Index', { parameters: ['int'], call: (self: Document, index: bigint) => element(self, index) }],
    ['IndexErr', { parameters: ['int'], call: (self: Document, index: bigint) => element(self, index) }],
    ['Values', reading(({ members }) => members.map(([, value]) => rawValue(value)))],
    ['Elements', reading(({ members }) => members.map(member => new GoStruct(elementType, member)))],
  ]),
  print: bsonText,
}

/** Each key goes one level deeper, into arrays by their position. */
function lookUp({ members }: Document, [key, ...deeper]: readonly string[]): Bson | undefined {
  const found = members.find(([name]) => name === key)?.[1]
  if (deeper.length === 0 || found === undefined) return found
  if (found.code === 3) return lookUp(found, deeper)
  return found.code === 4 ? lookUp(asDocument(found.elements), deeper) : undefined
}

const element = ({ members }: Document, index: bigint): GoStruct<Member> =>
  new GoStruct(elementType, members[Number(index)] ?? fail('out of bounds'))

const elementType: GoType<Member> = {
  name: 'bson.RawElement',
  fields: new Map(),
  methods: new Map<string, GoMethod<Member>>([
    ['Key', reading(([key]) => key)],
    ['Value', reading(([, value]) => rawValue(value))],
    ['String', reading(elementText)],
  ]),
  print: elementText,
}
