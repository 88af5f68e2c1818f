// Without arguments, writes what text/template makes of the cases in cases.go, as JSON, to standard output;
// with `serve`, answers one question after another; with `bench`, tells how often a second it renders one.
package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"regexp"
	"runtime"
	"strconv"
	"strings"
	"text/template"
	"time"
)

type result struct {
	Name     string  `json:"name"`
	Context  string  `json:"context"`
	Template string  `json:"template"`
	Output   *string `json:"output,omitempty"`
	Error    string  `json:"error,omitempty"`
	Line     int     `json:"line,omitempty"`
	Column   *int    `json:"column,omitempty"`
	Message  string  `json:"message,omitempty"`
}

const templateName = "t"

var position = regexp.MustCompile(`^template: t:(\d+)(?::(\d+))?:`)

func run(name, context, source string, data any) result {
	r := result{Name: name, Context: context, Template: source}
	parsed, err := template.New(templateName).Parse(source)
	if err != nil {
		r.fail("syntax", err)
		return r
	}
	var out limited
	if err := parsed.Execute(&out, data); err != nil {
		r.fail("execution", err)
		return r
	}
	output := out.text.String()
	r.Output = &output
	return r
}

// limited refuses what nobody wants to compare any more.
type limited struct{ text strings.Builder }

func (l *limited) Write(bytes []byte) (int, error) {
	if l.text.Len() > 1<<20 {
		return 0, errors.New("too much output")
	}
	return l.text.Write(bytes)
}

func (r *result) fail(class string, err error) {
	r.Error, r.Message = class, err.Error()
	match := position.FindStringSubmatch(r.Message)
	if match == nil {
		return
	}
	r.Line, _ = strconv.Atoi(match[1])
	if match[2] != "" {
		column, _ := strconv.Atoi(match[2])
		r.Column = &column
	}
}

// hinted replaces {"$time": "..."} by the time it names, and {"$tsuru": {...}} by the event whose JSON it holds.
func hinted(value any) any {
	switch v := value.(type) {
	case []any:
		for i := range v {
			v[i] = hinted(v[i])
		}
		// The decoder leaves room that slice could reach into; a list has none beyond its end.
		return v[:len(v):len(v)]
	case map[string]any:
		if text, ok := v["$time"].(string); ok {
			t, err := time.Parse(time.RFC3339Nano, text)
			if err != nil {
				panic(err)
			}
			return t
		}
		if event, ok := v["$tsuru"]; ok {
			return tsuruContext(event)
		}
		for key := range v {
			v[key] = hinted(v[key])
		}
	}
	return value
}

func main() {
	if len(os.Args) > 1 {
		modes := map[string]func(){"serve": serve, "bench": bench}
		modes[os.Args[1]]()
		return
	}
	results := []result{}
	seen := map[string]bool{}
	for name, text := range tsuruContexts {
		contexts[name] = text
	}
	for _, group := range append(groups(), tsuruGroups()...) {
		var data any
		if err := json.Unmarshal([]byte(contexts[group.context]), &data); err != nil {
			panic(fmt.Errorf("context %s: %w", group.context, err))
		}
		data = hinted(data)
		for i, source := range group.templates {
			if seen[group.context+"\n"+source] {
				continue
			}
			seen[group.context+"\n"+source] = true
			results = append(results, run(fmt.Sprintf("%s %d", group.name, i+1), group.context, source, data))
		}
	}
	raw := map[string]json.RawMessage{}
	for name, text := range contexts {
		raw[name] = json.RawMessage(text)
	}
	fmt.Printf("{\n\"go\": %s,\n\"contexts\": %s,\n\"cases\": [\n", line(runtime.Version()), line(raw))
	for i, r := range results {
		separator := ","
		if i == len(results)-1 {
			separator = ""
		}
		fmt.Println(line(r) + separator)
	}
	fmt.Println("]\n}")
}

// line is JSON on one line, so that a change of one case is a change of one line.
func line(value any) string {
	var text strings.Builder
	encoder := json.NewEncoder(&text)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(value); err != nil {
		panic(err)
	}
	return strings.TrimSuffix(text.String(), "\n")
}
