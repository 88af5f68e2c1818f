package main

var tsuruContexts = map[string]string{
	"tsuru event": `{"$tsuru": {"UniqueID": "5d8f0c1e2a3b4c5d6e7f8091", "Lock": null, "StartTime": "2026-09-10T12:34:56.789Z",
		"EndTime": "2026-09-10T12:36:26.789Z", "ExpireAt": "0001-01-01T00:00:00Z", "Target": {"Type": "app", "Value": "myapp"},
		"ExtraTargets": [{"Target": {"Type": "app", "Value": "xapp1"}, "Lock": false}, {"Target": {"Type": "volume", "Value": "v"}, "Lock": true}],
		"Kind": {"Type": "permission", "Name": "app.deploy"}, "Owner": {"Type": "user", "Name": "me@me.com"}, "SourceIP": "10.0.0.1",
		"LockUpdateTime": "2026-09-10T12:34:56.789Z", "Error": "boom <&> \"q\"", "Log": "l1\nl2\n",
		"StructuredLog": [{"Date": "2026-09-10T12:34:56.789Z", "Message": "l1\n"}, {"Date": "2026-09-10T12:34:57Z", "Message": "l2\n"}],
		"CancelInfo": {"Owner": "", "StartTime": "0001-01-01T00:00:00Z", "AckTime": "0001-01-01T00:00:00Z", "Reason": "", "Asked": false, "Canceled": false},
		"Cancelable": false, "Running": false, "Allowed": {"Scheme": "app.read.events", "Contexts": [{"CtxType": "app", "Value": "myapp"}]},
		"AllowedCancel": {"Scheme": "", "Contexts": null}, "Instance": {"Name": "h1", "Port": "8080", "TLSPort": "", "Addresses": ["1.2.3.4", "::1"],
		"LastUpdate": "2026-09-10T12:34:56.789Z"}, "StartCustomData": [{"name": "NAME", "value": "v1"}, {"name": "x", "value": ["a", "b"]}],
		"EndCustomData": {"": "empty", "at": {"$date": "2026-09-10T12:34:56.789Z"}, "big": 5000000000, "deep": {"a": [1, {"b": "c<d>&\"\u2028é"}]},
		"half": 0.5, "id": {"$oid": "5d8f0c1e2a3b4c5d6e7f8091"}, "image": "reg/app:v3", "n": 3, "none": null, "ok": true, "q\"": 1, "two": {"$numberDouble": "2"}}}}`,
	"tsuru zero event": `{"$tsuru": {"UniqueID": "000000000000000000000000", "Lock": null, "StartTime": "0001-01-01T00:00:00Z", "EndTime": "0001-01-01T00:00:00Z",
		"ExpireAt": "0001-01-01T00:00:00Z", "Target": {"Type": "", "Value": ""}, "ExtraTargets": null, "Kind": {"Type": "", "Name": ""},
		"Owner": {"Type": "", "Name": ""}, "SourceIP": "", "LockUpdateTime": "0001-01-01T00:00:00Z", "Error": "", "Log": "", "StructuredLog": null,
		"CancelInfo": {"Owner": "", "StartTime": "0001-01-01T00:00:00Z", "AckTime": "0001-01-01T00:00:00Z", "Reason": "", "Asked": false, "Canceled": false},
		"Cancelable": false, "Running": false, "Allowed": {"Scheme": "", "Contexts": null}, "AllowedCancel": {"Scheme": "", "Contexts": null},
		"Instance": {"Name": "", "Port": "", "TLSPort": "", "Addresses": null, "LastUpdate": "0001-01-01T00:00:00Z"}}}`,
	"tsuru token event": `{"$tsuru": {"ID": "0123456789abcdef01234567", "UniqueID": "5d8f0c1e2a3b4c5d6e7f8091", "Lock": {"Type": "app", "Value": "é"},
		"Owner": {"Type": "token", "Name": "ci"}, "Kind": {"Type": "internal", "Name": "version \"gc\""}, "Target": {"Type": "app", "Value": "é"},
		"StartTime": "2024-02-29T23:59:59.5Z", "EndTime": "2024-03-01T01:02:03Z", "Running": true, "Cancelable": true,
		"StructuredLog": [{"Date": "2024-02-29T23:59:59.5Z", "Message": "one\ntwo\n"}, {"Date": "0001-01-01T00:00:00Z", "Message": "bare"}],
		"CancelInfo": {"Owner": "me", "StartTime": "2024-03-01T00:00:00Z", "Reason": "why", "Asked": true}, "OtherCustomData": "text", "StartCustomData": 7}}`,
}

