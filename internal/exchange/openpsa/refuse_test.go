package openpsa

import (
	"context"
	"fmt"
	"os"
	"runtime"
	"strings"
	"testing"
)

func TestWhatIsWrongIsNamedWithItsPlace(t *testing.T) {
	e := `<define-basic-event name="e"><float value="0.1"/></define-basic-event>`
	top := func(formula string) string { return tree(`<define-gate name="top">` + formula + `</define-gate>` + e) }
	event := func(expression string) string {
		return tree(`<define-gate name="top"><or><basic-event name="x"/></or></define-gate><define-basic-event name="x">` + expression + `</define-basic-event>`)
	}
	group := func(model, members, factors string) string {
		return `<opsa-mef><define-fault-tree name="T"><define-gate name="top"><and><event name="a"/><event name="b"/></and></define-gate></define-fault-tree>
<define-CCF-group name="g" model="` + model + `"><members>` + members + `</members><distribution><float value="0.1"/></distribution>` + factors + `</define-CCF-group></opsa-mef>`
	}
	ab := `<basic-event name="a"/><basic-event name="b"/>`
	for _, c := range []struct{ name, document, place, says string }{
		{"nothing", "", "1:1", "holds no element"},
		{"a page of another kind", "<html></html>", "1:1", "<html> is not the root"},
		{"text, no XML", "fault tree", "1:1", "outside the root"},
		{"an element that is not closed", "<opsa-mef>\n  <define-fault-tree name=\"T\">", "2:3", "ends before <define-fault-tree> is closed"},
		{"a wrong closing tag", "<opsa-mef>\n</opsa>", "2:1", "</opsa> stands where </opsa-mef>"},
		{"a second root", "<opsa-mef/><opsa-mef/>", "1:12", "second root"},
		{"an attribute without quotes", "<opsa-mef name=x/>", "1:16", "quotation marks"},
		{"an attribute twice", `<opsa-mef name="a" name="b"/>`, "1:20", "given twice"},
		{"a comment that does not end", "<opsa-mef><!-- ", "1:11", "comment is not closed"},
		{"entities that unfold", `<!DOCTYPE opsa-mef [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><opsa-mef>&b;</opsa-mef>`, "1:1", "could unfold"},
		{"an unknown entity", `<opsa-mef name="&b;"/>`, "1:17", "&b; is not known"},
		{"bytes that are no text", "<opsa-mef name=\"\xff\"/>", "", "not text in UTF-8"},
		{"an encoding of the past", `<?xml version="1.0" encoding="EBCDIC-CP-FR"?><opsa-mef/>`, "", "EBCDIC-CP-FR is not read"},
		{"no gate at all", "<opsa-mef/>", "1:1", "no gate"},
		{"a gate without formula", tree(`<define-gate name="top"/>`), "1:39", "no formula"},
		{"a gate without name", tree(`<define-gate><and/></define-gate>`), "1:39", "needs a name"},
		{"a name with a dot", tree(`<define-gate name="a.b"><and/></define-gate>`), "1:39", "no dot"},
		{"an empty connective", top("<and/>"), "1:63", "<and> without any formula"},
		{"two formulas in a gate", top(`<basic-event name="e"/><basic-event name="e"/>`), "1:86", "one definition"},
		{"not of two", top(`<not><basic-event name="e"/><basic-event name="e"/></not>`), "1:63", "1 formula, not 2"},
		{"imply of one", top(`<imply><basic-event name="e"/></imply>`), "1:63", "2 formulas, not 1"},
		{"more than there are", top(`<atleast min="3"><basic-event name="e"/><basic-event name="e"/></atleast>`), "1:63", "can never hold"},
		{"at least without number", top(`<atleast><basic-event name="e"/></atleast>`), "1:63", "attribute min"},
		{"at least a word", top(`<atleast min="two"><basic-event name="e"/></atleast>`), "1:63", `min="two"`},
		{"bounds the wrong way round", top(`<cardinality min="2" max="1"><basic-event name="e"/><basic-event name="e"/></cardinality>`), "1:63", "can never hold"},
		{"a misspelt connective", top(`<adn><basic-event name="e"/></adn>`), "1:63", `did you mean "and"?`},
		{"a misspelt attribute", tree(`<define-gate name="top" rôle="private"><basic-event name="e"/></define-gate>` + e), "1:63", "no attribute rôle"},
		{"text in a formula", top(`<or>e<basic-event name="e"/></or>`), "1:67", `"e" is refused`},
		{"an undefined event", top(`<basic-event name="ee"/>`), "1:63", `basic-event ee is not defined; did you mean "e"?`},
		{"an undefined gate", top(`<gate name="g"/>`), "1:63", "gate g is not defined"},
		{"a gate called a basic event", top(`<or><basic-event name="e"/><gate name="e"/></or>`), "1:90", "e is a basic-event, not a gate"},
		{"two events of one name", tree(e + "\n" + e + `<define-gate name="top"><basic-event name="e"/></define-gate>`), "2:1", "defined twice: first as basic-event (1:39)"},
		{"a gate and an event of one name", tree(e + `<define-gate name="e"><constant value="true"/></define-gate>`), "1:109", "defined twice"},
		{"a gate in a circle of one", top(`<or><gate name="top"/></or>`), "1:67", "top → top"},
		{"a circle of three", tree(`<define-gate name="a"><gate name="b"/></define-gate><define-gate name="b"><or><gate name="c"/></or></define-gate><define-gate name="c"><and><gate name="a"/></and></define-gate>`), "1:179", "a → b → c → a"},
		{"a probability above 1", event(`<float value="1.5"/>`), "1:138", "probability of x is 1.5"},
		{"a probability below 0", event(`<float value="-1e-3"/>`), "1:138", "probability of x is -0.001"},
		{"a probability that is no number", event(`<float value="NaN"/>`), "1:138", "no finite number"},
		{"a probability without end", event(`<float value="1e999"/>`), "1:138", "no finite number"},
		{"a probability in words", event(`<float value="often"/>`), "1:138", `"often"`},
		{"a whole number with a fraction", event(`<int value="0.5"/>`), "1:138", "no whole number"},
		{"a negative rate", event("<exponential>\n<float value=\"-1\"/><system-mission-time/></exponential>"), "1:138", "failure rate is -1 and must be 0 or more"},
		{"a division by nothing", event(`<div><float value="1"/><float value="0"/></div>`), "1:138", "no finite value"},
		{"too few arguments", event(`<GLM><float value="1"/></GLM>`), "1:138", "takes 4 expressions, not 1"},
		{"a periodic test with six arguments", event(`<periodic-test>` + strings.Repeat(`<float value="1"/>`, 6) + `</periodic-test>`), "1:138", "takes 4, 5 or 11 expressions, not 6"},
		{"a bin outside a histogram", event(`<add><bin><float value="1"/><float value="1"/></bin></add>`), "1:143", "<bin> is not expected here"},
		{"a histogram without lower bound", event(`<histogram><bin><float value="1"/><float value="1"/></bin></histogram>`), "1:149", "lower bound"},
		{"a value before the last case", event(`<switch><float value="1"/><case><float value="1"/><float value="1"/></case></switch>`), "1:164", "then one value"},
		{"an undefined parameter", event(`<parameter name="lambda"/>`), "1:138", "parameter lambda is not defined"},
		{"parameters in a circle", strings.Replace(event(`<parameter name="a"/>`), "</define-fault-tree>", `<define-parameter name="a"><neg><parameter name="b"/></neg></define-parameter><define-parameter name="b"><parameter name="a"/></define-parameter></define-fault-tree>`, 1), "", "b → a → b"},
		{"units that differ", strings.Replace(event(`<parameter name="a" unit="years"/>`), "</define-fault-tree>", `<define-parameter name="a" unit="hours"><float value="1"/></define-parameter></define-fault-tree>`, 1), "1:138", "in hours, not in years"},
		{"a call of another program", event(`<extern-function name="f"/>`), "1:138", "not supported"},
		{"an event tree", `<opsa-mef><define-event-tree name="x"><initial-state/></define-event-tree></opsa-mef>`, "1:11", "<define-event-tree> belongs to the Open-PSA format but is not supported"},
		{"an include", `<opsa-mef><include file="/etc/passwd"/></opsa-mef>`, "1:11", "further argument"},
		{"a substitution", `<opsa-mef><define-substitution/></opsa-mef>`, "1:11", "not supported"},
		{"an unknown common-cause model", group("gamma", ab, ""), "2:1", `model="gamma"`},
		{"a group of one", group("MGL", `<basic-event name="a"/>`, ""), "2:1", "two or more members"},
		{"a beta factor of a wrong level", group("beta-factor", ab, `<factor level="3"><float value="0.1"/></factor>`), "2:1", "does not fit its 2 members"},
		{"a factor above 1", group("beta-factor", ab, `<factor level="2"><float value="2"/></factor>`), "2:1", "value is 2 and must be between 0 and 1"},
		{"a member with an expression of its own", strings.Replace(group("beta-factor", ab, `<factor level="2"><float value="0.1"/></factor>`), "</define-fault-tree>", `<define-basic-event name="a"><float value="0.1"/></define-basic-event></define-fault-tree>`, 1), "", "expression of its own"},
		{"a member twice", group("beta-factor", ab+`<basic-event name="a"/>`, `<factor level="3"><float value="0.1"/></factor>`), "", "already a member"},
		{"a group that unfolds without end", `<opsa-mef><define-fault-tree name="T"><define-gate name="top"><and><event name="m1"/></and></define-gate></define-fault-tree><define-CCF-group name="g" model="phi-factor"><members>` + repeat(30, `<basic-event name="m%d"/>`) + `</members><distribution><float value="0.1"/></distribution><factors>` + repeat(30, `<factor level="%d"><float value="0.01"/></factor>`) + `</factors></define-CCF-group></opsa-mef>`, "", "more than 65536 joint failures"},
	} {
		t.Run(c.name, func(t *testing.T) {
			m, issues := try(c.document)
			if len(issues) == 0 {
				var x *Tree
				if x, issues = m.Assemble(context.Background(), "top"); len(issues) == 0 {
					issues = x.Evaluate(8760)
				}
			}
			if len(issues) == 0 {
				t.Fatal("nothing is refused")
			}
			got := issues[0]
			if !strings.Contains(got.Message, c.says) || c.place != "" && fmt.Sprintf("%d:%d", got.Line, got.Column) != c.place {
				t.Errorf("got %s, want %s %q", got.Error(), c.place, c.says)
			}
			if got.File != "a.xml" || got.Fault == nil {
				t.Errorf("incomplete: %#v", got)
			}
		})
	}
}

