package app

import (
	"context"

	"diapason/internal/app/assess"
	"diapason/internal/finding"
	"diapason/internal/identity"
	"diapason/internal/language"
	"diapason/internal/model"
)

// ProcessPage is what the manager of a process opens every morning: his three
// questions answered, then his working lists.
type ProcessPage struct {
	Process   finding.Process `json:"process"`
	Questions []Question      `json:"questions"`
	Lists     []Table         `json:"lists"`
	Findings  []FindingView   `json:"findings"`
	Counts    Counts          `json:"counts"`
}

// Question is a question with its answer and what the answer rests on.
type Question struct {
	ID       string         `json:"id"`
	Question string         `json:"question"`
	Answer   string         `json:"answer"`
	Mark     Mark           `json:"mark"`
	Items    []QuestionItem `json:"items"`
}

// QuestionItem is one thing an answer points to.
type QuestionItem struct {
	Named
	Text string `json:"text,omitempty"`
	Date string `json:"date,omitempty"`
}

// page is what the builder of a process's page works with.
type page struct {
	*ProcessPage
	app   *App
	actor identity.Actor
	state *State
	w     language.Writer
	// standing is how promises stand by the evidence ledger, for the page of service
	// levels of the present.
	standing *overview
}

// pageBuilders fill the page of each process.
var pageBuilders = map[finding.Process]func(*page){
	finding.Coordination: coordinationPage, finding.Catalogue: cataloguePage, finding.ServiceLevel: serviceLevelPage, finding.Availability: availabilityPage,
	finding.Capacity: capacityPage, finding.Continuity: continuityPage, finding.Security: securityPage, finding.Supplier: supplierPage,
}

// findingsOnPage bounds the findings shown at the foot of the page.
const findingsOnPage = 50

// rowsOnPage bounds each working list; the first rows are those that matter most.
const rowsOnPage = 500

// ProcessPage makes the page of a process.
func (a *App) ProcessPage(ctx context.Context, actor identity.Actor, v View, process string, lang language.Lang) (*ProcessPage, error) {
	p, err := a.processPage(ctx, actor, v, process, lang)
	if err != nil {
		return nil, err
	}
	for i := range p.Lists {
		if t := &p.Lists[i]; len(t.Rows) > rowsOnPage {
			t.Sentence = p.w.Message("page.rows", finding.Args{"shown": rowsOnPage, "all": len(t.Rows)})
			t.Rows = t.Rows[:rowsOnPage]
		}
	}
	return p.ProcessPage, nil
}

// processPage makes the page of a process with every row of its lists.
func (a *App) processPage(ctx context.Context, actor identity.Actor, v View, process string, lang language.Lang) (*page, error) {
	if err := a.Authorize(actor, identity.ActionReadFindings, identity.Resource{Kind: "organisation"}); err != nil {
		return nil, err
	}
	s, err := a.At(ctx, v)
	if err != nil {
		return nil, err
	}
	p := &page{ProcessPage: &ProcessPage{Process: finding.Process(process), Questions: []Question{}, Lists: []Table{}, Findings: []FindingView{}}, app: a, actor: actor, state: s, w: WriterFor(s.Snap, lang)}
	var own []assess.Judged
	for _, j := range s.Judged {
		if r := assess.Rule(j.Rule); r != nil && r.Process == p.Process && j.Counts() {
			own = append(own, j)
		}
	}
	SortWorstFirst(own)
	p.Counts = CountAll(own)
	for _, j := range own[:min(len(own), findingsOnPage)] {
		p.Findings = append(p.Findings, ViewFinding(s.Snap, p.w, j))
	}
	if p.Process == finding.ServiceLevel && a.evidence != nil && (v.Seq == 0 || v.Seq == a.Head().Seq) && (v.On.IsZero() || v.On == a.Today()) {
		if p.standing, err = a.stands(ctx); err != nil {
			return nil, err
		}
	}
	if build := pageBuilders[p.Process]; build != nil {
		build(p)
	}
	return p, nil
}

// ask adds a question whose answer is rendered from messages
// "page.<process>.<id>.question" and ".answer".
func (p *page) ask(id string, mark Mark, args finding.Args, items []QuestionItem) {
	key := "page." + string(p.Process) + "." + id
	if items == nil {
		items = []QuestionItem{}
	}
	p.Questions = append(p.Questions, Question{id, p.w.Message(key+".question", nil), p.w.Message(key+".answer", args), mark, items})
}

// list adds a working list; columns are labelled by "column.<key>", the title by
// "page.<process>.<id>.list".
func (p *page) list(id string, columns ...[2]string) *Table {
	t := Table{ID: id, Title: p.w.Message("page."+string(p.Process)+"."+id+".list", nil), Columns: []Column{}, Rows: []Row{}}
	for _, c := range columns {
		t.Columns = append(t.Columns, Column{c[0], p.w.Message("column."+c[0], nil), c[1]})
	}
	p.Lists = append(p.Lists, t)
	return &p.Lists[len(p.Lists)-1]
}

// item names something an answer points to.
func (p *page) item(r model.Ref, text string) QuestionItem {
	return QuestionItem{Named: Name(p.state.Snap, r), Text: text}
}

// of lists the standing findings of some rules, worst first.
func (p *page) of(rules ...string) []assess.Judged {
	var out []assess.Judged
	for _, j := range p.state.Judged {
		for _, r := range rules {
			if j.Rule == r && j.Counts() {
				out = append(out, j)
			}
		}
	}
	SortWorstFirst(out)
	return out
}