var tsuruPaths = lines(`
.
.ID
.UniqueID
.UniqueID.Hex
.UniqueID.String
.UniqueID.IsZero
.UniqueID.Timestamp
.ID.Hex
.Lock
.Lock.Type
.StartTime
.EndTime
.ExpireAt
.LockUpdateTime
.StartTime.Unix
.StartTime.UnixMilli
.StartTime.UTC
.StartTime.Year
.StartTime.Month
.StartTime.Weekday
.StartTime.YearDay
.StartTime.Hour
.StartTime.Nanosecond
.StartTime.IsZero
.StartTime.String
(.EndTime.Sub .StartTime)
(.EndTime.Sub .StartTime).Seconds
(.EndTime.Sub .StartTime).Minutes
(.StartTime.Format "2006-01-02T15:04:05Z07:00")
(.StartTime.Format "Jan _2 3:04:05.000 PM MST")
(.StartTime.AddDate 0 1 -1)
(.StartTime.Before .EndTime)
(.StartTime.After .EndTime)
(.StartTime.Equal .StartTime)
.Target
.Target.Type
.Target.Value
.Target.String
.Target.IsValid
.ExtraTargets
.Kind
.Kind.Type
.Kind.Name
.Kind.String
.Owner
.Owner.Type
.Owner.Name
.Owner.String
.SourceIP
.Error
.Log
.StructuredLog
.CancelInfo
.CancelInfo.Owner
.CancelInfo.StartTime
.CancelInfo.Asked
.Cancelable
.Running
.Allowed
.Allowed.Scheme
.Allowed.Contexts
.AllowedCancel
.Instance
.Instance.Name
.Instance.Addresses
.Instance.LastUpdate
.EventData
.EventData.Log
.EventData.Target.Value
.String
.OwnerEmail
.Clone
.Clone.Target
.Clone.StructuredLog
.StartCustomData
.EndCustomData
.OtherCustomData
.StartCustomData.Type
.EndCustomData.Type
.OtherCustomData.Type
.StartCustomData.IsZero
.StartCustomData.IsNumber
.StartCustomData.String
.OtherCustomData.StringValue
.StartCustomData.Int32
.StartCustomData.AsInt64
.StartCustomData.Array
.StartCustomData.Array.Values
.StartCustomData.Array.Elements
.StartCustomData.Document
(index .StartCustomData.Array.Values 0)
(index .StartCustomData.Array.Values 1).Document
((index .StartCustomData.Array.Values 0).Document.Lookup "name").StringValue
(.StartCustomData.Array.Lookup "1" "value" "0")
(.StartCustomData.Array.Index 0).Key
.EndCustomData.Document
.EndCustomData.Document.Elements
.EndCustomData.Document.Values
(.EndCustomData.Document.Lookup "image")
(.EndCustomData.Document.Lookup "image").StringValue
(.EndCustomData.Document.Lookup "image").Type
(.EndCustomData.Document.Lookup "image").Int32
(.EndCustomData.Document.Lookup "nope")
(.EndCustomData.Document.Lookup "nope").IsZero
(.EndCustomData.Document.Lookup "nope").Type
(.EndCustomData.Document.LookupErr "nope")
(.EndCustomData.Document.LookupErr "n")
(.EndCustomData.Document.Lookup "n")
(.EndCustomData.Document.Lookup "n").Int32
(.EndCustomData.Document.Lookup "n").AsInt64
(.EndCustomData.Document.Lookup "n").Int64
(.EndCustomData.Document.Lookup "big")
(.EndCustomData.Document.Lookup "big").Int64
(.EndCustomData.Document.Lookup "half")
(.EndCustomData.Document.Lookup "half").Double
(.EndCustomData.Document.Lookup "half").AsInt64
(.EndCustomData.Document.Lookup "two")
(.EndCustomData.Document.Lookup "two").Double
(.EndCustomData.Document.Lookup "ok")
(.EndCustomData.Document.Lookup "ok").Boolean
(.EndCustomData.Document.Lookup "none")
(.EndCustomData.Document.Lookup "none").Type
(.EndCustomData.Document.Lookup "id")
(.EndCustomData.Document.Lookup "id").ObjectID
(.EndCustomData.Document.Lookup "id").ObjectID.Hex
(.EndCustomData.Document.Lookup "at")
(.EndCustomData.Document.Lookup "at").Time.Unix
(.EndCustomData.Document.Lookup "at").DateTime
(.EndCustomData.Document.Lookup "deep")
(.EndCustomData.Document.Lookup "deep" "a")
(.EndCustomData.Document.Lookup "deep" "a" "1" "b").StringValue
(.EndCustomData.Document.Lookup "deep" "a").Array.Values
(.EndCustomData.Document.Lookup "")
(.EndCustomData.Document.Index 1)
(.EndCustomData.Document.Index 1).Value
(.EndCustomData.Document.Index 99)
.EndCustomData.Array
.EndCustomData.StringValue
.EndCustomData.Int32
.CustomData
.RemoveDate
.logMu
.Target.Nope
.Kind.name
.Nope
(index .StructuredLog 0)
(index .StructuredLog 0).Message
(index .StructuredLog 0).Date.Unix
(index .StructuredLog 5)
(index .ExtraTargets 0).Target
(index .Instance.Addresses 0)
`)

