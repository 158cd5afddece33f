package openpsa

import (
	"bytes"
	"context"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"diapason/internal/model/fault"
)

func read(t *testing.T, documents ...string) *Model {
	t.Helper()
	m, issues := try(documents...)
	if len(issues) > 0 {
		t.Fatal(issues)
	}
	return m
}

func try(documents ...string) (*Model, []fault.Issue) {
	var files []File
	for i, d := range documents {
		files = append(files, File{fmt.Sprintf("%c.xml", 'a'+i), []byte(d)})
	}
	return Read(context.Background(), files)
}

// tree wraps definitions in a fault tree named T.
func tree(definitions string) string {
	return `<opsa-mef><define-fault-tree name="T">` + definitions + `</define-fault-tree></opsa-mef>`
}

// truth evaluates a tree for a state of its events.
func probability(t *testing.T, m *Model, top string) float64 {
	t.Helper()
	x, issues := m.Assemble(context.Background(), top)
	if len(issues) > 0 {
		t.Fatal(issues)
	}
	if issues := x.Evaluate(8760); len(issues) > 0 {
		t.Fatal(issues)
	}
	return bruteForce(x)
}

func TestConnectives(t *testing.T) {
	events := `<define-basic-event name="a"><float value="0.1"/></define-basic-event><define-basic-event name="b"><float value="0.2"/></define-basic-event><define-basic-event name="c"><float value="0.4"/></define-basic-event><define-house-event name="on"><constant value="true"/></define-house-event><define-house-event name="off"/>`
	abc := `<basic-event name="a"/><event name="b"/><event name="c" type="basic-event"/>`
	ab := `<basic-event name="a"/><basic-event name="b"/>`
	const a, b, c = 0.1, 0.2, 0.4
	xor := func(p, q float64) float64 { return p*(1-q) + q*(1-p) }
	two := a*b*(1-c) + a*c*(1-b) + b*c*(1-a)
	for _, x := range []struct {
		name, formula string
		want          float64
	}{
		{"and", "<and>" + abc + "</and>", a * b * c},
		{"or", "<or>" + abc + "</or>", 1 - (1-a)*(1-b)*(1-c)},
		{"not", `<not><basic-event name="a"/></not>`, 1 - a},
		{"not of not", `<not><not><basic-event name="a"/></not></not>`, a},
		{"xor of two", "<xor>" + ab + "</xor>", xor(a, b)},
		{"xor of three is true iff an odd number is", "<xor>" + abc + "</xor>", xor(xor(a, b), c)},
		{"iff of two", "<iff>" + ab + "</iff>", 1 - xor(a, b)},
		{"iff of three is associative", "<iff>" + abc + "</iff>", 1 - xor(1-xor(a, b), c)},
		{"iff of four", "<iff>" + abc + `<house-event name="on"/></iff>`, 1 - xor(1-xor(1-xor(a, b), c), 1)},
		{"nand", "<nand>" + abc + "</nand>", 1 - a*b*c},
		{"nor", "<nor>" + abc + "</nor>", (1 - a) * (1 - b) * (1 - c)},
		{"imply", "<imply>" + ab + "</imply>", 1 - a*(1-b)},
		{"at least two of three", `<atleast min="2">` + abc + "</atleast>", two + a*b*c},
		{"at least none of three always holds", `<atleast min="0">` + abc + "</atleast>", 1},
		{"exactly two of three", `<cardinality min="2" max="2">` + abc + "</cardinality>", two},
		{"two or more by a cardinality without limit", `<cardinality min="2" max="9">` + abc + "</cardinality>", two + a*b*c},
		{"a house event that is true", `<and><house-event name="on"/><basic-event name="a"/></and>`, a},
		{"a house event without value is false", `<and><house-event name="off"/><basic-event name="a"/></and>`, 0},
		{"a constant", `<or><constant value="false"/><basic-event name="a"/></or>`, a},
		{"a gate that is an event", `<basic-event name="a"/>`, a},
		{"nested formulas", `<or><and>` + ab + `</and><not><or><basic-event name="c"/><not><basic-event name="a"/></not></or></not></or>`, 1 - (1-a*b)*1 - 0 + 0*c},
		{"a contradiction is impossible", `<and><basic-event name="a"/><not><basic-event name="a"/></not></and>`, 0},
	} {
		t.Run(x.name, func(t *testing.T) {
			if x.name == "nested formulas" {
				x.want = a*b + a*(1-b)*(1-c)
			}
			m := read(t, tree(`<define-gate name="top">`+x.formula+`</define-gate>`+events))
			if got := probability(t, m, "top"); math.Abs(got-x.want) > 1e-12 {
				t.Errorf("got %v, want %v", got, x.want)
			}
		})
	}
}

func TestNamesAndContainers(t *testing.T) {
	m := read(t, tree(`
		<define-gate name="top"><or><gate name="A.g"/><gate name="C.g"/><basic-event name="T.A.B.e"/><gate name="h"/></or></define-gate>
		<define-component name="A" role="private">
			<define-gate name="g"><and><basic-event name="e"/><basic-event name="B.e"/></and></define-gate>
			<define-basic-event name="e"><float value="0.5"/></define-basic-event>
			<define-gate name="h" role="public"><basic-event name="e"/></define-gate>
			<define-component name="B">
				<define-basic-event name="e"><parameter name="p"/></define-basic-event>
				<define-parameter name="p"><float value="0.25"/></define-parameter>
			</define-component>
		</define-component>
		<define-component name="C">
			<define-gate name="g"><and><basic-event name="e"/><basic-event name="T.A.e"/></and></define-gate>
			<define-basic-event name="e"><parameter name="p"/></define-basic-event>
		</define-component>
		<define-parameter name="p"><float value="0.125"/></define-parameter>`))
	// top = (A.e ∧ B.e) ∨ (e ∧ A.e) ∨ B.e ∨ A.e = A.e ∨ B.e
	if got, want := probability(t, m, "top"), 1-0.5*0.75; math.Abs(got-want) > 1e-12 {
		t.Errorf("got %v, want %v", got, want)
	}
	if got := probability(t, m, "T.C.g"); math.Abs(got-0.125*0.5) > 1e-12 {
		t.Errorf("a full path: %v", got)
	}
	if got := strings.Join(m.Tops(), " "); got != "top" {
		t.Errorf("tops: %s", got)
	}
}

