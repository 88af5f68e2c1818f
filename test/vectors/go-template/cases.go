package main

import "strings"

type group struct {
	name      string
	context   string
	templates []string
}

var contexts = map[string]string{
	"event": `{
		"kind": {"type": "permission", "name": "app.deploy"}, "owner": {"name": "me@me.com"},
		"target": {"type": "app", "value": "myapp"}, "error": "boom <&> \"q\" 'a'=\\", "log": "l1\nl2\n",
		"targets": [{"type": "app", "value": "a1"}, {"type": "volume", "value": "v2"}, {"type": "app", "value": "a3"}],
		"running": false, "ok": true, "count": 3, "ratio": 0.25, "zero": 0, "null": null, "empty": "", "list": [], "map": {},
		"tags": ["x", "y", "z"], "nested": {"a": {"b": {"c": "deep"}}}, "héllo": "wörld", "unicode": "héllo wörld ✓ 😀"
	}`,
	"values": `{
		"s": "abc", "e": "", "u": "é✓😀", "q": "a\"b\\c\n\t\u0001\u007f\u00a0", "bt": "a` + "`" + `b", "t": true, "f": false,
		"i": 42, "z": 0, "neg": -7, "x": 1.5, "big": 123456789, "huge": 1e21, "tiny": 0.000001234, "third": 0.3333333333333333,
		"m": {"b": 2, "a": "one", "c": null}, "l": [1, "two", null, true, [3]], "n": null, "max": 1.7976931348623157e308, "min": 5e-324,
		"minus": -0.0, "half": 0.5, "tie": 2.5, "cent": 0.125, "ls": ["a", "b"], "ln": [1, 2.5]
	}`,
	"keys": `{"b": 1, "a": 2, "": 3, "B": 4, "é": 5, "😀": 6, "\uffee": 7, "10": 8, "9": 9, "__proto__": "p", "constructor": "c", "toString": "t"}`,
	"times": `{"t": {"$time": "2026-09-10T12:34:56.789Z"}, "zero": {"$time": "0001-01-01T00:00:00Z"}, "day": {"$time": "2024-02-29T00:05:09Z"},
		"late": {"$time": "1999-12-31T23:59:59.5Z"}, "list": [{"$time": "2026-01-02T03:04:05Z"}], "m": {"at": {"$time": "2026-01-02T03:04:05.006Z"}}, "s": "x"}`,
	"list":   `[1, "two", null, {"k": "v"}, [4, 5]]`,
	"string": `"just text"`,
	"number": `7`,
	"null":   `null`,
	"true":   `true`,
}

// product puts every combination of the parts together.
func product(parts ...[]string) []string {
	combinations := []string{""}
	for _, part := range parts {
		next := []string{}
		for _, front := range combinations {
			for _, back := range part {
				next = append(next, front+back)
			}
		}
		combinations = next
	}
	return combinations
}

func one(s string) []string { return []string{s} }

// lines is for templates without line breaks of their own.
func lines(text string) []string {
	return strings.Split(strings.Trim(text, "\n"), "\n")
}

func groups() []group {
	all := []string{".s", ".e", ".u", ".q", ".t", ".f", ".i", ".z", ".neg", ".x", ".big", ".huge", ".tiny", ".third", ".m", ".l", ".n", ".missing",
		".max", ".min", ".minus", ".half", ".tie", ".cent", "5", "-3", "1.25", "'x'", "true", `"lit"`, "nil", "(len .s)", "(index .s 0)"}
	few := []string{".s", ".e", ".t", ".i", ".x", ".m", ".l", ".n", ".missing", "5", "0", "1.5", `"abc"`, "true", "nil"}
	return []group{
		{"text", "event", lines(textCases)},
		{"white space", "event", whiteSpace},
		{"fields", "event", lines(fieldCases)},
		{"if and with", "event", lines(branchCases)},
		{"range", "event", lines(rangeCases)},
		{"variables", "event", lines(variableCases)},
		{"templates", "event", lines(templateCases)},
		{"templates of several lines", "event", severalLines},
		{"functions", "event", lines(functionCases)},
		{"literals", "event", lines(literalCases)},
		{"syntax errors", "event", lines(syntaxErrors)},
		{"execution errors", "event", lines(executionErrors)},
		{"keys", "keys", lines(keyCases)},
		{"times", "times", lines(timeCases)},
		{"root list", "list", lines(rootCases)},
		{"root string", "string", lines(rootCases)},
		{"root number", "number", lines(rootCases)},
		{"root null", "null", lines(rootCases)},
		{"root true", "true", lines(rootCases)},
		{"printed", "values", product(one("{{"), all, one("}}"))},
		{"print", "values", product(one("{{print "), all, one(" "), few, one("}}"))},
		{"println", "values", product(one("{{println "), all, one("}}"))},
		{"printf", "values", product(one(`{{printf "%`), []string{"v", "+v", "#v", "s", "q", "d", "t", "x", "X", "f", "e", "g", "c", "U", "T", "b", "o"}, one(`|" `), all, one("}}"))},
		{"printf flags of strings", "values", product(one(`{{printf "[%`), []string{"5s", "-5s", "05s", ".2s", "5.1s", "+q", "#q", "8q", "-8q|", ".2q", " x", "# x", "#x", "8x", "-8x", ".1x", "5v", "5T", "z", "w", "é"},
			one(`]" `), []string{".s", ".e", ".u", ".q", ".bt", ".i", ".ls", ".n"}, one("}}"))},
		{"printf flags of ints", "values", product(one(`{{printf "[%`), []string{"5d", "-5d", "05d", "+d", " d", ".3d", "8.3d", "-8.3d", "08.3d", ".0d", "#x", "#X", "#o", "O", "#b", "#U", "10U", ".6U", "5c", "-5c", "q", "+q", "#q", "6q", "+5d", "-05d", "x", "#v", "+v", "08x", "+08d"},
			one(`]" `), []string{"5", "-42", "0", "128512", "(len .s)", ".i", "(index .s 0)"}, one("}}"))},
		{"printf flags of floats", "values", product(one(`{{printf "[%`), []string{".0f", ".1f", ".2f", "8.2f", "-8.2f", "08.2f", "+.2f", " .2f", ".3e", ".0e", "12.3e", ".3g", ".0g", ".1g", ".10g", "G", "E", "F", ".40f", "#g", "#.3g", "#.0f", "#v", "x", ".2x", ".0x", "X", "#x", "b", "+v", "06v", "10v", "-10v", "+08.2f", "5t", ".3v"},
			one(`]" `), []string{".x", ".neg", ".z", ".half", ".tie", ".cent", ".third", ".big", ".huge", ".tiny", ".minus", ".max", ".min", "1e6", "2.675"}, one("}}"))},
		{"printf of lists and maps", "values", product(one(`{{printf "`), []string{"%s", "%d", "%5v", "%-5v|", "%q", "%x", "%t", "%.1f", "%#v", "%+v", "%T", "%c", "%U", "%6.2f", "%o%%", "%e"}, one(`" `), []string{".l", ".m", ".ls", ".ln", ".n", "."}, one("}}"))},
		{"printf layouts", "values", lines(layoutCases)},
		{"comparisons", "values", product(one("{{"), []string{"eq", "ne", "lt", "le", "gt", "ge"}, one(" "), few, one(" "), few, one("}}"))},
		{"truth", "values", product([]string{"{{if ", "{{if not ", "{{with "}, all, one("}}T{{else}}F{{end}}"))},
		{"and or", "values", product(one("{{"), []string{"and", "or"}, one(" "), few, one(" "), few, one("}}"))},
		{"len", "values", product(one("{{len "), all, one("}}"))},
		{"index", "values", product(one("{{index "), []string{".s", ".l", ".m", ".u", ".n", ".missing", ".i", `"abc"`}, one(" "), []string{"0", "1", "9", "-1", `"a"`, `"zz"`, ".i", ".n", ".x", "nil", "(len .ls)", "true"}, one("}}"))},
		{"slice", "values", product(one("{{slice "), []string{".s", ".l", ".u", ".m", ".n", ".i"}, []string{"", " 0", " 1", " 1 2", " 0 3", " 2 1", " 9", " -1", " 0 1 2", ` "a"`, " 1 2 3 4"}, one("}}"))},
		{"escapes", "values", product(one("{{"), []string{"html", "js", "urlquery", "print"}, one(" "), append(all, ".bt", ".ls", `"<a href='x'>&\"\\"`, "\"\\x00\\x7f\\u2028\\u00ad\"", "`~!*'()-_.`"), one("}}"))},
		{"escapes of several", "values", product(one("{{"), []string{"html", "js", "urlquery"}, []string{" .s .i", " .s .s", " .i .z", " 1 nil", "", " .missing .s"}, one("}}"))},
		{"pipelines", "values", product(one("{{"), []string{".s", ".i", ".l", ".missing", ".n", "5", `"a"`, "(.m.a)"}, one(" | "), []string{"len", "printf \"%v\"", "printf \"%v-%v\" 1", "print", "print 1", "html", "eq 5", "and 1", "or 0", "not", ".m", ".missing", "$", "(1)", "index .m", "printf", "js | len", "nil", "1"}, one("}}"))},
		{"range over values", "values", product([]string{"{{range ", "{{range $x := ", "{{range $i, $x := "}, all, one("}}<{{.}}>{{else}}none{{end}}"))},
	}
}