func tsuruGroups() []group {
	forms := func(context string) []group {
		return []group{
			{context + ": printed", context, product(one("{{"), tsuruPaths, one("}}"))},
			{context + ": in a text", context, product(one("{{if "), tsuruPaths, one(`}}T{{else}}F{{end}}`))},
			{context + ": escaped", context, product(one("{{"), tsuruPaths, []string{" | html}}", ` | printf "%s|%q"}}`})},
			{context + ": parts", context, lines(tsuruCases)},
		}
	}
	groups := []group{}
	for _, context := range []string{"tsuru event", "tsuru zero event", "tsuru token event"} {
		groups = append(groups, forms(context)...)
	}
	return groups
}

const tsuruCases = `
payload={"text": "[{{.Kind.Name}}]: {{.Target.Type}} {{.Target.Value}}"}
{"app": "{{.Target.Value}}", "ok": {{not .Error}}, "by": "{{js .Owner.Name}}"}
{{range .ExtraTargets}}{{.Target.Value}},{{end}}
{{range $i, $t := .ExtraTargets}}{{$i}}={{$t.Target}}{{if $t.Lock}}!{{end}} {{else}}none{{end}}
{{range .StructuredLog}}{{.Date.Format "15:04:05.999"}} {{.Message}}{{else}}no log{{end}}
{{range .StartCustomData.Array.Values}}{{(.Document.Lookup "name").StringValue}};{{end}}
{{range .EndCustomData.Document.Elements}}{{.Key}}:{{.Value.Type}} {{end}}
{{range .Allowed.Contexts}}{{.CtxType}}({{.Value}}){{end}}
{{range .Instance.Addresses}}[{{.}}]{{end}}
{{with .Error}}failed: {{.}}{{else}}done{{end}}
{{with $e := .Owner}}{{$e.Type}} {{$.Kind}}{{end}}
{{if eq .Kind.Name "app.deploy"}}deploy{{else if eq .Kind.Type "internal"}}internal{{else}}other{{end}}
{{if and .Error (not .Running)}}failed{{end}}
{{eq .Target.Type "app" "volume"}} {{ne .Owner.Type "user"}} {{lt .Kind.Name "b"}}
{{eq .Target .Target}} {{eq .Kind .Kind}} {{eq .StartTime .StartTime}}
{{eq .Target .Kind}}
{{eq .Target.Type .Kind.Type}}
{{len .Log}} {{len .ExtraTargets}} {{len .Instance.Addresses}} {{len .Kind.Name}}
{{len .Target}}
{{slice .Kind.Name 0 3}}
{{slice .Kind.Name 0 3 | printf "%-5s|"}}
{{index .Instance.Addresses 1}}
{{printf "%s %v %q" .Target .Kind .Owner}}
{{printf "%v %s" .StartTime .StartTime}}
{{printf "%d" .StartTime.Unix}} {{printf "%x" .Kind.Name}} {{printf "%5.2f" (.EndTime.Sub .StartTime).Seconds}}
{{printf "%t" .Running}} {{printf "%d" .Running}}
{{printf "%.3s|%8v|%q|%x|%-9s|%+v" .Lock .Lock .Lock .Lock .Lock .Lock}}
{{printf "%v %d %s" .StartTime.Month .StartTime.Month .StartTime.Weekday}}
{{print .Target .Kind 1 2 .Owner}}
{{println .Kind .Owner}}
{{urlquery .Error .Target}}
{{html .Error}} {{js .Error}}
{{define "t"}}{{.Type}}={{.Value}}{{end}}{{template "t" .Target}}{{range .ExtraTargets}} {{template "t" .Target}}{{end}}
{{block "x" .Owner}}{{.Name}}{{end}}
{{$d := .EndTime.Sub .StartTime}}{{$d}} {{$d.Hours}} {{printf "%.1f" $d.Minutes}} {{$d.Milliseconds}}
{{.StartTime.Format}}
{{.StartTime.Format 5}}
{{.Target.IsValid 1}}
{{.EndCustomData.Document.Lookup 5}}
{{.EndCustomData.Document.Lookup}}
{{.EndCustomData.Document.Lookup "deep" "nope"}}|
{{.EndCustomData.Document.Lookup "n" "x"}}|
{{.Kind.Name.x}}
{{.Error.x}}
{{.Running.x}}
{{.ExtraTargets.Target}}
{{call .String}}
{{toJson .}}
{{.SetCancelable nil true}}
{{.Logf "x"}}
{{if not .EndTime.IsZero}}{{.EndTime.Sub .StartTime}}{{end}}
{{with .EndCustomData}}{{.Type}}{{end}}
{{.StartTime.Truncate 1000}}
{{(.StartTime.Add 1000000000).Unix}}
{{.StartTime.Local.Unix}} {{.StartTime.Location}} {{.StartTime.Clock}}
`
