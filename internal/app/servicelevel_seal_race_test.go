package app

import (
	"sync"
	"testing"
)

func TestAPeriodIsSealedOnceByThoseWhoSealItAtOnce(t *testing.T) {
	w, _, _ := sealing(t)
	manager := w.actor("mia", "service-level-manager")
	q := StatementQuery{Agreement: w.ref("agreement/payroll-sla"), Period: "2027-02"}
	var all sync.WaitGroup
	errs := make([]error, 4)
	for i := range errs {
		all.Add(1)
		go func() {
			defer all.Done()
			_, errs[i] = w.Seal(w.ctx, manager, q, "")
		}()
	}
	all.Wait()
	sealed := 0
	for _, err := range errs {
		switch {
		case err == nil:
			sealed++
		case codeOf(err) != CodeReason:
			t.Errorf("whoever comes later is told %v", err)
		}
	}
	list, err := w.sealedOf(w.ctx, q.Agreement, q.Period)
	if err != nil || sealed != 1 || len(list) != 1 {
		t.Errorf("%d were told that they sealed, %d seals: %v", sealed, len(list), err)
	}
}
