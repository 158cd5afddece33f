package openpsa

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// aralia is where the benchmark trees lie on machines that have them.
const aralia = "/work/shared/data/faulttree/aralia"

func TestBenchmarkTreesAreRead(t *testing.T) {
	files, _ := filepath.Glob(aralia + "/*.xml")
	if len(files) == 0 {
		t.Skip("the benchmark trees are not on this machine")
	}
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		m, issues := Read(context.Background(), []File{{file, data}})
		if len(issues) > 0 {
			t.Error(issues)
			continue
		}
		if tops := m.Tops(); len(tops) != 1 {
			t.Errorf("%s: tops %v", file, tops)
		} else if x, issues := m.Assemble(context.Background(), tops[0]); len(issues) > 0 || len(x.Bare) > 0 || len(x.Evaluate(8760)) > 0 {
			t.Errorf("%s: %v", file, issues)
		}
	}
}

func BenchmarkRead(b *testing.B) {
	var doc strings.Builder
	doc.WriteString(`<opsa-mef><define-fault-tree name="T">`)
	for i := range 100_000 {
		fmt.Fprintf(&doc, "<define-gate name=\"gate-%d\">\n<or>\n<gate name=\"gate-%d\"/>\n<gate name=\"gate-%d\"/>\n<basic-event name=\"event-%d\"/>\n</or>\n</define-gate>\n", i, min(2*i+1, 100_000), min(2*i+2, 100_000), i)
	}
	doc.WriteString(`<define-gate name="gate-100000"><basic-event name="event-0"/></define-gate>`)
	for i := range 100_000 {
		fmt.Fprintf(&doc, "<define-basic-event name=\"event-%d\">\n<float value=\"0.01\"/>\n</define-basic-event>\n", i)
	}
	doc.WriteString(`</define-fault-tree></opsa-mef>`)
	data := []byte(doc.String())
	b.SetBytes(int64(len(data)))
	b.ReportAllocs()
	for b.Loop() {
		m, issues := Read(context.Background(), []File{{"m.xml", data}})
		if len(issues) > 0 {
			b.Fatal(issues)
		}
		x, issues := m.Assemble(context.Background(), "gate-0")
		if len(issues) > 0 || x.Evaluate(1) != nil {
			b.Fatal(issues)
		}
	}
}
