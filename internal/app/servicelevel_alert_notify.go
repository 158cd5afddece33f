package app

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/url"
	"strings"
	"time"

	"diapason/internal/finding"
	"diapason/internal/language"
	"diapason/internal/notify"
)

// alertsListed bounds the alerts that one e-mail tells of.
const alertsListed = 50

// route is where the changes of a pass are to be told.
type route struct {
	channel *notify.Open
	box     Mailbox
	changes []int
}

// routes finds who is to be told of which changes: one e-mail for each receiver, one
// message for each change elsewhere.
func (w *alertWatch) routes(ctx context.Context, changes []alertChange) ([]route, error) {
	if w.channels == nil || len(changes) == 0 {
		return nil, nil
	}
	var out []route
	for i := range w.channels.List {
		c := &w.channels.List[i]
		if c.Sender == nil { // an Alertmanager is told what stands
			continue
		}
		fallback := w.languageOf(c.Language)
		boxes, err := w.mailboxes(ctx, fallback)
		if err != nil {
			return nil, err
		}
		at := map[string]int{}
		for n := range changes {
			if changes[n].event == "" {
				continue
			}
			r := &changes[n].record
			x := notify.Alert{Severity: r.Severity, Kind: r.Kind, Service: r.Service.String(), Customer: refText(r.Customer)}
			if c.Type != notify.Email {
				if c.Takes(&x) {
					out = append(out, route{channel: c, box: Mailbox{Lang: fallback}, changes: []int{n}})
				}
				continue
			}
			for _, box := range boxes.told(c, r, &x) {
				j, ok := at[box.Address]
				if !ok {
					j = len(out)
					at[box.Address] = j
					out = append(out, route{channel: c, box: box})
				}
				out[j].changes = append(out[j].changes, n)
			}
		}
	}
	return out, nil
}

// messages writes what is sent of the changes that took effect.
func (w *alertWatch) messages(routes []route, changes []alertChange, done []bool, now time.Time) []Outgoing {
	var out []Outgoing
	for _, r := range routes {
		var list []*alertChange
		for _, n := range r.changes {
			if done[n] {
				list = append(list, &changes[n])
			}
		}
		if len(list) > 0 {
			out = append(out, w.message(r, list, now))
		}
	}
	return out
}

// message writes one message about some alerts.
func (w *alertWatch) message(r route, list []*alertChange, now time.Time) Outgoing {
	writer := WriterFor(w.Head(), r.box.Lang)
	m := notify.Message{Type: notify.TypeResolved, Time: now, To: r.box.Address, Language: string(r.box.Lang), Path: "/service-levels/alerts"}
	key := sha256.New()
	fmt.Fprintf(key, "%s\n%s\n", r.channel.Name, r.box.Address)
	firing := 0
	for _, c := range list {
		fmt.Fprintf(key, "%s %s\n", c.record.ID, c.event)
		if c.event == alertFiring {
			m.Type, firing = notify.TypeFiring, firing+1
		}
		m.Alerts = append(m.Alerts, machineAlert(writer, &c.record, c.event))
	}
	m.ID = hex.EncodeToString(key.Sum(nil)[:16])
	m.Subject, m.Text = m.Alerts[0].Subject, m.Alerts[0].Text
	if len(list) == 1 {
		m.About, m.Path = m.Alerts[0].Service, alertPath(&list[0].record)
	} else {
		m.Subject = writer.Message("alert.subject.several", finding.Args{"firing": firing, "over": len(list) - firing})
	}
	if r.channel.Type == notify.Email {
		m.Text = w.letter(writer, r.box, list, m.Alerts, m.Path)
		m.Alerts = nil
	}
	return Outgoing{Channel: r.channel.Name, Message: m}
}

// letter is the text of an e-mail about alerts.
func (w *alertWatch) letter(writer language.Writer, box Mailbox, list []*alertChange, alerts []notify.Alert, path string) string {
	var b strings.Builder
	for i, c := range list {
		if i == alertsListed {
			fmt.Fprintf(&b, "%s\n\n", writer.Message("alert.letter.more", finding.Args{"n": len(list) - i}))
			break
		}
		if len(list) > 1 {
			fmt.Fprintf(&b, "%s\n", alerts[i].Subject)
		}
		fmt.Fprintf(&b, "%s\n", alerts[i].Text)
		fmt.Fprintf(&b, "%s\n\n", writer.Message("alert.letter.since", finding.Args{"since": c.record.Began.In(zoneNamed(c.record.Zone)), "severity": c.record.Severity}))
	}
	if w.channels.Base != "" {
		fmt.Fprintf(&b, "%s%s\n\n", w.channels.Base, path)
	}
	why := box.For
	if why == "" {
		why = "named"
	}
	fmt.Fprintf(&b, "-- \n%s\n", writer.Message("alert.letter."+why, nil))
	return b.String()
}

// alertPath is where the interface shows the objective of an alert.
func alertPath(r *alertRecord) string {
	target := r.Target
	if target == "" || r.Gone {
		return "/service-levels/alerts"
	}
	return "/service-levels/objective?id=" + url.QueryEscape(r.Agreement.String()+"#"+target+"#"+r.Service.String())
}

// machineAlert is an alert as machines read it, with its words.
func machineAlert(w language.Writer, r *alertRecord, event string) notify.Alert {
	x := notify.Alert{
		ID: r.ID, Rule: r.Rule, State: event, Kind: r.Kind, Severity: r.Severity,
		Agreement: r.Agreement.String(), Customer: refText(r.Customer), Service: r.Service.String(), Target: r.Target,
		Since: r.Began, Until: r.Ended, Long: r.Long.Std().Seconds(), Short: r.Short.Std().Seconds(), Factor: r.Factor, LongRate: r.LongRate, ShortRate: r.ShortRate,
		Subject: alertSubject(w, r, event), Text: alertText(w, r, event),
	}
	if event == alertFiring {
		x.Until = time.Time{}
		if r.Outlook != nil {
			x.Breach, x.Broken = r.Outlook.Breach.Time, r.Outlook.Broken
		}
	}
	return x
}

// alertSubject is the subject of what tells of an alert.
func alertSubject(w language.Writer, r *alertRecord, event string) string {
	args := finding.Args{"service": r.Service, "target": r.Target, "severity": r.Severity}
	switch {
	case event == alertResolved:
		return w.Message("alert.subject.resolved", args)
	case r.Kind == alertBlind:
		return w.Message("alert.subject.blind", args)
	}
	return w.Message("alert.subject.burn", args)
}