func repeat(n int, format string) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, format, i+1)
	}
	return b.String()
}

func TestAllProblemsAreNamedInOnePass(t *testing.T) {
	_, issues := try(tree(`<define-gate name="top"><or><gate name="x"/><basic-event name="y"/><house-event name="z"/></or></define-gate>`))
	if len(issues) != 3 {
		t.Errorf("got %v", issues)
	}
	_, issues = try(tree(repeat(500, `<define-gate name="g%d"><and/></define-gate>`)))
	if len(issues) != maxIssues {
		t.Errorf("got %d issues", len(issues))
	}
}

func TestDeepFormulasAndLongChains(t *testing.T) {
	const deep = 90_000
	m := read(t, tree(`<define-gate name="top">`+strings.Repeat("<or>", deep)+`<basic-event name="e"/>`+strings.Repeat("</or>", deep)+`</define-gate><define-basic-event name="e">`+strings.Repeat("<add>", deep)+`<float value="0.5"/>`+strings.Repeat("</add>", deep)+`</define-basic-event>`))
	x, issues := m.Assemble(context.Background(), "top")
	if len(issues) > 0 || x.Evaluate(1) != nil || x.Len() < deep {
		t.Fatal(issues)
	}
	_, issues = try(strings.Repeat("<opsa-mef>", 200_000))
	if len(issues) == 0 {
		t.Error("nesting without end is accepted")
	}
	var b strings.Builder
	for i := range 100_000 {
		fmt.Fprintf(&b, `<define-gate name="g%d"><or><gate name="g%d"/><basic-event name="e"/></or></define-gate>`, i, i+1)
	}
	b.WriteString(`<define-gate name="g100000"><basic-event name="e"/></define-gate><define-basic-event name="e"><float value="0.5"/></define-basic-event>`)
	m = read(t, tree(b.String()))
	if tops := m.Tops(); len(tops) != 1 || tops[0] != "g0" {
		t.Error(len(tops))
	}
	if x, issues := m.Assemble(context.Background(), "g0"); len(issues) > 0 || x.Gates() != 100_001 {
		t.Error(issues)
	}
}

