package main

import (
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"go.mongodb.org/mongo-driver/bson"
	"go.mongodb.org/mongo-driver/bson/primitive"
)

// What follows has the fields and the methods of tsuru's event that templates of its webhooks see. Custom data are
// values of the driver that tsuru uses.

type tsuruTarget struct{ Type, Value string }

func (t tsuruTarget) IsValid() bool  { return t.Type != "" }
func (t tsuruTarget) String() string { return fmt.Sprintf("%s(%s)", t.Type, t.Value) }

type tsuruExtraTarget struct {
	Target tsuruTarget
	Lock   bool
}

type tsuruKind struct{ Type, Name string }

func (k tsuruKind) String() string { return k.Name }

type tsuruOwner struct{ Type, Name string }

func (o tsuruOwner) String() string { return fmt.Sprintf("%s %s", o.Type, o.Name) }

type tsuruLogEntry struct {
	Date    time.Time
	Message string
}

type tsuruCancelInfo struct {
	Owner              string
	StartTime, AckTime time.Time
	Reason             string
	Asked, Canceled    bool
}

type tsuruPermissionContext struct{ CtxType, Value string }

type tsuruAllowed struct {
	Scheme   string
	Contexts []tsuruPermissionContext
}

type tsuruInstance struct {
	Name, Port, TLSPort string
	Addresses           []string
	LastUpdate          time.Time
}

type EventData struct {
	ID, UniqueID                                    primitive.ObjectID
	Lock                                            *tsuruTarget
	StartTime, EndTime, ExpireAt                    time.Time
	Target                                          tsuruTarget
	ExtraTargets                                    []tsuruExtraTarget
	StartCustomData, EndCustomData, OtherCustomData bson.RawValue `json:"-"`
	Kind                                            tsuruKind
	Owner                                           tsuruOwner
	SourceIP                                        string
	LockUpdateTime                                  time.Time
	Error                                           string
	Log                                             string
	StructuredLog                                   []tsuruLogEntry
	CancelInfo                                      tsuruCancelInfo
	Cancelable, Running                             bool
	Allowed, AllowedCancel                          tsuruAllowed
	Instance                                        tsuruInstance
}

type tsuruEvent struct {
	EventData
}

func (e *tsuruEvent) String() string {
	return fmt.Sprintf("%s running %q start by %s at %s", e.Target, e.Kind, e.Owner, e.StartTime.Format(time.RFC3339))
}

func (e *tsuruEvent) Log() string {
	if e.EventData.Log != "" {
		return e.EventData.Log
	}
	text := ""
	for _, entry := range e.StructuredLog {
		if entry.Date.IsZero() {
			text += entry.Message
			continue
		}
		prefix := entry.Date.UTC().Format("2006-01-02 15:04:05 -0700") + ": "
		message, ended := strings.CutSuffix(entry.Message, "\n")
		text += prefix + strings.ReplaceAll(message, "\n", "\n"+prefix)
		if ended {
			text += "\n"
		}
	}
	return text
}

func (e *tsuruEvent) OwnerEmail() string {
	switch e.Owner.Type {
	case "user":
		return e.Owner.Name
	case "token":
		return e.Owner.Name + "@tsuru-team-token"
	}
	return ""
}

func (e *tsuruEvent) Clone() *tsuruEvent {
	clone := *e
	clone.StructuredLog = nil
	return &clone
}

// tsuruContext makes such an event of its JSON, custom data in extended JSON.
func tsuruContext(given any) *tsuruEvent {
	raw, err := json.Marshal(given)
	must(err)
	event := &tsuruEvent{}
	must(json.Unmarshal(raw, &event.EventData))
	if event.ID.IsZero() {
		event.ID = event.UniqueID
	}
	var custom struct {
		StartCustomData, EndCustomData, OtherCustomData json.RawMessage
	}
	must(json.Unmarshal(raw, &custom))
	event.StartCustomData = rawValue(custom.StartCustomData)
	event.EndCustomData = rawValue(custom.EndCustomData)
	event.OtherCustomData = rawValue(custom.OtherCustomData)
	return event
}

func rawValue(text json.RawMessage) bson.RawValue {
	if len(text) == 0 || string(text) == "null" {
		return bson.RawValue{}
	}
	var holder bson.Raw
	must(bson.UnmarshalExtJSON([]byte(`{"v":`+string(text)+`}`), false, &holder))
	return holder.Lookup("v")
}

func must(err error) {
	if err != nil {
		panic(err)
	}
}