const textCases = `

plain text
{ { } } {
a}}b
{{"{{"}}
é✓😀{{.ok}}é
{{.ok}}
{{ .ok }}
{{	.ok	}}
a{{- .ok -}}b
a {{- .ok -}} b
a {{-.ok}} b
{{- .ok}}
{{.ok -}}
 {{- /* c */ -}} x
{{/* c */}}
a{{/* }} */}}b
{{- /* c */}} x
{{/* c */ -}} x
{{ /* c */ }}
{{/* c */ }}
{{/**/}}
{{-1}}
{{- 1}}
{{- -1 -}}
{{1 -}}  x
{{.ok}}{{.ok}}
{{3 -}}{{- 4}}
{{"a -}} b"}}
{{"a" -}} b {{- "c"}}
{{ 1 - }}
{{ 1 -}}
{{1-}}
{{true}} {{false}}
`

var whiteSpace = []string{
	"a\n  {{- .ok}}\n  b", "a  \n\t{{- .ok -}}\r\n\n  b", "a\n{{.ok -}}\n\n", "{{.ok\n}}", "{{\n.ok\n}}", "{{\n-1}}", "{{-\n1\n-}}x",
	"{{if .ok -}}\n  yes\n{{- else -}}\n  no\n{{- end}}\n", "{{range .tags -}}\n {{.}}\n{{- end}}", "x\u00a0{{- .ok -}}\u00a0y", "x\v{{- .ok -}}\fy",
	"{{/* a\nb */}}x", "{{/* a\nb */ -}}\n\nx{{.nope.x.y}}", "a\r\n{{.ok}}\r\n", "{{print\n1\n2}}", "{{print `a\nb`}}", "{{print `a\r\nb`}}",
	"{{- /*\n*/ -}}\n{{len 3}}", "\n\n {{- len 3}}", "{{range .tags}}\n{{- len .count}}{{end}}",
}

const fieldCases = `
{{.}}
{{$}}
{{.kind}}
{{.kind.name}}
{{.nested.a.b.c}}
{{.nested.a.b}}
{{.missing}}
{{.missing.x}}
{{.missing.x.y.z}}
{{.null}}
{{.null.x}}
{{.kind.missing}}
{{.kind.missing.x}}
{{.kind.name.x}}
{{.count.x}}
{{.ok.x}}
{{.tags.x}}
{{.list.x}}
{{.map.x}}
{{(.kind).name}}
{{(.kind.name)}}
{{((.kind)).name}}
{{(.null).x}}
{{(.missing).x}}
{{(index .targets 0).value}}
{{(index .targets 0).value.x}}
{{(print "a").b}}
{{$.kind.name}}
{{$.missing.x}}
{{.héllo}}
{{.kind .name}}
{{.kind.name "x"}}
{{.missing "x"}}
{{.null "x"}}
{{.ok "x"}}
{{.tags}}
{{.targets}}
{{.count}}{{.ratio}}{{.running}}
{{.constructor}}
{{.__proto__}}
{{.toString}}
{{.kind.constructor.name}}
{{.tags.length}}
{{.kind.hasOwnProperty}}
{{index . "constructor"}}
{{index . "__proto__"}}
{{len .kind}}
{{.empty}}{{.zero}}{{.list}}{{.map}}
{{.a.b.c.d.e.f}}
{{ .kind.name | .kind }}
{{.log}}
`

