package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
)

type question struct {
	Context  any    `json:"context"`
	Template string `json:"template"`
}

// serve answers each line of the input, a question as JSON, with a line.
func serve() {
	lines := bufio.NewReaderSize(os.Stdin, 1<<20)
	answers := bufio.NewWriter(os.Stdout)
	for {
		text, err := lines.ReadBytes('\n')
		if err != nil {
			return
		}
		var asked question
		must(json.Unmarshal(text, &asked))
		fmt.Fprintln(answers, line(run("", "", asked.Template, hinted(asked.Context))))
		must(answers.Flush())
	}
}
