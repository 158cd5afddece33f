package servicelevel

import (
	"slices"
	"time"

	"diapason/internal/finding"
	"diapason/internal/model"
)

// Behind is what stood behind a promise when its statement was made: who carried it, what
// the design gave, and what interrupted it. It is for those who keep the promise, not for
// those to whom it was made, and nothing of the result depends on it.
type Behind struct {
	// Verdict says whether what stood behind the promise carried it: covered, uncovered or
	// unknown; empty where nothing could be judged.
	Verdict string `json:"verdict,omitempty"`
	// Of an availability: if the promises behind it fail independently, whatever they do,
	// computed exactly, and what the design gives.
	Product   *model.Availability `json:"product,omitempty"`
	Worst     *model.Availability `json:"worst,omitempty"`
	Exact     *model.Availability `json:"exact,omitempty"`
	Predicted *model.Availability `json:"predicted,omitempty"`
	Links     []BehindLink        `json:"links,omitempty"`
	Causes    []BehindCause       `json:"causes,omitempty"`
}

// BehindLink is one promise, hand-over, plan or copy that a promise rested on.
type BehindLink struct {
	By           string              `json:"by"`
	Promise      string              `json:"promise,omitempty"` // the agreement or contract that says so
	Supplier     string              `json:"supplier,omitempty"`
	Target       string              `json:"target,omitempty"`
	Availability *model.Availability `json:"availability,omitempty"`
	Within       *model.Duration     `json:"within,omitempty"`
	Fails        bool                `json:"fails,omitempty"`
}

// BehindCause is an interruption of the record that touched a period, with what caused it.
type BehindCause struct {
	Span
	Outage  string `json:"outage"`
	Cause   string `json:"cause,omitempty"`
	Planned bool   `json:"planned,omitempty"`
}

// FillBehind writes into the measures of a statement what stood behind them, as far as the
// model says it. Causes lists the interruptions of a service or component in a span.
func (a *Analysis) FillBehind(s *Statement, causes func(of model.Ref, within Span) []BehindCause) {
	ref, err := model.ParseRef(s.Agreement.Object)
	if err != nil {
		return
	}
	var chains []Chain
	if h := handle(a.f, ref); h != model.Missing {
		chains = a.Chains(h)
	}
	for i := range s.Measures {
		m := &s.Measures[i]
		service, err := model.ParseRef(m.Service)
		if err != nil {
			continue
		}
		b := &Behind{Causes: causes(service, s.Period)}
		at := slices.IndexFunc(chains, func(c Chain) bool { return c.Target.Name == m.Target && c.Service == service })
		if at >= 0 {
			b.chain(a.f, &chains[at])
		}
		if b.Verdict != "" || len(b.Causes) > 0 {
			m.Behind = b
		}
	}
}

func (b *Behind) chain(f *finding.Facts, c *Chain) {
	b.Verdict = string(c.Verdict)
	if x := c.Composed; x != nil && c.Support != nil {
		if len(c.Links) > 0 {
			b.Product, b.Worst = &x.Product, &x.Bound
			if x.IsExact {
				b.Exact = &x.Exact
			}
		}
		if x.Known {
			b.Predicted = &x.Predicted
		}
	}
	for i := range c.Links {
		l := &c.Links[i]
		out := BehindLink{By: l.By.String(), Target: l.Target, Fails: l.Fails}
		if !l.Promise.IsZero() {
			out.Promise = l.Promise.String()
		}
		for _, of := range []model.Ref{l.By, l.Promise} {
			if x := finding.SpecOf[model.Contract](f, of); x != nil && !x.Supplier.IsZero() {
				out.Supplier = x.Supplier.String()
			}
		}
		switch v := l.Value.(type) {
		case model.Availability:
			out.Availability = &v
		case model.Duration:
			out.Within = &v
		case time.Duration:
			out.Within = new(model.Duration(v))
		}
		b.Links = append(b.Links, out)
	}
}