const branchCases = `
{{if .ok}}a{{end}}
{{if .running}}a{{end}}
{{if .running}}a{{else}}b{{end}}
{{if .running}}a{{else if .ok}}b{{end}}
{{if .running}}a{{else if .zero}}b{{else}}c{{end}}
{{if .running}}a{{else if .zero}}b{{else if .count}}c{{else}}d{{end}}
{{if .ok}}{{if .running}}a{{else}}b{{end}}{{else}}c{{end}}
{{if and .ok .count}}a{{end}}
{{if or .running .zero}}a{{else}}b{{end}}
{{if not .running}}a{{end}}
{{if eq .kind.name "app.deploy"}}a{{end}}
{{if $x := .count}}{{$x}}{{end}}
{{if $x := .zero}}{{$x}}{{else}}z{{$x}}{{end}}
{{if .ok}}{{$x := 1}}{{$x}}{{end}}
{{with .kind}}{{.name}}{{end}}
{{with .missing}}a{{end}}
{{with .missing}}a{{else}}{{.ok}}{{end}}
{{with .missing}}a{{else with .kind}}{{.name}}{{end}}
{{with .missing}}a{{else with .null}}b{{else}}{{.count}}{{end}}
{{with $k := .kind}}{{$k.name}}{{.type}}{{end}}
{{with $k := .null}}a{{else}}[{{$k}}]{{end}}
{{with .kind}}{{$.ok}}{{end}}
{{with .kind}}{{with .name}}{{.}}{{end}}{{end}}
{{with .count}}{{.}}{{end}}
{{with .empty}}a{{else}}b{{end}}
{{with .list}}a{{else}}b{{end}}
{{with .map}}a{{else}}b{{end}}
{{with 5}}{{.}}{{end}}
{{with "x"}}{{printf "%s-%s" . .}}{{end}}
{{if nil}}a{{end}}
{{with nil}}a{{end}}
{{if (nil)}}a{{end}}
{{if 1}}{{else}}{{end}}
{{if .ok}}a{{else with .kind}}b{{end}}
{{with .ok}}a{{else if .kind}}b{{end}}
{{if .missing}}a{{else}}b{{end}}
{{if .missing.x}}a{{else}}b{{end}}
{{if .null}}a{{else}}b{{end}}
{{if .null.x}}a{{else}}b{{end}}
{{if "false"}}a{{end}}
{{if 0.0}}a{{else}}b{{end}}
{{if -1}}a{{end}}
{{if ''}}a{{end}}
{{if '0'}}a{{end}}
`

const rangeCases = `
{{range .tags}}{{.}},{{end}}
{{range .targets}}{{.type}}={{.value}};{{end}}
{{range $x := .tags}}{{$x}}{{.}},{{end}}
{{range $i, $x := .tags}}{{$i}}:{{$x}},{{end}}
{{range .list}}a{{else}}none{{end}}
{{range .map}}a{{else}}none{{end}}
{{range .missing}}a{{else}}none{{end}}
{{range .null}}a{{else}}none{{end}}
{{range .missing}}a{{end}}
{{range .kind}}{{.}},{{end}}
{{range $k, $v := .kind}}{{$k}}={{$v}},{{end}}
{{range $k, $v := .nested}}{{$k}}={{$v.b.c}},{{end}}
{{range 3}}{{.}}{{end}}
{{range 0}}a{{else}}none{{end}}
{{range -1}}a{{else}}none{{end}}
{{range $i := 3}}{{$i}}{{end}}
{{range $i, $x := 3}}{{$i}}{{end}}
{{range len .tags}}{{.}}{{end}}
{{range 'c'}}{{break}}{{end}}x
{{range .empty}}a{{end}}
{{range .kind.name}}a{{end}}
{{range .ok}}a{{end}}
{{range 1.5}}a{{end}}
{{range 2.0}}a{{end}}
{{range nil}}a{{end}}
{{range .tags}}{{if eq . "y"}}{{break}}{{end}}{{.}}{{end}}
{{range .tags}}{{if eq . "y"}}{{continue}}{{end}}{{.}}{{end}}
{{range $i, $x := .tags}}{{if $i}}{{continue}}{{end}}{{$x}}{{else}}none{{end}}
{{range .tags}}{{range $.targets}}{{if eq .value "v2"}}{{break}}{{end}}{{.value}}{{end}};{{end}}
{{range .tags}}{{with .}}{{continue}}{{end}}a{{end}}b
{{range .tags}}{{break}}{{end}}b
{{range .tags}}a{{break}}b{{end}}
{{break}}
{{continue}}
{{if .ok}}{{break}}{{end}}
{{range .tags}}{{end}}{{break}}
{{range .tags}}{{else}}{{break}}{{end}}
{{range .tags}}{{template "t2"}}{{end}}{{define "t2"}}{{break}}{{end}}
{{range .tags}}{{break 1}}{{end}}
{{range .tags}}{{$.ok}}{{end}}
{{$x := 1}}{{range $x = .tags}}{{$x}}{{end}}{{$x}}
{{$i := 0}}{{$x := 1}}{{range $i, $x = .tags}}{{$i}}{{$x}}{{end}}{{$i}}{{$x}}
{{$x := 1}}{{range .tags}}{{$x = .}}{{end}}{{$x}}
{{$x := 1}}{{range .tags}}{{$x := .}}{{end}}{{$x}}
{{range $x := .tags}}{{end}}{{$x}}
{{range $i, $x := .list}}a{{else}}{{$i}}{{$x}}{{end}}
{{range $i, := .tags}}{{.}}{{end}}
{{range $i, 1}}{{.}}{{end}}
{{range $i, $x, $y := .tags}}{{.}}{{end}}
{{range $i, $x}}{{.}}{{end}}
{{range .targets}}{{range $k, $v := .}}{{$k}}{{$v}}{{end}}{{end}}
{{range $i, $t := .targets}}{{if $i}}, {{end}}{{$t.value}}{{end}}
{{range slice .tags 1}}{{.}}{{end}}
{{range (slice .tags 0 2)}}{{.}}{{end}}
{{range .tags | len}}{{.}}{{end}}
{{range $i, $c := "abc"}}{{$i}}{{end}}
{{range and .ok .tags}}{{.}}{{end}}
{{range or .list .tags}}{{.}}{{end}}
{{range $x := .targets}}{{$x.nope.y}}{{end}}
{{range .tags}}{{.x}}{{end}}
{{range index .targets 0}}{{.}}{{end}}
{{range 3}}{{range .}}{{.}}{{end}};{{end}}
{{range $i := 3}}{{range $j := 2}}{{$i}}{{$j}} {{end}}{{end}}
{{range 2}}{{$x := .}}{{range 2}}{{$x}}{{.}} {{end}}{{end}}
{{range .tags}}{{printf "%T" .}} {{end}}{{range $i, $t := .tags}}{{printf "%T" $i}}{{end}}
{{range 2}}{{printf "%T" .}}{{end}}
{{range $k, $v := .kind}}{{printf "%T" $k}}{{end}}
{{range nil 1}}{{end}}
{{range}}{{end}}
`

