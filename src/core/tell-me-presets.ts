interface Preset {
  title: string
  /** Where somebody finds the URL. */
  hint: string
  /** Of the URLs that are plainly of this kind. */
  host: RegExp | null
  body: string
}

const mark = '{{$mark := "🟢"}}{{if .event.error}}{{$mark = "🔴"}}{{end}}'
/** Long enough for every sentence of ours; what a target says in it may be anything. */
const text = '(printf "%.1500s" .body.text)'

/** What a target or a sender wrote is in the text: no preset lets it mention anybody, or make a link. */
export const presets = {
  slack: {
    title: 'Slack',
    hint: 'An incoming webhook of a Slack app: https://hooks.slack.com/services/…',
    host: /^hooks\.slack(-gov)?\.com$/,
    body: `${mark}
{{- $text := ${text} | replace "&" "&amp;" | replace "<" "&lt;" | replace ">" "&gt;"}}
{{- $link := ""}}{{with .body.url}}{{$link = printf "\\n<%s|Open in Signalbox>" .}}{{end -}}
{"text": {{printf "%s %s%s" $mark $text $link | toJson}}}`,
  },
  teams: {
    title: 'Microsoft Teams',
    hint: 'The URL of a workflow “Post to a channel when a webhook request is received”',
    host: /\.(logic\.azure\.com|environment\.api\.powerplatform\.com|webhook\.office\.com)$/,
    body: `${mark}
{
  "type": "message",
  "attachments": [{
    "contentType": "application/vnd.microsoft.card.adaptive",
    "content": {
      "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
      "type": "AdaptiveCard",
      "version": "1.4",
      "body": [{"type": "RichTextBlock", "inlines": [{"type": "TextRun", "text": {{printf "%s %s" $mark ${text} | toJson}}}]}],
      "actions": [{{with .body.url}}{"type": "Action.OpenUrl", "title": "Open in Signalbox", "url": {{toJson .}}}{{end}}]
    }
  }]
}`,
  },
  discord: {
    title: 'Discord',
    hint: 'A webhook of a channel: https://discord.com/api/webhooks/…',
    host: /^(ptb\.|canary\.)?discord(app)?\.com$/,
    body: `${mark}
{{- $link := ""}}{{with .body.url}}{{$link = printf "\\n<%s>" .}}{{end -}}
{"content": {{printf "%s %s%s" $mark (${text} | replace "[" "\\\\[") $link | toJson}}, "allowed_mentions": {"parse": []}}`,
  },
  json: {
    title: 'Plain JSON',
    hint: 'Any URL that takes JSON: kind, state, text, url, targets, time, eventId',
    host: null,
    body: `{
  "kind": {{toJson .event.kind}},
  "state": {{if .event.error}}"wrong"{{else}}"right-again"{{end}},
  "text": {{toJson .body.text}},
  "url": {{toJson .body.url}},
  "targets": {{toJson .event.targets}},
  "time": {{toJson .event.time}},
  "eventId": {{toJson .event.id}}
}`,
  },
} satisfies Record<string, Preset>

export type PresetName = keyof typeof presets
export const presetNames = Object.keys(presets) as PresetName[]

/** By the host of the URL; plain JSON where that says nothing. */
export function presetFor(url: string): PresetName {
  const host = URL.canParse(url) ? new URL(url).hostname : ''
  return presetNames.find(name => presets[name].host?.test(host)) ?? 'json'
}