// The budget is 64 MiB and 40 times the input, on inputs made to need memory.
func TestMemoryIsBoundedByTheInput(t *testing.T) {
	for name, document := range map[string]string{
		"many small gates":     tree(repeat(40_000, `<define-gate name="%d"><or><constant value="true"/></or></define-gate>`)),
		"many references":      tree(`<define-gate name="top"><or>` + strings.Repeat(`<event name="e"/>`, 200_000) + `</or></define-gate><define-basic-event name="e"/>`),
		"many constants":       tree(`<define-gate name="top"><or><event name="e"/></or></define-gate><define-basic-event name="e"><add>` + strings.Repeat(`<pi/>`, 400_000) + `</add></define-basic-event>`),
		"many empty elements":  tree(strings.Repeat(`<a/>`, 500_000)),
		"many attributes":      tree(strings.Repeat(`<a b="" c="" d="" e="" f="" g=""/>`, 60_000)),
		"private definitions":  tree(`<define-component name="C" role="private">` + repeat(30_000, `<define-gate name="g%d"><constant value="true"/></define-gate>`) + `</define-component>`),
		"one level below many": strings.Repeat(`<a>`, 99_000) + strings.Repeat(`</a>`, 99_000),
		"undefined events":     tree(`<define-gate name="top"><or>` + repeat(100_000, `<event name="e%d"/>`) + `</or></define-gate>`),
		"labels":               tree(repeat(30_000, `<define-basic-event name="%d"><label>x</label></define-basic-event>`)),
	} {
		t.Run(name, func(t *testing.T) {
			var before, after runtime.MemStats
			runtime.GC()
			runtime.ReadMemStats(&before)
			m, _ := try(document)
			if m != nil {
				for _, top := range m.Tops()[:1] {
					m.Assemble(context.Background(), top)
				}
			}
			runtime.ReadMemStats(&after)
			// All that was ever allocated: more than was held at any moment.
			if used, limit := after.TotalAlloc-before.TotalAlloc, uint64(64<<20+40*len(document)); used > limit {
				t.Errorf("%d MiB allocated for %d MiB of input", used>>20, len(document)>>20)
			}
		})
	}
}

func FuzzRead(f *testing.F) {
	if data, err := os.ReadFile("testdata/all.xml"); err == nil {
		f.Add(data)
	}
	f.Add([]byte(tree(`<define-gate name="top"><atleast min="2"><event name="a"/><event name="b"/></atleast></define-gate>`)))
	f.Add([]byte(`<?xml version="1.0" encoding="iso-8859-1"?><!DOCTYPE opsa-mef><opsa-mef><![CDATA[ ]]><!-- --></opsa-mef>`))
	f.Fuzz(func(t *testing.T, data []byte) {
		m, issues := Read(context.Background(), []File{{"f.xml", data}})
		for _, i := range issues {
			_ = i.Error()
		}
		if m == nil {
			if len(issues) == 0 {
				t.Fatal("neither model nor issues")
			}
			return
		}
		var out strings.Builder
		if err := m.Write(&out); err != nil {
			t.Fatal(err)
		}
		again, issues := try(out.String())
		if again == nil {
			t.Fatalf("what was written is refused: %v\n%s", issues, out.String())
		}
		for _, top := range m.Tops() {
			if x, _ := m.Assemble(context.Background(), top); x != nil {
				x.Evaluate(100)
			}
		}
	})
}