const variableCases = `
{{$x := 1}}{{$x}}
{{$x := .kind}}{{$x.name}}
{{$x := .missing}}{{$x}}{{$x.y}}
{{$x := .null}}{{$x}}{{$x.y}}
{{$x := 1}}{{$x = 2}}{{$x}}
{{$x := 1}}{{$x = "a"}}{{$x}}
{{$x := 1}}{{if .ok}}{{$x = 2}}{{end}}{{$x}}
{{$x := 1}}{{if .ok}}{{$x := 2}}{{$x}}{{end}}{{$x}}
{{$x := 1}}{{if .ok}}{{$x := print $x "a"}}{{$x}}{{end}}{{$x}}
{{$x := 1}}{{$x := print $x 2}}{{$x}}
{{$x := 1}}{{with .kind}}{{$x = .name}}{{end}}{{$x}}
{{$x}}
{{$x = 1}}
{{$x = .kind.name.x}}
{{$x := $x}}
{{$x := 1}}{{$y := $x}}{{$y}}
{{$x:=1}}{{$x}}
{{$x :=1}}{{$x}}
{{$x:= 1}}{{$x}}
{{$x=1}}
{{$x := 1 | print 2}}{{$x}}
{{$x := 1}}{{$x 2}}
{{$x := 1}}{{2 | $x}}
{{$x := .kind}}{{$x.name 2}}
{{$ := 1}}{{$}}
{{$x := 1, 2}}
{{$x, $y := .tags}}
{{$x.y := 1}}
{{$_a1 := 1}}{{$_a1}}
{{$é := 1}}{{$é}}
{{$1 := 1}}{{$1}}
{{($x := 5)}}{{$x}}
{{print ($x := 5) $x}}
{{if false}}{{$x := 1}}{{end}}{{$x}}
{{define "a"}}{{$x}}{{end}}{{$x := 1}}{{template "a"}}
{{$x := 1}}{{define "a"}}{{$x}}{{end}}{{template "a"}}
{{$x := .}}{{with .kind}}{{$x.count}}{{end}}
{{$x := "a"}}{{range 3}}{{$x = print $x $x}}{{end}}{{$x}}
{{$x := 0}}{{range $i, $t := .tags}}{{$x = $i}}{{end}}{{$x}}
{{$x := len .tags}}{{printf "%T %d" $x $x}}
{{$a := 1}}{{$b := 2}}{{$a}}{{$b}}{{$a = $b}}{{$a}}
{{$x:1}}
{{$x := }}
{{$x :=}}
{{$x y}}
{{$x.}}
{{$.}}
{{$x..y}}
{{.x := 1}}
`

const templateCases = `
{{define "a"}}A{{end}}{{template "a"}}
{{template "a"}}{{define "a"}}A{{end}}
{{define "a"}}[{{.}}]{{end}}{{template "a"}}
{{define "a"}}[{{.}}]{{end}}{{template "a" .}}
{{define "a"}}[{{.name}}]{{end}}{{template "a" .kind}}
{{define "a"}}[{{$.name}}]{{end}}{{template "a" .kind}}
{{define "a"}}[{{.}}]{{end}}{{template "a" .null}}
{{define "a"}}[{{.x}}]{{end}}{{template "a" .null}}
{{define "a"}}[{{.x}}]{{end}}{{template "a"}}
{{define "a"}}A{{end}}{{define "a"}}B{{end}}
{{define "a"}}A{{end}}{{define "a"}} {{end}}{{template "a"}}
{{define "a"}} {{end}}{{define "a"}}B{{end}}{{template "a"}}
{{define "a"}}{{template "b" .}}{{end}}{{define "b"}}{{.ok}}{{end}}{{template "a" .}}
{{template "nope"}}
{{template "nope" .}}
{{if .running}}{{template "nope"}}{{end}}x
{{block "a" .}}A{{.ok}}{{end}}
{{block "a" .kind}}A{{.name}}{{end}}{{template "a" .target}}
{{block "a"}}A{{end}}
{{block "a" .}}A{{else}}B{{end}}
{{define "a"}}A{{else}}B{{end}}
{{define "t"}}own{{end}}
{{define "t"}}own{{end}}x
{{define "t"}}own{{end}} 
{{define a}}{{end}}
{{define "a" .}}{{end}}
{{define}}{{end}}
{{if .ok}}{{define "a"}}{{end}}{{end}}
{{define "a"}}{{define "b"}}{{end}}{{end}}
{{template a}}
{{template .kind}}
{{template "a" 1 2}}{{define "a"}}{{end}}
{{template "a" 1 | print 2}}{{define "a"}}{{.}}{{end}}
{{template "a" $x := 1}}{{define "a"}}{{.}}{{end}}{{$x}}
{{template}}
{{define "r"}}{{if .a}}({{template "r" .a}}){{else}}{{.b.c}}{{end}}{{end}}{{template "r" .nested}}
{{define "a"}}{{$x := 1}}{{$x}}{{end}}{{$x := 2}}{{template "a"}}{{$x}}
{{define "a"}}{{range .}}{{.}}{{end}}{{end}}{{template "a" .tags}}
{{define "a"}}{{len .}}{{end}}{{template "a" .count}}
{{block "b" .}}{{block "c" .}}C{{end}}{{end}}{{template "c"}}
{{range .tags}}{{block "x" .}}<{{.}}>{{end}}{{end}}
{{define "é"}}é{{end}}{{template "é"}}
{{define "a b"}}x{{end}}{{template "a b"}}
{{template "a"}}{{define "a"}}{{.x.y}}{{end}}
{{define "a"}}{{end}}{{template "a"}}|
`

