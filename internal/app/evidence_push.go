package app

import (
	"context"
	"encoding/csv"
	"errors"
	"io"
	"strconv"
	"strings"
	"time"

	"diapason/internal/identity"
	"diapason/internal/model"
)

// Pushed says what became of measures that were pushed.
type Pushed struct {
	Measures int           `json:"measures"` // taken
	Days     int           `json:"days"`     // of evidence that they changed
	Errors   []model.Issue `json:"errors"`   // of those that were not taken, by line
}

// Bounds of one push.
const (
	mostMeasures = 50_000
	mostIssues   = 200 // told
)

// numberedMeasure is a measure with its line, or its place in a list.
type numberedMeasure struct {
	line int
	Measure
	fault *model.Fault // found while reading it
}

// PushMeasures records measures of a tool. What can be taken is, in one append; of what
// cannot, each is told with its place in the list, from 1.
func (a *App) PushMeasures(ctx context.Context, actor identity.Actor, measures []Measure, reason string) (*Pushed, error) {
	list := make([]numberedMeasure, len(measures))
	for i, m := range measures {
		list[i] = numberedMeasure{line: i + 1, Measure: m}
	}
	return a.push(ctx, actor, list, reason)
}

// PushCSV is PushMeasures of a table with a header: series, from, to, state, and
// optionally good and total. Commas or semicolons separate, instants are as RFC 3339 has
// them.
func (a *App) PushCSV(ctx context.Context, actor identity.Actor, r io.Reader, reason string) (*Pushed, error) {
	list, err := readMeasures(r)
	if err != nil {
		return nil, err
	}
	return a.push(ctx, actor, list, reason)
}

func (a *App) push(ctx context.Context, actor identity.Actor, list []numberedMeasure, reason string) (*Pushed, error) {
	if err := a.SignedIn(actor); err != nil {
		return nil, err
	}
	if err := a.withLedger(); err != nil {
		return nil, err
	}
	switch {
	case len(list) == 0:
		return nil, fail(CodeEmpty, nil)
	case len(list) > mostMeasures:
		return nil, refused("", &model.Fault{Format: "%d measures at once are too many: %d are taken", Args: []any{len(list), mostMeasures}})
	}
	s := a.Head()
	type verdict struct {
		unrecorded int
		err        error
	}
	seen := map[string]verdict{}
	edits := map[dayKey][]edit{}
	out := &Pushed{Errors: []model.Issue{}}
	refuse := func(line int, issue model.Issue) {
		issue.Line, issue.Pointer = line, ""
		if len(out.Errors) < mostIssues {
			out.Errors = append(out.Errors, issue)
		}
	}
	for i := range list {
		m := &list[i]
		v, ok := seen[m.Series]
		if !ok {
			v.unrecorded, v.err = a.sayable(actor, s, m.Series)
			seen[m.Series] = v
		}
		var known *Error
		switch {
		case m.fault != nil:
			refuse(m.line, issueOf(m.fault))
			continue
		case errors.As(v.err, &known) && len(known.Issues) > 0:
			refuse(m.line, known.Issues[0])
			continue
		case errors.As(v.err, &known):
			refuse(m.line, issueOf(&model.Fault{Format: "%q does not exist, or you may not say what it measured", Args: []any{m.Series}}))
			continue
		case v.err != nil:
			return nil, v.err
		}
		of := map[dayKey][]edit{}
		fault := a.edits(&m.Measure, of)
		for k := range of {
			if k.day >= v.unrecorded {
				fault = stillMeasured(k.day)
			}
		}
		if fault != nil {
			refuse(m.line, issueOf(fault))
			continue
		}
		out.Measures++
		for k, e := range of {
			edits[k] = append(edits[k], e...)
		}
	}
	if len(edits) == 0 {
		return out, nil
	}
	var err error
	out.Days, err = a.amend(ctx, edits, actor.ID(), strings.TrimSpace(reason))
	return out, err
}

func issueOf(f *model.Fault) model.Issue { return model.Issue{Message: f.Error(), Fault: f} }

// readMeasures reads a table of measures. A line that cannot be read is told when it is
// its turn.
func readMeasures(r io.Reader) ([]numberedMeasure, error) {
	data, err := io.ReadAll(io.LimitReader(r, 64<<20))
	if err != nil {
		return nil, err
	}
	text := strings.TrimPrefix(string(data), "\uFEFF")
	header, _, _ := strings.Cut(text, "\n")
	c := csv.NewReader(strings.NewReader(text))
	c.FieldsPerRecord, c.TrimLeadingSpace, c.ReuseRecord = -1, true, true
	if strings.Count(header, ";") > strings.Count(header, ",") {
		c.Comma = ';'
	}
	names, err := c.Read()
	if err != nil {
		return nil, refused("", &model.Fault{Format: "the table has no header: write series,from,to,state,good,total on its first line"})
	}
	columns := map[string]int{}
	for i, name := range names {
		columns[strings.ToLower(strings.TrimSpace(name))] = i
	}
	if until, ok := columns["until"]; ok {
		columns["to"] = until
	}
	for _, name := range []string{"series", "from", "to", "state"} {
		if _, ok := columns[name]; !ok {
			return nil, refused("", &model.Fault{Format: "the table has no column %q: write series,from,to,state,good,total on its first line", Args: []any{name}})
		}
	}
	var out []numberedMeasure
	for {
		row, err := c.Read()
		if errors.Is(err, io.EOF) {
			return out, nil
		}
		var m numberedMeasure
		if err == nil {
			m.line, _ = c.FieldPos(0)
		}
		var broken *csv.ParseError
		switch {
		case errors.As(err, &broken):
			m.line, m.fault = broken.StartLine, &model.Fault{Format: "the line cannot be read: compare its quotation marks"}
		case err != nil:
			return nil, err
		default:
			m.read(row, columns)
		}
		if len(out) > mostMeasures {
			return nil, refused("", &model.Fault{Format: "%d measures at once are too many: %d are taken", Args: []any{len(out), mostMeasures}})
		}
		out = append(out, m)
	}
}

// read takes the cells of a row.
func (m *numberedMeasure) read(row []string, columns map[string]int) {
	cell := func(name string) string {
		if i, ok := columns[name]; ok && i < len(row) {
			return strings.TrimSpace(row[i])
		}
		return ""
	}
	m.Series, m.State = cell("series"), cell("state")
	for _, t := range []struct {
		name string
		into *model.Instant
	}{{"from", &m.From}, {"to", &m.Until}} {
		at, err := time.Parse(time.RFC3339, strings.Replace(cell(t.name), " ", "T", 1))
		if err != nil {
			m.fault = &model.Fault{Format: "%q is no instant: write for example 2027-03-12T08:00:00+01:00", Args: []any{cell(t.name)}}
			return
		}
		t.into.Time = at
	}
	for _, n := range []struct {
		name string
		into *float64
	}{{"good", &m.Good}, {"total", &m.Total}} {
		text := strings.ReplaceAll(cell(n.name), ",", ".")
		if text == "" {
			continue
		}
		v, err := strconv.ParseFloat(text, 64)
		if err != nil {
			m.fault = &model.Fault{Format: "%q is no number of events", Args: []any{cell(n.name)}}
			return
		}
		*n.into = v
	}
}
