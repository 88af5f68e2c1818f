// What Go says of bodies and URLs that a webhook may be made of, written to bodies.json and urls.json.
package main

import (
	"encoding/base64"
	"encoding/json"
	"net/url"
	"os"
	"strings"
)

type WebhookEventFilter struct {
	TargetTypes  []string `json:"target_types"`
	TargetValues []string `json:"target_values"`
	KindTypes    []string `json:"kind_types"`
	KindNames    []string `json:"kind_names"`
	ErrorOnly    bool     `json:"error_only"`
	SuccessOnly  bool     `json:"success_only"`
}

type Webhook struct {
	Name        string              `json:"name"`
	Description string              `json:"description"`
	TeamOwner   string              `json:"team_owner"`
	EventFilter WebhookEventFilter  `json:"event_filter"`
	URL         string              `json:"url"`
	ProxyURL    string              `json:"proxy_url"`
	Headers     map[string][]string `json:"headers"`
	Method      string              `json:"method"`
	Body        string              `json:"body"`
	Insecure    bool                `json:"insecure"`
}

var bodies = []string{
	`{"headers":{"a":"b"}}`,
	`{"name":1}`,
	`{"name":1.5}`,
	`{"name":true}`,
	`{"name":{}}`,
	`{"name":[]}`,
	`{"insecure":"x"}`,
	`{"event_filter":[]}`,
	`{"event_filter":{"kind_names":"a"}}`,
	`{"event_filter":{"kind_names":[1]}}`,
	`{"event_filter":{"error_only":1}}`,
	`{"headers":[]}`,
	`{"headers":{"a":[1]}}`,
	`[]`,
	`"x"`,
	`3`,
	`null`,
	`{`,
	`{"a"`,
	`{"a":}`,
	`{a}`,
	`{"name":"x",}`,
	`{"name":"x"} x`,
	`nul`,
	`tru`,
	`{"name":"\x"}`,
	"{\"name\":\"a\nb\"}",
	`{"name":"\u12"}`,
	`01`,
	`-`,
	`1.`,
	`1e`,
	`{"NAME":"n","Event_Filter":{"KIND_names":["k"]},"Headers":{"x":null,"Y":["1",null]}}`,
	`{"name":null,"insecure":null,"headers":null}`,
	`{"event_filter":{"kind_names":{}}}`,
	` `,
	`{"name":"x" "y"}`,
	`{"name" 1}`,
	`[1 2]`,
	`é`,
	`{"unknown":[1,{"a":2}],"name":"z"}`,
	`{"name":1,"url":2}`,
	"\x00",
	"{\"name\":\"\x01\"}",
	`'a'`,
	`falsy`,
	`{"name":"\ud800"}`,
}

var urls = []string{
	"foo",
	"",
	"ftp://x",
	"//host/x",
	"http://a/b c",
	":/:x",
	"http://a b/",
	"http://a/%zz",
	"http://[::1",
	"http://a:port/",
	"\x7f",
	"http://a\x01",
	"127.0.0.1:3128",
	"my.proxy:8123",
	"http://",
	"http://[::1]",
	"http://[::1]:80/x",
	"http://[fe80::1%25en0]/",
	"http://[fe80::1%en0]/",
	"http://u:p@host/",
	"http://u@b:p@host/",
	"http://u p@host",
	"http://host:80:90",
	"http://host:",
	"a:b",
	"1a:b",
	"a1:b",
	"*",
	"http://a/%",
	"http://a/%4",
	"http://a%20b/",
	"http://a%zz/",
	"http://é/",
	"http://a<b",
	"http://a\"b/",
	"http://a/\"x\"",
	"?x=%zz",
	"#%zz",
	"http://x#%zz",
	"http://x/?%zz",
	"a b:c",
	"-a:b",
	"a_b:c",
	"a/b:c",
	"http://[::1]x/",
	"http://[::1]:x/",
	"http://a]b/",
	"http://a[b/",
	"mailto:x@y",
	"http:opaque",
	"http:///x",
	"HTTP://X",
	"http://x\x80y/",
	"http://a\\b/",
	"http://a^b/",
	"http://a`b",
	"http://a{b}/",
	"http://a|b",
	"http://u:p%zz@h/",
	"http://u%41@h/",
	"http://%41/",
	"http://%25a/",
	"http://[::1]%25/",
	"http://[v1.a]/",
	"http://[]/",
	"http://[zz]/",
	"/:x",
	"./a:b",
	"http://host/ ",
	"  http://x",
	"http://x:99999",
	"http://:80/",
	"é:b",
	"http://h\xffx/",
}

// Of a body: its bytes, what is wrong with it, and what was read, null where nothing was given.
type vector struct {
	Given string          `json:"given"`
	Error string          `json:"error"`
	Read  json.RawMessage `json:"read,omitempty"`
}

func main() {
	var read, parsed []vector
	for _, body := range bodies {
		var webhook Webhook
		one := vector{Given: base64.StdEncoding.EncodeToString([]byte(body))}
		if err := json.Unmarshal([]byte(body), &webhook); err != nil {
			// There, the types are those of a package of that name.
			one.Error = strings.ReplaceAll(err.Error(), "main.", "event.")
		} else {
			one.Read, _ = json.Marshal(webhook)
		}
		read = append(read, one)
	}
	for _, text := range urls {
		one := vector{Given: base64.StdEncoding.EncodeToString([]byte(text))}
		if _, err := url.Parse(text); err != nil {
			one.Error = err.Error()
		}
		parsed = append(parsed, one)
	}
	write("bodies.json", read)
	write("urls.json", parsed)
}

func write(name string, vectors []vector) {
	text, err := json.MarshalIndent(vectors, "", "  ")
	if err == nil {
		err = os.WriteFile(name, append(text, '\n'), 0o644)
	}
	if err != nil {
		panic(err)
	}
}