var severalLines = []string{
	"{{define `a`}}A{{end}}{{template `a`}}",
	"one\ntwo {{.kind.name.x}}",
	"one\ntwo\n  {{if .ok}}\n{{len .count}}\n{{end}}",
	"{{range .tags}}\n{{.x}}\n{{end}}",
	"a\n\n{{nope}}", "a\n{{if .ok}}\n", "a\n{{if .ok}}\n{{else}}\n{{else}}\n{{end}}", "\n{{end}}", "\n\n{{else}}", "\n{{.x | }}", "\n{{\"a}}\n", "\n{{`a}}\n", "{{/* a\n\n", "\n{{'a}}",
	"\n{{template \"x\"}}", "\n{{define \"a\"}}\n{{.x.y.z.count}}{{.count.x}}{{end}}\n{{template \"a\" .}}",
	"{{print `a\nb` (len 3)}}", "é {{len 3}}", "é✓\n😀 {{.count.é}}", "{{\n\n.count.x}}", "{{if\n.ok}}\n{{.nope.}}{{end}}", "{{.kind\n.name}}", "{{.ok", "{{.ok\n\n", "{{(\n.ok", "\n{{ (.ok }}",
	"{{with $x := 1}}\n{{$x}}\n{{end}}\n{{$x}}", "{{- define \"x\" -}}\n x \n{{- end -}}\n{{template \"x\"}}\n",
	"{{- range $i, $t := .targets }}\n{{- if $i }},{{ end }}\n{\"type\": {{ printf \"%q\" $t.type }}}\n{{- end }}\n",
	"payload={\"text\": \"[{{.kind.name}}]: {{.target.type}} {{.target.value}}\"}",
	"{{with .error}}failed: {{.}}{{else}}fine{{end}}\n{{range $k, $v := .kind}}{{$k}}: {{$v}}\n{{end}}",
}

const functionCases = `
{{print}}
{{println}}
{{print 1 2 3}}
{{print "a" "b"}}
{{print 1 "b" 2 3 "c"}}
{{print nil}}
{{print nil nil}}
{{print .missing .null}}
{{println "a" 1 nil}}
{{print (print 1) (print 2)}}
{{print print}}
{{len}}
{{len "a" "b"}}
{{len "héllo"}}
{{len .tags}}
{{len .kind}}
{{len nil}}
{{len 3}}
{{not}}
{{not 1 2}}
{{not nil}}
{{and}}
{{or}}
{{and 1}}
{{or 0}}
{{and 1 2 3}}
{{and 1 0 3}}
{{or 0 "" 3}}
{{or 0 "" false}}
{{and false (len 3)}}
{{or true (len 3)}}
{{and true (len 3)}}
{{or 1 .count.x}}
{{and .missing .count.x}}
{{index}}
{{index 1}}
{{index nil}}
{{index .tags}}
{{index .tags 1}}
{{index .tags 1 0}}
{{index .targets 1 "value"}}
{{index .nested "a" "b" "c"}}
{{index .nested "a" "x" "c"}}
{{index .nested "x"}}
{{index .nested "x" "y"}}
{{index .kind "name" 0}}
{{index .kind 1}}
{{index .tags "a"}}
{{index .tags 3}}
{{index .tags -1}}
{{index .tags nil}}
{{index (index .targets 0) "type"}}
{{(index .nested "nope").x}}
{{index .nested "nope" | printf "%v"}}
{{printf "%T" (index "abc" 1)}}
{{index "abc" 1}}
{{eq (index "abc" 1) 98}}
{{eq (index "abc" 1) 'b'}}
{{lt (index "abc" 1) 99}}
{{printf "%c" (index "abc" 1)}}
{{slice}}
{{slice "abcdef" 1 3}}
{{slice "abcdef" 1 3 4}}
{{slice .tags 1 2 3}}
{{slice .tags 1 2 1}}
{{slice .tags 2 4}}
{{slice .unicode 0 5}}
{{slice "é" 0 1 | printf "%q"}}
{{slice "é" 0 1}}|{{slice "é" 1}}|{{slice "a😀b" 2 4}}
{{slice "abc" 3}}
{{slice "abc" 4}}
{{slice .kind 1}}
{{slice "" 0}}
{{eq}}
{{eq 1}}
{{eq 1 1}}
{{eq 1 2 1}}
{{eq "a" "b" "c"}}
{{eq 1 "a"}}
{{eq 1 1 "a"}}
{{eq 2 1 "a"}}
{{eq nil nil}}
{{eq nil 1}}
{{eq .missing nil}}
{{eq .null nil}}
{{eq .null .missing}}
{{eq .tags .tags}}
{{eq .kind .kind}}
{{eq .tags .kind}}
{{eq .tags nil}}
{{eq nil .tags}}
{{eq .kind "a"}}
{{eq true .ok}}
{{ne 1 2}}
{{ne 1}}
{{ne 1 2 3}}
{{ne "a" nil}}
{{lt 1 2}}
{{lt 1 2 3}}
{{lt 1}}
{{lt "a" "b"}}
{{lt "Z" "a"}}
{{lt "a" "é"}}
{{lt true false}}
{{lt nil 1}}
{{lt 1 nil}}
{{lt .tags .tags}}
{{lt 1 "a"}}
{{lt 1.5 2.5}}
{{le 1 1}}
{{le "b" "a"}}
{{gt 2 1}}
{{gt "b" "a"}}
{{ge 1 1}}
{{ge 0.5 0.25}}
{{lt .ratio .count}}
{{eq .count .count}}
{{gt .count .zero}}
{{lt "😀" "￮"}}
{{call}}
{{call .kind}}
{{call nil}}
{{call .missing}}
{{call "a" 1}}
{{call .tags 1 2}}
{{html "<a&b>"}}
{{"<a&b>" | html}}
{{"<a&b>" | html | html}}
{{html .kind}}
{{html .missing}}
{{html nil}}
{{html 1 2 "a"}}
{{html}}
{{js "it's </script>"}}
{{js .error}}
{{js .unicode}}
{{js .missing}}
{{urlquery "a b&c=d/é"}}
{{urlquery .error .unicode}}
{{urlquery .missing}}
{{urlquery .kind}}
{{printf}}
{{printf 1}}
{{printf .count}}
{{printf .missing}}
{{printf nil}}
{{printf .kind.name}}
{{"%d" | printf}}
{{5 | printf "%d"}}
{{5 | printf "%d %d" 4}}
{{"a" | print "b" | print "c" | len}}
{{.kind.name | printf "%s-%s" "x" | html}}
{{len (printf "%05d" 3)}}
{{printf "%s" (index .tags 0) | len | print}}
{{(len .tags) | eq 3}}
{{eq (len .tags) 3}}
{{eq .kind.name "app.deploy" | not}}
{{print (and .ok .kind.name)}}
{{or .missing .null .kind.name}}
{{or .missing "default"}}
{{and nil}}
{{or nil}}
{{printf "%v" (and 1 nil)}}
{{printf "%v" (or nil .null)}}
{{1 | and 0}}
{{0 | or 1}}
{{.missing | and 1}}
{{.missing | or 0 | printf "%v"}}
{{.tags | index 1}}
{{1 | index .tags}}
{{"name" | index .kind}}
{{nope}}
{{nope 1}}
{{1 | nope}}
{{toJson .}}
{{true | not}}
{{not true | not}}
{{len len}}
{{print (len .tags | printf "%03d")}}
`

