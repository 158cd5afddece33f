package app

import (
	"strconv"
	"strings"

	"diapason/internal/finding"
	"diapason/internal/model"
	"diapason/internal/process/coordination"
)

// coordinationPage answers: is every design complete for its stage, what waits
// for a decision, does everyone go in one direction.
func coordinationPage(p *page) {
	p.askOf("complete", nil, "COO-001", "COO-002", "COO-003", "COO-004")
	p.askWaiting()
	p.askOf("direction", nil, "COO-005", "COO-006", "COO-009", "COO-011", "COO-012", "COO-014", "COO-015")
	p.packages()
	p.waivers()
}

// askWaiting asks what has been submitted and not decided.
func (p *page) askWaiting() {
	items, blocked := []QuestionItem{}, 0
	for _, h := range p.state.Snap.OfKind("decision") {
		o := p.state.Snap.Object(h)
		d := o.Spec.(*model.Decision)
		open := openSubmission(p.state.Snap, d.Service)
		sh, known := p.state.Snap.Find(d.Service)
		if open != o || !known || p.state.Snap.Object(sh) == nil {
			continue
		}
		errors := len(blocking(p.state, sh))
		if errors > 0 {
			blocked++
		}
		x := p.item(d.Service, p.w.Message("page.submission", finding.Args{"by": d.By, "known": !d.By.IsZero(), "n": errors}))
		x.Date = model.DateOf(d.At.Time).String()
		items = append(items, x)
	}
	mark := MarkOK
	if len(items) > 0 {
		mark = MarkRisk
	}
	p.ask("waiting", mark, finding.Args{"n": len(items), "blocked": blocked}, items)
}

func (p *page) packages() {
	t := p.list("packages", [2]string{"service", "ref"}, [2]string{"stage", "text"}, [2]string{"owner", "ref"}, [2]string{"sections", "text"}, [2]string{"missing", "text"}, [2]string{"availableFrom", "date"}, [2]string{"mark", "mark"})
	a, ok := finding.Use[*coordination.Analysis](p.state.Result.Facts)
	if !ok {
		return
	}
	p.services(func(h model.Handle, o *model.Object, s *model.Service) {
		required, done := 0, 0
		var missing []string
		for i, x := range a.Sections(h) {
			if !x.Required {
				continue
			}
			required++
			if x.State == coordination.SectionMissing {
				missing = append(missing, model.Sections[i].Label.In(string(p.w.Lang)))
			} else {
				done++
			}
		}
		cells := map[string]any{
			"service": p.name(o.Ref()), "stage": p.w.Value(s.Stage), "owner": p.name(o.Metadata.Owner), "missing": strings.Join(missing, ", "),
			"availableFrom": day(s.AvailableFrom), "mark": p.markAbout(o.Ref()),
		}
		if required > 0 {
			cells["sections"] = strconv.Itoa(done) + " / " + strconv.Itoa(required)
		}
		t.add(o.Ref(), cells)
	})
}

func (p *page) waivers() {
	t := p.list("waivers", [2]string{"waiver", "ref"}, [2]string{"rule", "text"}, [2]string{"object", "ref"}, [2]string{"until", "date"}, [2]string{"reason", "text"})
	for _, h := range p.state.Snap.OfKind("waiver") {
		o := p.state.Snap.Object(h)
		w := o.Spec.(*model.Waiver)
		t.add(o.Ref(), map[string]any{"waiver": p.name(o.Ref()), "rule": w.Rule, "object": p.name(w.Subject), "until": day(w.Until), "reason": p.w.Value(w.Reason)})
	}
	sortByDate(t, "until")
}
