// Package app holds the use cases that the API, the command line and jobs share.
package app

import (
	"diapason/internal/app/assess"
	"diapason/internal/finding"
	"diapason/internal/language"
	"diapason/internal/model"
)

// Named is a reference with the title people know it by.
type Named struct {
	Ref   model.Ref  `json:"ref"`
	Title model.Text `json:"title"`
}

// FindingView is a finding rendered for a reader.
type FindingView struct {
	ID       string           `json:"id"`
	Rule     string           `json:"rule"`
	Process  finding.Process  `json:"process"`
	Outcome  finding.Outcome  `json:"outcome"`
	Severity finding.Severity `json:"severity"`
	Subject  Named            `json:"subject"`
	Part     string           `json:"part,omitempty"`
	Causes   []Named          `json:"causes"`
	Hits     []Named          `json:"hits"`
	Pointer  string           `json:"pointer,omitempty"`
	File     string           `json:"file,omitempty"`
	Line     int              `json:"line,omitempty"`
	Column   int              `json:"column,omitempty"`
	Title    string           `json:"title"`
	Text     string           `json:"text"`
	Remedy   string           `json:"remedy,omitempty"`
	Evidence []EvidenceView   `json:"evidence,omitempty"`
	Waiver   *WaiverView      `json:"waiver,omitempty"`
	Baseline bool             `json:"baseline,omitempty"`
}

// EvidenceView is a labelled figure.
type EvidenceView struct {
	Label string `json:"label"`
	Value string `json:"value"`
}

// WaiverView is the waiver that covers a finding.
type WaiverView struct {
	Ref   model.Ref  `json:"ref"`
	Until model.Date `json:"until"`
}

// Name gives a reference its title in a snapshot.
func Name(s *model.Snapshot, r model.Ref) Named {
	n := Named{Ref: r, Title: model.Text{All: r.Name}}
	if o := s.Get(r); o != nil && !o.Metadata.Title.IsZero() {
		n.Title = o.Metadata.Title
	}
	return n
}

// WriterFor renders in a language with the titles of a snapshot.
func WriterFor(s *model.Snapshot, lang language.Lang) language.Writer {
	return language.Writer{Lang: lang, Title: func(r model.Ref) string {
		if o := s.Get(r); o != nil {
			return o.Title(string(lang))
		}
		return r.String()
	}}
}

// ViewFinding renders a finding for a reader.
func ViewFinding(s *model.Snapshot, w language.Writer, j assess.Judged) FindingView {
	rule := assess.Rule(j.Rule)
	v := FindingView{
		ID: j.Fingerprint(), Rule: j.Rule, Outcome: j.Outcome, Severity: j.Severity, Subject: Name(s, j.Subject), Part: j.Part,
		Causes: []Named{}, Hits: []Named{}, Pointer: j.Pointer, Text: w.Finding(j.Finding), Remedy: w.Remedy(j.Finding), Baseline: j.Baseline,
	}
	if rule != nil {
		v.Process = rule.Process
	}
	if t := language.Rule(w.Lang, j.Rule); t != nil {
		v.Title = t.Title
	}
	for _, c := range j.Causes {
		v.Causes = append(v.Causes, Name(s, c))
	}
	for _, r := range j.Hits {
		v.Hits = append(v.Hits, Name(s, r))
	}
	for _, e := range j.Evidence {
		v.Evidence = append(v.Evidence, EvidenceView{w.EvidenceLabel(j.Rule, e.Label), w.Value(e.Value)})
	}
	if !j.Waiver.IsZero() {
		v.Waiver = &WaiverView{j.Waiver, j.Until}
	}
	return v
}

// Place adds where in its file a finding's subject says what it says.
func (v *FindingView) Place(s *model.Snapshot, l *model.Locator) {
	if o := s.Get(v.Subject.Ref); o != nil && o.Source != nil {
		v.File = o.Source.File
		v.Line, v.Column = l.Locate(o.Source, v.Pointer)
	}
}
