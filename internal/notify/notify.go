// Package notify is the contract of what Diapason tells the outside: messages by e-mail
// and webhook, alerts to an Alertmanager. The channels themselves are packages beneath
// it; what is to be sent waits in the store, with those who call this package.
package notify

import (
	"context"
	"fmt"
	"time"
)

// Types of messages.
const (
	TypeFiring   = "alert.firing"
	TypeResolved = "alert.resolved"
	TypeReport   = "report"
	TypeTest     = "test"
)

// Message is one message to one receiver, in the receiver's language.
type Message struct {
	// ID is the same whenever the message is sent again, so that receivers can tell.
	ID   string    `json:"id"`
	Type string    `json:"type"`
	Time time.Time `json:"time"` // of what it tells
	// To is the e-mail address of the receiver; empty for a channel that has one end.
	To       string `json:"to,omitempty"`
	Language string `json:"language"`
	Subject  string `json:"subject"`
	Text     string `json:"text"` // plain, lines separated by \n
	// About is the object that it is about, kind/name; Path where the interface shows it.
	About string `json:"about,omitempty"`
	Path  string `json:"path,omitempty"`
	// Alerts are what the message tells of, for machines.
	Alerts []Alert `json:"alerts,omitempty"`
	Files  []File  `json:"files,omitempty"`
}

// File is an attachment of an e-mail.
type File struct {
	Name string `json:"name"`
	Type string `json:"type"` // media type
	Data []byte `json:"data"`
}

// Alert is an alert of a service level for machines.
type Alert struct {
	// ID is of the occurrence: the same when it fires and when it is over. Rule is what
	// held: agreement, target, service and severity.
	ID       string `json:"id"`
	Rule     string `json:"rule"`
	State    string `json:"state"`    // firing, resolved
	Kind     string `json:"kind"`     // burn, not-measured
	Severity string `json:"severity"` // page, ticket
	// References, kind/name; Target is the name of the target in the agreement.
	Agreement string    `json:"agreement"`
	Customer  string    `json:"customer,omitempty"`
	Service   string    `json:"service"`
	Target    string    `json:"target"`
	Since     time.Time `json:"since"`
	Until     time.Time `json:"until,omitzero"`
	// The windows of the row that exceeded, in seconds, its factor and the burn rates;
	// no rate where the promise allows nothing and it is infinite.
	Long      float64 `json:"longSeconds,omitempty"`
	Short     float64 `json:"shortSeconds,omitempty"`
	Factor    float64 `json:"factor,omitempty"`
	LongRate  float64 `json:"longRate,omitempty"`
	ShortRate float64 `json:"shortRate,omitempty"`
	// Breach is when the promise breaks at the observed rate.
	Breach time.Time `json:"breach,omitzero"`
	Broken bool      `json:"broken,omitempty"`
	// Subject and Text say it in words.
	Subject string `json:"subject"`
	Text    string `json:"text"`
}

// Sender sends messages through one channel. The error is a *Problem.
type Sender interface {
	Send(ctx context.Context, m Message) error
}

// Poster tells an Alertmanager which alerts stand: those that fire, and those that ended
// lately. It is called again and again; what is no longer told expires by itself. The
// error is a *Problem.
type Poster interface {
	Post(ctx context.Context, now time.Time, alerts []Alert) error
}

// Codes of problems.
const (
	Unreachable = "unreachable" // no connection
	Timeout     = "timeout"
	Certificate = "certificate" // the other side is not who it should be, or speaks no TLS
	Login       = "login"       // it does not know us
	Refused     = "refused"     // it refuses this message
	Busy        = "busy"        // it wants to be asked later
	Redirected  = "redirected"  // it points elsewhere, where nothing is sent
	NoSecret    = "secret"      // our own password or token cannot be read
	Gone        = "gone"        // the channel is no longer configured
)

// Problem is why a message was not taken.
type Problem struct {
	Code string `json:"code"`
	// Detail is what the other side or the system said, in its own language, without
	// secrets, at most detailMost characters.
	Detail string `json:"detail,omitempty"`
	// Final tells that sending it again is of no use.
	Final bool `json:"final,omitempty"`
	// Whole tells that nothing else passes through the channel now either.
	Whole bool `json:"whole,omitempty"`
	// After is for how long the other side wants to be left alone; zero when it did not say.
	After time.Duration `json:"after,omitempty"`
}

const detailMost = 300

// NewProblem makes a problem; detail is cut and freed of control characters.
func NewProblem(code, detail string) *Problem {
	clean := make([]rune, 0, min(len(detail), detailMost))
	for _, r := range detail {
		if r < ' ' || r == 0x7f || r == 0xfffd {
			r = ' '
		}
		if clean = append(clean, r); len(clean) == detailMost {
			break
		}
	}
	return &Problem{Code: code, Detail: string(clean)}
}

func (p *Problem) Error() string {
	if p.Detail == "" {
		return p.Code
	}
	return fmt.Sprintf("%s: %s", p.Code, p.Detail)
}