const literalCases = `
{{1}} {{-1}} {{+1}} {{0}} {{-0}} {{007}}
{{0x1F}} {{0X1f}} {{-0x10}} {{0o17}} {{0O17}} {{017}} {{0b101}} {{0B11}}
{{1_000}} {{0x_1F}} {{0b1_0}} {{0_7}} {{1_0.5}}
{{1__0}}
{{_1}}
{{1_}}
{{0x}}
{{0b2}}
{{0o8}}
{{08}}
{{09.5}}
{{1.5}} {{-1.5}} {{.5}} {{1.}} {{1e3}} {{1E3}} {{1e-3}} {{1.5e+3}} {{+.5}}
{{1e400}}
{{1e}}
{{1.5.5}}
{{1e6}} {{1e20}} {{1e21}} {{1e22}} {{123456789.0}} {{0.0001}} {{0.00001}} {{100000.0}} {{1000000.0}}
{{0x1p4}} {{0x1.8p1}} {{0x1P-2}} {{0x.8p0}} {{0x1e3}}
{{0x1.8}}
{{0x_1p4}}
{{0x1p}}
{{9223372036854775807}}
{{9223372036854775808}}
{{-9223372036854775808}}
{{-9223372036854775809}}
{{18446744073709551615}}
{{18446744073709551616}}
{{+9223372036854775808}}
{{0xFFFFFFFFFFFFFFFF}}
{{1e19}}
{{'a'}} {{'é'}} {{'😀'}} {{'\n'}} {{'\''}} {{'\\'}} {{'\x41'}} {{'\101'}} {{'\u00e9'}} {{'\U0001F600'}} {{' '}}
{{'\"'}}
{{'ab'}}
{{''}}
{{'\ud800'}}
{{'\400'}}
{{'\z'}}
{{"a\tb\nc\"d\\e"}}
{{"\a\b\f\v\r" | printf "%q"}}
{{"\x41\101\u0041\U00000041"}}
{{"\xc3\xa9" | len}}
{{"\xc3\xa9"}}
{{"\xff"}}
{{"\'"}}
{{"\z"}}
{{"\x4"}}
{{"\u12"}}
{{"\ud800"}}
{{"\U00110000"}}
{{"\400"}}
{{"é" | printf "%q"}}
{{"{{x}}"}}
{{"a
{{"a\"}}
{{"}}"}}
{{true}}{{false}}{{nil}}
{{truer}}
{{nil}}
{{print nil}}
{{(nil)}}
{{1i}}x
{{printf "%T %T %T %T %T" 1 1.0 'a' "a" true}}
{{printf "%T %T" 1e3 0x1p4}}
{{1a}}
{{1.a}}
{{.1a}}
{{.a1}}
{{1.5e3x}}
{{- 3.}}
{{3 | print}}
{{"a" "b"}}
{{1 2}}
{{true 1}}
{{. 1}}
{{.}}{{. }}{{ .}}
`

const syntaxErrors = `
{{
{{}}
{{ }}
{{.
{{.x
{{.x}
{{.x }
{{.x|}}
{{|.x}}
{{.x||.y}}
{{.x | 1}}
{{.x | "a"}}
{{.x | true}}
{{.x | .}}
{{.x | nil}}
{{1 | 2}}
{{()}}
{{(1}}
{{1)}}
{{((1)}}
{{(1))}}
{{(1)2}}
{{(1).}}
{{(1).x}}
{{1.x}}
{{"a".x}}
{{true.x}}
{{nil.x}}
{{..}}
{{..x}}
{{.x..y}}
{{.x.}}
{{. x}}
{{.x/y}}
{{.x+1}}
{{.x-1}}
{{.x,.y}}
{{.x;}}
{{#x}}
{{@}}
{{!x}}
{{?}}
{{x:}}
{{:=}}
{{=}}
{{= 1}}
{{.x = 1}}
{{$x := 1 := 2}}
{{a-b}}
{{if}}a{{end}}
{{if .x}}
{{if .x}}a
{{if .x}}a{{else}}
{{if .x}}a{{else}}b{{else}}c{{end}}
{{if .x}}a{{else if}}b{{end}}
{{if .x}}a{{else range .y}}b{{end}}
{{if .x}}a{{end}}{{end}}
{{end}}
{{else}}
{{end 1}}
{{if .x}}a{{end .y}}
{{if .x}}a{{else .y}}b{{end}}
{{with}}a{{end}}
{{range .x}}
{{with .x}}a{{else}}b
{{define "a"}}
{{define "a"}}x
{{block "a" .}}x
{{template "a" .}}{{template "b"
{{"a}}
{{'a}}
{{/* a}}
{{/* a */
{{/* a */ x}}
{{/* a */x}}
a {{- /* b */-}} c
{{if .x}}{{/* c */}}{{end}}{{
{{range $i := }}{{end}}
{{range $i, $j}}{{end}}
{{range $x := 1 2}}{{end}}
{{if $x := 1 $y := 2}}{{end}}
{{and or}}
{{print and}}
{{end.x}}
{{if.x}}a{{end}}
{{range.x}}a{{end}}
{{with.x}}a{{end}}
{{else.x}}
{{print(1)}}
{{print (1)(2)}}
{{print (1) (2)}}
{{print "a""b"}}
{{print 1"b"}}
{{print .x.y.z."a"}}
{{print $}}
{{print $ .}}
{{break}}{{range .x}}{{end}}
{{range .x}}{{continue}}
{{- }}
{{-}}
{{--}}
{{ - }}
{{ -}}
{{ -1 -}}
{{é}}
{{.é.ü}}
{{✓}}
{{.✓}}
{{ 	.ok }}
{{\}}
{{"\
{{%}}
{{print %}}
{{~}}
{{,}}
{{print , 1}}
{{` + "`" + `a}}
`

