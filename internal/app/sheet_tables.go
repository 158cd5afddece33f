package app

import (
	"diapason/internal/model"
)

// Column is a column of a table; Type is a field type, "mark" or "severity".
type Column struct {
	Key   string `json:"key"`
	Label string `json:"label"`
	Type  string `json:"type"`
}

// Row is a row of a table: values in stored form, names, or lists of names.
type Row struct {
	Ref   *model.Ref     `json:"ref,omitempty"`
	Cells map[string]any `json:"cells"`
}

// Table is a list with its columns, labels in the reader's language.
type Table struct {
	ID       string   `json:"id,omitempty"`
	Title    string   `json:"title,omitempty"`
	Sentence string   `json:"sentence,omitempty"`
	Columns  []Column `json:"columns"`
	Rows     []Row    `json:"rows"`
}

func (b *sheetBuilder) table(columns ...[2]string) Table {
	t := Table{Columns: []Column{}, Rows: []Row{}}
	for _, c := range columns {
		t.Columns = append(t.Columns, Column{c[0], b.w.Message("column."+c[0], nil), c[1]})
	}
	return t
}

func (t *Table) add(r model.Ref, cells map[string]any) {
	row := Row{Cells: cells}
	if !r.IsZero() {
		row.Ref = &r
	}
	t.Rows = append(t.Rows, row)
}

func (b *sheetBuilder) name(r model.Ref) any {
	if r.IsZero() {
		return nil
	}
	return Name(b.s.Snap, r)
}

func (b *sheetBuilder) capacity() Table {
	t := b.table([2]string{"object", "ref"}, [2]string{"resource", "text"}, [2]string{"used", "quantity"}, [2]string{"limit", "quantity"}, [2]string{"load", "percent"}, [2]string{"growth", "percent"})
	add := func(r model.Ref, list []model.Capacity) {
		for _, c := range list {
			cells := map[string]any{"object": b.name(r), "resource": c.Name, "limit": c.Limit.String()}
			if c.Used != nil {
				cells["used"] = c.Used.String()
				if c.Used.Unit == c.Limit.Unit && c.Limit.Value > 0 {
					cells["load"] = model.PercentOf(c.Used.Value / c.Limit.Value).String()
				}
			}
			if c.Growth != nil {
				cells["growth"] = c.Growth.String()
			}
			t.add(r, cells)
		}
	}
	add(b.o.Ref(), b.svc.Capacity)
	for _, h := range b.s.Design(b.h) {
		if c, ok := b.s.Snap.Object(h).Spec.(*model.Component); ok {
			add(b.s.Snap.Ref(h), c.Capacity)
		}
	}
	return t
}

func (b *sheetBuilder) continuity() Table {
	t := b.table([2]string{"plan", "ref"}, [2]string{"rto", "duration"}, [2]string{"rpo", "duration"}, [2]string{"version", "text"}, [2]string{"exercised", "date"}, [2]string{"rta", "duration"})
	for _, in := range b.s.Snap.In(b.h) {
		o := b.s.Snap.Object(in.From)
		p, ok := o.Spec.(*model.RecoveryPlan)
		if !ok {
			continue
		}
		cells := map[string]any{"plan": b.name(o.Ref()), "version": p.Version}
		if b.svc.Continuity.RTO > 0 {
			cells["rto"] = b.svc.Continuity.RTO.String()
		}
		if b.svc.Continuity.RPO != nil {
			cells["rpo"] = b.svc.Continuity.RPO.String()
		}
		var last *model.Exercise
		for _, e := range b.s.Snap.In(in.From) {
			if x, ok := b.s.Snap.Object(e.From).Spec.(*model.Exercise); ok && !x.Date.IsZero() && (last == nil || x.Date > last.Date) {
				last = x
			}
		}
		if last != nil {
			cells["exercised"] = last.Date.String()
			if last.RTA > 0 {
				cells["rta"] = last.RTA.String()
			}
		}
		t.add(o.Ref(), cells)
	}
	return t
}

func (b *sheetBuilder) suppliers() Table {
	t := b.table([2]string{"supplier", "ref"}, [2]string{"contract", "ref"}, [2]string{"covers", "list"}, [2]string{"hours", "ref"}, [2]string{"end", "date"})
	seen := map[model.Handle]bool{}
	for _, h := range b.s.Design(b.h) {
		for _, in := range b.s.Snap.In(h) {
			o := b.s.Snap.Object(in.From)
			c, ok := o.Spec.(*model.Contract)
			if !ok || seen[in.From] {
				continue
			}
			seen[in.From] = true
			cells := map[string]any{"supplier": b.name(c.Supplier), "contract": b.name(o.Ref()), "covers": names(b.s, c.Covers), "hours": b.name(c.Hours)}
			if !c.End.IsZero() {
				cells["end"] = c.End.String()
			}
			t.add(o.Ref(), cells)
		}
	}
	return t
}

func (b *sheetBuilder) documents() Table {
	t := b.table([2]string{"document", "ref"}, [2]string{"type", "text"}, [2]string{"version", "text"}, [2]string{"date", "date"}, [2]string{"approver", "ref"})
	seen := map[model.Ref]bool{}
	add := func(r model.Ref) {
		o := b.s.Snap.Get(r)
		if o == nil || seen[r] {
			return
		}
		d, ok := o.Spec.(*model.Document)
		if !ok {
			return
		}
		seen[r] = true
		t.add(r, map[string]any{"document": b.name(r), "type": d.Type, "version": d.Version, "date": d.Date.String(), "approver": b.name(d.Approver)})
	}
	b.o.References(func(r model.Ref, _ *model.Field, _ string) { add(r) })
	for _, in := range b.s.Snap.In(b.h) {
		add(b.s.Snap.Ref(in.From))
	}
	return t
}
