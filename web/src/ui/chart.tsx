import 'uplot/dist/uPlot.min.css'
import { useEffect, useRef, useState, useSyncExternalStore } from 'react'
import uPlot from 'uplot'
import { useTheme } from '../app/theme.ts'

export interface ChartSeries {
  label: string
  /** A colour of the style sheet, such as `--color-accent`. */
  colour: string
  values: readonly (number | null)[]
  dashed?: boolean
}

export interface ChartProps {
  /** Beginnings of the points, in milliseconds. */
  times: readonly number[]
  stepMs: number
  series: readonly ChartSeries[]
  format: (value: number) => string
  /** A point was clicked, or a span drawn. */
  onPick: (fromMs: number, toMs: number) => void
}

const height = 170
const clickPixels = 5

/** Lines over time. It is a picture only: the table beside it says the same to everybody. */
export default function Chart({ times, stepMs, series, format, onPick }: ChartProps) {
  const host = useRef<HTMLDivElement>(null)
  const plot = useRef<uPlot>(undefined)
  const [at, setAt] = useState<number | null>(null)
  const theme = useTheme()
  const isDark = useSyncExternalStore(watchDark, () => dark.matches)
  const latest = useRef({ onPick, stepMs, times })
  latest.current = { onPick, stepMs, times }
  const names = series.map(one => `${one.label} ${one.colour}`).join()

  useEffect(() => {
    const element = host.current
    if (!element) return
    const made = new uPlot(
      optionsOf(element, series, format, {
        point: setAt,
        pick: (from, to) => latest.current.onPick(from, to),
        stepMs: () => latest.current.stepMs,
      }),
      [[], ...series.map(() => [])],
      element,
    )
    plot.current = made
    const observer = new ResizeObserver(() => made.setSize({ width: element.clientWidth, height }))
    observer.observe(element)
    return () => {
      observer.disconnect()
      made.destroy()
      plot.current = undefined
    }
  }, [names, theme, isDark])

  useEffect(() => {
    plot.current?.setData([times.map(ms => ms / 1000), ...series.map(one => [...one.values])])
  }, [times, series, names, theme, isDark])

  const shown = at !== null && times[at] !== undefined ? at : null
  return (
    <div aria-hidden>
      <p className="flex h-5 flex-wrap items-center gap-x-4 overflow-hidden text-[13px] text-soft">
        {series.map(one => {
          const value = shown === null ? null : (one.values[shown] ?? null)
          return (
            <span key={one.label} className="inline-flex items-center gap-1.5">
              <span
                className={`inline-block h-0 w-3.5 border-t-2 ${one.dashed ? 'border-dashed' : ''}`}
                style={{ borderColor: `var(${one.colour})` }}
              />
              {one.label}
              {value !== null && <strong className="font-medium text-ink">{format(value)}</strong>}
            </span>
          )
        })}
        {shown !== null && <span className="ml-auto">{clock.format(times[shown])}</span>}
      </p>
      <div ref={host} className="cursor-pointer overflow-hidden" style={{ height }} />
    </div>
  )
}

const clock = new Intl.DateTimeFormat(undefined, {
  day: 'numeric',
  month: 'short',
  hour: '2-digit',
  minute: '2-digit',
  hour12: false,
})

const dark = matchMedia('(prefers-color-scheme: dark)')
function watchDark(listener: () => void): () => void {
  dark.addEventListener('change', listener)
  return () => dark.removeEventListener('change', listener)
}

interface Hooks {
  point(at: number | null): void
  pick(fromMs: number, toMs: number): void
  stepMs(): number
}

function optionsOf(
  element: HTMLElement,
  series: readonly ChartSeries[],
  format: (value: number) => string,
  hooks: Hooks,
): uPlot.Options {
  const paint = painterOf(element)
  const axis: uPlot.Axis = {
    stroke: paint('--color-soft'),
    font: '12px system-ui, sans-serif',
    grid: { stroke: paint('--color-line'), width: 1 },
    ticks: { show: false },
  }
  return {
    width: Math.max(1, element.clientWidth),
    height,
    legend: { show: false },
    padding: [8, 20, 0, 0],
    cursor: { y: false, drag: { x: true, y: false, setScale: false }, points: { size: 6 } },
    scales: { x: { time: true }, y: { range: (_plot, _min, max) => [0, max > 0 ? max * 1.1 : 1] } },
    axes: [
      { ...axis, size: 28, values: timeLabels },
      { ...axis, size: 58, values: (_plot, splits) => splits.map(format) },
    ],
    series: [
      {},
      ...series.map(one => ({
        label: one.label,
        stroke: paint(one.colour),
        width: 2,
        // A single value between gaps would be no line.
        points: { show: true, size: 4, fill: paint(one.colour) },
        ...(one.dashed ? { dash: [5, 4] } : {}),
      })),
    ],
    hooks: {
      setCursor: [plot => hooks.point(plot.cursor.idx ?? null)],
      setSelect: [
        plot => {
          const { left, width } = plot.select
          if (width < clickPixels) return
          const edge = (pixels: number) => plot.posToVal(pixels, 'x') * 1000
          hooks.pick(edge(left), edge(left + width))
        },
      ],
      ready: [plot => listenForClicks(plot, hooks)],
    },
  }
}

/** The last moved pointer may have drawn a span: that is no click. */
function listenForClicks(plot: uPlot, hooks: Hooks): void {
  let downX = 0
  plot.over.addEventListener('mousedown', event => {
    downX = event.clientX
  })
  plot.over.addEventListener('click', event => {
    if (Math.abs(event.clientX - downX) >= clickPixels) return
    const time = plot.data[0][plot.posToIdx(event.clientX - plot.over.getBoundingClientRect().left)]
    if (time !== undefined) hooks.pick(time * 1000, time * 1000 + hooks.stepMs())
  })
}

/** Canvas knows no variables and no light-dark(): a colour is asked for where it is already resolved. */
function painterOf(element: HTMLElement): (colour: string) => string {
  return colour => {
    const probe = document.createElement('span')
    probe.style.color = `var(${colour})`
    element.append(probe)
    const resolved = getComputedStyle(probe).color
    probe.remove()
    return resolved
  }
}

const ofDay = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit', hour12: false })
const ofYear = new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'short' })

const timeLabels = (_plot: uPlot, splits: number[], _axis: number, _space: number, step: number): string[] =>
  splits.map(seconds => {
    const date = new Date(seconds * 1000)
    const isMidnight = date.getHours() === 0 && date.getMinutes() === 0
    return step >= 86_400 || isMidnight ? ofYear.format(date) : ofDay.format(date)
  })
