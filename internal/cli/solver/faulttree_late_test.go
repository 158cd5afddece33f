package solver

import (
	"bufio"
	"bytes"
	"encoding/json"
	"slices"
	"testing"

	"diapason/internal/engine/faulttree/topevent"
)

func TestAListThatAnInterruptShortensIsStillAWholeResult(t *testing.T) {
	probability, remainder := 0.9, 0.25
	r := &Result{Exact: true, Probability: &probability, CutSets: &CutSets{Complete: true, Count: "1000", Remainder: &remainder, bare: false}}
	for range 1000 {
		r.CutSets.Products = append(r.CutSets.Products, topevent.Product{Probability: 1.0 / 4096})
	}
	looks := 0
	late := func() bool { looks++; return looks > 2 }
	var out bytes.Buffer
	w := bufio.NewWriter(&out)
	if err := Write(w, []*Result{r}, late); err != nil {
		t.Fatal(err)
	}
	_ = w.Flush()
	var got struct {
		CutSets struct {
			Listed    []json.RawMessage `json:"listed"`
			Remainder float64           `json:"remainder"`
		} `json:"minimal_cut_sets"`
		Unsolved []string `json:"unsolved"`
	}
	if err := json.Unmarshal(out.Bytes(), &got); err != nil {
		t.Fatalf("%v in %s", err, out.String()[max(0, out.Len()-400):])
	}
	want := 0.25 + (1000-2*WrittenAtOnce)/4096.0
	if len(got.CutSets.Listed) != 2*WrittenAtOnce || got.CutSets.Remainder != want || !slices.Contains(got.Unsolved, "listing") {
		t.Errorf("%d listed, remainder %v (want %v), unsolved %v", len(got.CutSets.Listed), got.CutSets.Remainder, want, got.Unsolved)
	}
}