const executionErrors = `
{{.kind.name.x}}
a{{.count.x}}
{{print .ok.x}}
{{print 1 .ok.x 2}}
{{print (len 1)}}
{{print 1 (len 1) 2}}
{{len 1 | print}}
{{print 1 | len 2}}
{{len (print 1 2) | index .tags}}
{{if .count.x}}{{end}}
{{if len 1}}{{end}}
{{with .count.x}}{{end}}
{{with len 1}}{{end}}
{{range .count.x}}{{end}}
{{range len 1}}{{end}}
{{range print 1}}{{end}}
{{range (print 1)}}{{end}}
{{range .kind.name}}{{end}}
{{range $i, $x := .ok}}{{end}}
{{range printf "%d" 3}}{{end}}
{{range .tags | print}}{{end}}
{{template "a" .count.x}}{{define "a"}}{{end}}
{{index .tags 5}}
{{index .tags (len .tags)}}
{{index .tags 0 0 0}}
{{slice .tags 5}}
{{printf .count}}
{{printf (len .tags)}}
{{printf (index .tags 0) (len 1)}}
{{printf .missing 1}}
{{.missing | printf}}
{{5 | printf}}
{{printf 5 6}}
{{.kind.name 1}}
{{.kind 1 2}}
{{.kind.type.x 1}}
{{1 | .kind}}
{{1 | .kind.name}}
{{1 | .missing}}
{{1 | .kind.name.x}}
{{1 | $}}
{{1 | (2)}}
{{(1) 2}}
{{(print) 2}}
{{$ 1}}
{{1 | print 2 | (3)}}
{{(.kind).x 1}}
{{(.kind).name.y}}
{{(.kind).name 1}}
{{(len 1).x}}
{{(index .targets 9).x}}
{{not .ok.x}}
{{and .ok .ok.x}}
{{or .running .ok.x}}
{{and .ok (len 1)}}
{{eq 1 "a"}}
{{eq .kind.name .ok}}
{{lt .kind.name .count}}
{{lt .kind.name 1}}
{{eq (len 1) 1}}
{{eq 1 (len 1)}}
{{len 1 2}}
{{print (not)}}
{{print (not 1 2)}}
{{print (eq)}}
{{print len}}
{{nil}}
{{nil 1}}
{{1 | print (nil)}}
{{$x := nil}}
{{if nil}}{{end}}
{{$x := 1}}{{$x.y}}
{{$x := 1}}{{$x.y.z 1}}
{{$x := .kind}}{{$x.name.z}}
{{with $x := .kind}}{{$x.name.z}}{{end}}
{{call .kind.name}}
{{call 1}}
{{html .ok.x}}
{{printf "%d" .ok.x}}
{{printf "%d" 1 .ok.x}}
{{9223372036854775808}}
{{print 9223372036854775808}}
{{print 1 9223372036854775808}}
{{eq 1 9223372036854775808}}
{{1 2}}
{{"a" 1}}
{{. 1}}
{{true 1}}
{{$y = 1}}
{{if $y = 1}}{{end}}
{{range $y = .tags}}{{end}}
{{.kind.name | len | .x}}
`

const keyCases = `
{{.}}
{{range $k, $v := .}}{{$k}}={{$v}};{{end}}
{{.a}}{{.B}}{{.é}}
{{.constructor}}{{.__proto__}}{{.toString}}{{.valueOf}}
{{index . ""}}
{{index . "10"}}
{{index . "😀"}}
{{index . "__proto__"}}
{{len .}}
{{printf "%v" .}}
{{printf "%q" .}}
{{printf "%#v" .}}
{{range .}}{{.}}{{end}}
{{.10}}
`

const timeCases = `
{{.t}}
{{.zero}}
{{.list}}
{{.m}}
{{.}}
{{print .t}}
{{printf "%v" .t}}
{{printf "%s" .t}}
{{printf "%q" .t}}
{{printf "%T" .t}}
{{printf "%30.10s|" .t}}
{{.t.Format "2006-01-02T15:04:05Z07:00"}}
{{.t.Format "2006-01-02T15:04:05.000Z"}}
{{.t.Format "2006-01-02T15:04:05.999999999Z07:00"}}
{{.t.Format "Mon, 02 Jan 2006 15:04:05 MST"}}
{{.t.Format "Monday, January 2 2006 at 3:04pm"}}
{{.t.Format "Mon Jan _2 15:04:05 2006"}}
{{.t.Format "02/01/06 03:04:05 PM"}}
{{.t.Format "15:04:05.00 .000000 .9 .99"}}
{{.t.Format "002 __2 2006 2"}}
{{.t.Format "-0700 -07:00 -07 Z0700 Z07 -070000 -07:00:00 Z07:00:00"}}
{{.t.Format "Month Janet Monty 1st 22 20060102 150405"}}
{{.t.Format "15:04:05,000"}}
{{.t.Format "plain"}}
{{.t.Format ""}}
{{.t.Format "_2006 _2 06"}}
{{.t.Format "3:4:5 1/2"}}
{{.day.Format "Jan 2, 2006 at 3:04pm (MST)"}}
{{.day.Format "002 __2 _2 03 3 PM pm"}}
{{.late.Format "2006-01-02 15:04:05.000"}}
{{.late.Format "2006-01-02 15:04:05.999"}}
{{.late.Format "2006.01.02 15.04.05"}}
{{.zero.Format "2006-01-02 15:04:05 Monday"}}
{{.t.Unix}} {{.t.UnixMilli}} {{.t.UnixNano}} {{.t.UnixMicro}} {{.zero.Unix}}
{{.t.Year}} {{.t.Month}} {{.t.Day}} {{.t.Hour}} {{.t.Minute}} {{.t.Second}} {{.t.Nanosecond}} {{.t.YearDay}} {{.t.Weekday}}
{{.day.YearDay}} {{.late.YearDay}}
{{.t.UTC}}
{{.t.IsZero}} {{.zero.IsZero}}
{{.t.String}}
{{.t.Before .late}} {{.t.After .late}} {{.t.Equal .t}}
{{.t.Sub .late}}
{{(.t.Sub .late).Hours}}
{{.list}} {{(index .list 0).Year}}
{{.t.AddDate 0 1 -3}}
{{.t.AddDate 1 14 40}}
{{printf "%02d" .t.Month}} {{printf "%v" .t.Month}} {{printf "%d" .t.Day}}
{{eq .t.Month 9}} {{lt .t.Month 10}}
{{eq .t .t}} {{eq .t .zero}}
{{.t.Format}}
{{.t.Format 1}}
{{.t.Format "a" "b"}}
{{.t.Nope}}
{{.t.Nope 1}}
{{.t.Year 1}}
{{"2006" | .t.Format}}
{{.t.Format .s}}
{{.t.Format .missing}}
{{$x := .t}}{{$x.Format "2006"}}
{{with .t}}{{.Year}}{{end}}
{{.t.UTC.Year}}
{{.t.UTC.Format "2006"}}
{{if .zero}}true{{end}}
{{len .t}}
{{index .t 0}}
{{range .t}}{{end}}
{{lt .t .zero}}
{{html .t}}
{{.m.at.Year}}
{{range .list}}{{.Year}}{{end}}
{{.t.Month.String}}
`

