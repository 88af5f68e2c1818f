package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"text/template"
	"time"
)

// bench renders one question, read as JSON, for half a second, and prints renders a second.
func bench() {
	var asked question
	must(json.NewDecoder(os.Stdin).Decode(&asked))
	parsed := template.Must(template.New(templateName).Parse(asked.Template))
	data := hinted(asked.Context)
	var out bytes.Buffer
	count := 0
	started := time.Now()
	for time.Since(started) < 500*time.Millisecond {
		for range 1000 {
			out.Reset()
			must(parsed.Execute(&out, data))
		}
		count += 1000
	}
	fmt.Println(float64(count) / time.Since(started).Seconds())
}
