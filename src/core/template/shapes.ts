import type { EventShape, EventShapeName, ShapedEvent } from './event-shape.ts'
import type { TemplateLanguage } from './language.ts'
import { readTsuru } from './tsuru/read.ts'
import { tsuruShape } from './tsuru/shape.ts'

/** Of the languages that came with another product's events. */
export const shapes: Partial<Record<TemplateLanguage, EventShape>> = { tsuru: tsuruShape }

/** Null for a body that is no such event. */
export const readShapes: Record<EventShapeName, (json: unknown) => ShapedEvent | null> = { tsuru: readTsuru }
