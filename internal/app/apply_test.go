package app

import (
	"encoding/hex"
	"fmt"
	"sync"
	"testing"

	"diapason/internal/identity"
	"diapason/internal/model"
	"diapason/internal/store"
)

const saved = payroll + `
---
apiVersion: diapason/v1
kind: Service
metadata: {name: pay, title: {en: Pay, fr: Paie}, owner: team/hr-it}
spec: {requires: [component/db]}
---
apiVersion: diapason/v1
kind: Waiver
metadata: {name: w}
spec: {rule: AVL-001, subject: component/db, causes: [], reason: known, until: 2030-01-01}
---
apiVersion: diapason/v1
kind: Decision
metadata: {name: d}
spec: {type: publication, service: pay, at: "2027-01-01T00:00:00Z", pins: [{object: service/pay}]}
`

func (w *world) pin() model.Pin {
	w.t.Helper()
	return w.Head().Get(w.ref("decision/d")).Spec.(*model.Decision).Pins[0]
}

func (w *world) wantPinned() {
	w.t.Helper()
	o, p := w.Head().Get(w.ref("service/pay")), w.pin()
	if hash := o.MaterialHash(); p.Version != o.Version || p.Material != hex.EncodeToString(hash[:]) {
		w.t.Errorf("the decision pins version %d (%s); version %d stands", p.Version, p.Material, o.Version)
	}
}

func TestApplyIsOneEntry(t *testing.T) {
	w := newWorld(t, "")
	before := w.Head().Seq
	seq, err := w.Apply(w.ctx, identity.Operator(), w.objects(saved), false, "saved", "moved")
	if err != nil || seq != before+1 || w.Head().Seq != seq {
		t.Fatalf("entry %d (head %d, before %d): %v", seq, w.Head().Seq, before, err)
	}
	entries, err := w.store.Entries(w.ctx, store.Seq(before), 10)
	if err != nil || len(entries) != 1 || entries[0].Type != store.Change || len(entries[0].Ops) != 5 || entries[0].Reason != "moved" {
		t.Fatalf("%+v, %v", entries, err)
	}
	w.wantPinned()
	if p, err := w.PublishedService(w.ctx, w.Head(), w.ref("service/pay")); err != nil || p == nil || p.Ahead {
		t.Errorf("published: %+v, %v", p, err)
	}
	hash := w.Head().Hash()
	if again, err := w.Apply(w.ctx, identity.Operator(), w.objects(saved), false, "saved", "again"); err != nil || again != seq || w.Head().Hash() != hash {
		t.Errorf("applied again: entry %d, %v", again, err)
	}
	if report, err := w.store.Fsck(w.ctx, store.FsckOptions{}); err != nil || report.Total != 0 {
		t.Errorf("fsck: %+v, %v", report, err)
	}
	// What was published is found again after the service has changed.
	changed := w.objects(saved)
	changed[2].Spec.(*model.Service).Requires = nil
	if _, err := w.Apply(w.ctx, identity.Operator(), changed, false, "later", ""); err != nil {
		t.Fatal(err)
	}
	if p, err := w.PublishedService(w.ctx, w.Head(), w.ref("service/pay")); err != nil || p == nil || !p.Ahead || len(p.Service.Spec.(*model.Service).Requires) != 1 {
		t.Errorf("published after a change: %+v, %v", p, err)
	}
}

func TestDecisionsAloneAreADecision(t *testing.T) {
	w := newWorld(t, "")
	objects := w.objects(saved)
	for _, list := range [][]*model.Object{objects[:4], objects[4:]} {
		if _, err := w.Apply(w.ctx, identity.Operator(), list, false, "saved", ""); err != nil {
			t.Fatal(err)
		}
	}
	entries, err := w.store.Entries(w.ctx, store.Seq(w.Head().Seq-1), 1)
	if err != nil || len(entries) != 1 || entries[0].Type != store.Decision {
		t.Fatalf("%+v, %v", entries, err)
	}
	w.wantPinned()
}

func TestWhoMayNotRestoreAppliesNothing(t *testing.T) {
	w := newWorld(t, "")
	coordinator := w.actor("coordinator", "design-coordinator")
	before, err := w.store.Head(w.ctx)
	if err != nil {
		t.Fatal(err)
	}
	if seq, err := w.Apply(w.ctx, coordinator, w.objects(saved), false, "saved", ""); err == nil {
		t.Fatalf("entry %d was written", seq)
	}
	if now, err := w.store.Head(w.ctx); err != nil || now != before || w.Head().Len() != 0 {
		t.Errorf("something was written: head %d, %d objects, %v", now, w.Head().Len(), err)
	}
}

func TestApplyAmongOtherCommitsPinsItsOwnEntry(t *testing.T) {
	w := newWorld(t, "")
	stop := make(chan struct{})
	var wg sync.WaitGroup
	wg.Go(func() {
		for n := 0; ; n++ {
			select {
			case <-stop:
				return
			default:
				_, err := w.store.Commit(w.ctx, store.Entry{Type: store.Change, Actor: "other", Puts: []store.Put{{
					Kind: "team", Name: "noise", ExpectSeq: store.AnyVersion,
					Document: fmt.Appendf(nil, `{"apiVersion":"diapason/v1","kind":"Team","metadata":{"name":"noise","title":"%d"},"spec":{}}`, n),
				}}})
				if err != nil {
					t.Error(err)
					return
				}
			}
		}
	})
	for i := range 20 {
		objects := w.objects(saved)
		objects[2].Metadata.Description = model.T(fmt.Sprint(i), "")
		// Another publication each time, so that its pin is open.
		if i > 0 {
			if _, err := w.Commit(w.ctx, identity.Operator(), Change{Base: w.Head().Seq, Title: "x", restoring: true, Deletes: []Delete{{w.ref("decision/d"), AnyVersion}}}); err != nil {
				t.Fatal(err)
			}
		}
		if _, err := w.Apply(w.ctx, identity.Operator(), objects, false, "saved", ""); err != nil {
			t.Fatal(err)
		}
		w.wantPinned()
	}
	close(stop)
	wg.Wait()
}