func TestExpressionsOfEvents(t *testing.T) {
	m := read(t, tree(`<define-gate name="top"><or><event name="pump"/></or></define-gate>
		<define-basic-event name="pump"><label>a pump &amp; its motor</label><exponential><parameter name="lambda" unit="hours-1"/><system-mission-time/></exponential></define-basic-event>
		<define-parameter name="lambda" unit="hours-1"><lognormal-deviate><float value="1e-4"/><int value="3"/><float value="0.95"/></lognormal-deviate></define-parameter>`))
	if got, want := probability(t, m, "top"), 1-math.Exp(-1e-4*8760); math.Abs(got-want) > 1e-12 {
		t.Errorf("got %v, want %v", got, want)
	}
}

func TestModelsInSeveralFiles(t *testing.T) {
	m := read(t, tree(`<define-gate name="top"><and><event name="a"/><event name="b"/></and></define-gate>`),
		`<?xml version="1.0"?><!DOCTYPE opsa-mef><opsa-mef><model-data><define-basic-event name="a"><float value="0.5"/></define-basic-event><define-basic-event name="b"><float value="0.25"/></define-basic-event></model-data></opsa-mef>`)
	if got := probability(t, m, "top"); got != 0.125 {
		t.Errorf("got %v", got)
	}
}

// The probabilities for the groups of three are those SCRAM 0.16.2 computes.
func TestCommonCauseGroups(t *testing.T) {
	factors := func(pairs ...string) string {
		var b strings.Builder
		for i := 0; i < len(pairs); i += 2 {
			fmt.Fprintf(&b, `<factor level="%s"><float value="%s"/></factor>`, pairs[i], pairs[i+1])
		}
		return b.String()
	}
	for _, c := range []struct {
		name, model, factors string
		want                 float64
	}{
		{"beta", "beta-factor", factors("3", "0.2"), 0.0205018},
		{"multiple Greek letters", "MGL", "<factors>" + factors("2", "0.2", "3", "0.3") + "</factors>", 0.00829037},
		{"alpha", "alpha-factor", "<factors>" + factors("1", "0.9", "2", "0.07", "3", "0.03") + "</factors>", 0.0100205},
		{"phi", "phi-factor", "<factors>" + factors("1", "0.9", "2", "0.07", "3", "0.03") + "</factors>", 0.00571557},
		{"factors without levels take those of their model in order", "MGL", `<factors><factor><float value="0.2"/></factor><factor><float value="0.3"/></factor></factors>`, 0.00829037},
	} {
		t.Run(c.name, func(t *testing.T) {
			m := read(t, `<opsa-mef><define-fault-tree name="T"><define-gate name="top"><and><event name="a"/><event name="b"/><event name="c"/></and></define-gate></define-fault-tree>
				<define-CCF-group name="pumps" model="`+c.model+`"><members><basic-event name="a"/><basic-event name="b"/><basic-event name="c"/></members>
				<distribution><float value="0.1"/></distribution>`+c.factors+`</define-CCF-group></opsa-mef>`)
			if got := probability(t, m, "top"); math.Abs(got-c.want) > 1e-5*c.want {
				t.Errorf("got %v, want %v", got, c.want)
			}
		})
	}
}

func TestEncodings(t *testing.T) {
	doc := tree(`<define-gate name="défaut"><or><basic-event name="é"/></or></define-gate><define-basic-event name="é"><float value="0.5"/></define-basic-event>`)
	utf16 := []byte{0xFE, 0xFF}
	latin := []byte(`<?xml version="1.0" encoding="ISO-8859-1"?>`)
	for _, r := range doc {
		utf16 = append(utf16, byte(r>>8), byte(r))
		latin = append(latin, byte(r))
	}
	for name, data := range map[string][]byte{"UTF-8": []byte(doc), "UTF-8 with a mark": append([]byte{0xEF, 0xBB, 0xBF}, doc...), "UTF-16": utf16, "Latin 1": latin} {
		m, issues := Read(context.Background(), []File{{"m.xml", data}})
		if len(issues) > 0 {
			t.Errorf("%s: %v", name, issues)
			continue
		}
		if p := probability(t, m, "défaut"); p != 0.5 {
			t.Errorf("%s: %v", name, p)
		}
	}
}

func TestWhatIsWrittenReadsTheSame(t *testing.T) {
	files, _ := filepath.Glob("testdata/*.xml")
	if len(files) == 0 {
		t.Fatal("no models found")
	}
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		m := read(t, string(data))
		var once, twice bytes.Buffer
		if err := m.Write(&once); err != nil {
			t.Fatal(err)
		}
		again := read(t, once.String())
		if err := again.Write(&twice); err != nil {
			t.Fatal(err)
		}
		if once.String() != twice.String() {
			t.Errorf("%s: written twice it differs", file)
		}
		for _, top := range m.Tops() {
			if a, b := probability(t, m, top), probability(t, again, top); a != b {
				t.Errorf("%s: %s is %v, and %v after writing", file, top, a, b)
			}
		}
	}
}
