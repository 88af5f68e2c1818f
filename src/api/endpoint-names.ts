import { randomInt } from 'node:crypto'

const qualities =
  'amber brave brisk calm clear clever cosy crisp dapper eager fair fine fond fresh gentle glad golden grand happy keen kind light lively lucky mellow merry mild neat noble patient plain proud quick quiet ready silver smart snug spry steady sunny sure swift tidy warm wise witty zesty'.split(
    ' ',
  )
const animals =
  'badger beaver bison bittern crane curlew deer dipper dove egret falcon ferret finch fox gecko goose hare heron ibex jackdaw kestrel lark linnet lynx marten mole moth newt osprey otter owl pika plover puffin quail raven robin seal shrew siskin stoat stork swan swift tern toad trout vole weasel wren'.split(
    ' ',
  )

const pick = (words: readonly string[]): string => words[randomInt(words.length)] ?? 'endpoint'

/** A name that people can say: `calm-otter-42`. Some 200,000 of them; whoever finds one taken draws again. */
export const generatedName = (): string => `${pick(qualities)}-${pick(animals)}-${randomInt(10, 100)}`