const rootCases = `
{{.}}
{{$}}
{{print .}}
{{printf "%v %T" . .}}
{{if .}}a{{else}}b{{end}}
{{with .}}{{.}}{{else}}b{{end}}
{{range .}}<{{.}}>{{else}}b{{end}}
{{range $i, $x := .}}{{$i}}<{{$x}}>{{end}}
{{.x}}
{{.x.y}}
{{$.x}}
{{len .}}
{{index . 0}}
{{index . 3 "k"}}
{{slice . 1 2}}
{{eq . .}}
{{eq . nil}}
{{not .}}
{{html .}}
{{define "a"}}{{.}}{{end}}{{template "a" .}}
{{range .}}{{.k}}{{end}}
{{$x := .}}{{$x}}
{{. | printf "%v"}}
`

const layoutCases = `
{{printf ""}}
{{printf "%"}}
{{printf "%%"}}
{{printf "%5%|"}}
{{printf "100%"}}
{{printf "% d" 5}}
{{printf "%d"}}
{{printf "%d %d" 1}}
{{printf "%d" 1 2}}
{{printf "x" 1}}
{{printf "x" nil}}
{{printf "x" .m "a" 1.5}}
{{printf "%d %s" 1 "a" 2 "b"}}
{{printf "%[1]d %[1]d" 5}}
{{printf "%[2]d %[1]d" 1 2}}
{{printf "%[2]d" 1 2}}
{{printf "%[3]d" 1 2}}
{{printf "%[0]d" 1 2}}
{{printf "%[x]d" 1 2}}
{{printf "%[]d" 1 2}}
{{printf "%[1" 1 2}}
{{printf "%[1]" 1 2}}
{{printf "%[2]d %d" 1 2}}
{{printf "%[1]*d" 5}}
{{printf "%[2]*[1]d" 5 8}}
{{printf "%*d" 5 42}}
{{printf "%-*d|" 5 42}}
{{printf "%*d|" -5 42}}
{{printf "%*d" "a" 42}}
{{printf "%.*f" 2 3.14159}}
{{printf "%.*f" -2 3.14159}}
{{printf "%.*f" "x" 3.14159}}
{{printf "%*.*f|" 8 2 3.14159}}
{{printf "%[3]*.[2]*[1]f|" 12.0 2 6}}
{{printf "%.[2]*[1]f" 3.14159 2}}
{{printf "%[1]3d" 5}}
{{printf "%[1].2f" 5.0}}
{{printf "%*d" .i 42}}
{{printf "%.f" 2.5}}
{{printf "%." 2.5}}
{{printf "%.s|" "abc"}}
{{printf "%!" 1}}
{{printf "%z" 1}}
{{printf "%z" "a"}}
{{printf "%z" nil}}
{{printf "%é" 1}}
{{printf "%✓d" 1}}
{{printf "é%sé" "ü"}}
{{printf "%-"}}
{{printf "%-" 1}}
{{printf "%+" 1}}
{{printf "%10"}}
{{printf "%10" 1}}
{{printf "%.10" 1}}
{{printf "%s %v %d" nil nil nil}}
{{printf "%5v|%-5v|%05v" nil nil nil}}
{{printf "%t %t" true "a"}}
{{printf "%s" .}}
{{printf "%d%%" 5}}
{{printf "%d%%%s" 5 "x"}}
{{printf "%6.2f%%" 12.345}}
{{printf "%s" (print 1 2)}}
{{printf "%w" "a"}}
{{printf "%w" 1}}
{{printf "%n" 1}}
{{printf "%i" 1}}
{{printf "%u" 1}}
{{printf "%l" 1}}
{{printf "%ld" 1}}
{{printf "%p" 1}}
{{printf "%p" nil}}
{{printf "%#p" "a"}}
{{printf "%s %s" "a"}}
{{printf "%s, %s!" "Hello" "World"}}
{{printf "%q %q" "a" 'b'}}
{{printf "%v %v" true false}}
{{printf "%08.3f|%+.2e|%g" 3.14159 31415.9 1e100}}
{{printf "%x %X %#x" 255 255 255}}
{{printf "%x %X %#x" "hi" "hi" "hi"}}
{{printf "%o %#o %O" 8 8 8}}
{{printf "%b %#b" 5 5}}
{{printf "%c%c" 72 'i'}}
{{printf "%c" -1}}
{{printf "%c" 55296}}
{{printf "%c" 1114112}}
{{printf "%q" 55296}}
{{printf "%q" 7}}
{{printf "%U" -1}}
{{printf "%#U" 7}}
{{printf "%+d %+d" 5 -5}}
{{printf "%x" -255}}
{{printf "%5t|%-7t|" true false}}
{{printf "%3c|%-3c|%03c" 'x' 'y' 'z'}}
{{printf "%.3q" "héllo"}}
{{printf "%.3x" "héllo"}}
{{printf "%10.3s|" "héllo"}}
{{printf "%-10s|%10s|" "é✓" "😀"}}
{{printf "%010d|%-010d|" -5 -5}}
{{printf "%+.3d" 5}}
{{printf "%1000000000000d" 5}}
{{printf "%.1000000000000d" 5}}
{{printf "%[1000000000]d" 5}}
{{printf "%v %d %s" (index "a" 0) (index "a" 0) (index "a" 0)}}
{{printf "%#v %x %q" (index "a" 0) (index "a" 0) (index "a" 0)}}
{{printf "%#v %#v %#v %#v" 1 "a" true 1.5}}
{{printf "%#q" "a\tb"}}
{{printf "%#q" "a\nb"}}
{{printf "%+q" "é😀"}}
{{printf "%+q" 'é'}}
{{printf "% x|% X|%# x" "abc" "abc" "abc"}}
{{printf "%f %e %g" 1 2 3}}
{{printf "%d" 1.0}}
{{printf "%s %s" 1 1.5}}
{{printf "%t" 1}}
{{printf "%6d|%-6d|%06d" "a" "b" "c"}}
{{printf "%T %T %T %T" .m .l .n .missing}}
{{printf "%10T|%-10T|" 1 "a"}}
`
