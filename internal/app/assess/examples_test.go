package assess

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"diapason/examples"
	"diapason/internal/finding"
	"diapason/internal/model"
	"diapason/internal/process/processtest"
)

// ruleFolders are the folders beside the example, each of which breaks one rule.
func ruleFolders(t *testing.T) []string {
	t.Helper()
	folders, err := filepath.Glob("../../../examples/rules/*/model.yaml")
	if err != nil || len(folders) == 0 {
		t.Fatalf("no examples of rules are found (%v)", err)
	}
	for i := range folders {
		folders[i] = filepath.Dir(folders[i])
	}
	return folders
}

// readFolder reads a folder's model and the date on its first line.
func readFolder(t *testing.T, folder string) ([]*model.Object, model.Date) {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(folder, "model.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	first, _, _ := strings.Cut(string(text), "\n")
	on, err := model.ParseDate(strings.TrimPrefix(first, "# on: "))
	if err != nil {
		t.Fatalf("%s begins with %q: write for example # on: 2027-03-12", folder, first)
	}
	return decode(t, text), on
}

func decode(t *testing.T, text []byte) []*model.Object {
	t.Helper()
	objects, issues := model.Decode("model.yaml", text)
	if len(issues) > 0 {
		t.Fatal(issues)
	}
	return objects
}

// company are the rules that an example cannot but break too, named on a line
// "# with: SLM-011": a target missed twice is missed.
func company(t *testing.T, folder string) []string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(folder, "model.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(text)) {
		if list, ok := strings.CutPrefix(line, "# with: "); ok {
			return strings.Fields(strings.ReplaceAll(list, ",", " "))
		}
	}
	return nil
}

func TestEachExampleBreaksItsRuleOnly(t *testing.T) {
	for _, folder := range ruleFolders(t) {
		rule := filepath.Base(folder)
		t.Run(rule, func(t *testing.T) {
			if Rule(rule) == nil {
				t.Fatalf("%s is no rule", rule)
			}
			objects, on := readFolder(t, folder)
			snap, twice := model.NewSnapshot(1, objects)
			if len(twice) > 0 {
				t.Fatalf("%v stand twice", twice)
			}
			found := Full(Facts(snap, on)).Findings()
			if change, err := os.ReadFile(filepath.Join(folder, "change.yaml")); err == nil {
				found = append(found, Worse(Facts(snap, on), Facts(snap.With(2, decode(t, change), nil), on))...)
			}
			var rules []string
			for _, f := range found {
				rules = append(rules, f.Rule)
			}
			want := append(company(t, folder), rule)
			slices.Sort(want)
			slices.Sort(rules)
			if !slices.Equal(slices.Compact(rules), want) {
				var list []finding.Finding
				for _, f := range found {
					list = append(list, *f)
				}
				t.Errorf("breaks %v, want %v only:\n%s", slices.Compact(rules), want, processtest.Lines(list))
			}
			for _, f := range found {
				processtest.Render(t, []finding.Finding{*f})
			}
		})
	}
}

func TestEveryRuleHasAnExample(t *testing.T) {
	folders := ruleFolders(t)
	for _, r := range Rules() {
		if !slices.ContainsFunc(folders, func(f string) bool { return filepath.Base(f) == r.ID }) {
			t.Errorf("examples/rules/%s is missing", r.ID)
		}
	}
}

func TestEveryRuleHasItsProse(t *testing.T) { processtest.Prose(t, Rules()) }

func TestRulesHaveNamesAndSubjectsOfTheirOwn(t *testing.T) {
	seen := map[string]bool{}
	for _, r := range Rules() {
		if seen[r.ID] {
			t.Errorf("%s stands twice", r.ID)
		}
		seen[r.ID] = true
		if r.Process == "" || r.Severity == finding.Off || r.Check == nil {
			t.Errorf("%s lacks its process, severity or check", r.ID)
		}
		for _, k := range r.Kinds {
			if kind := model.KindOf(k); kind == nil || kind.Slug != k {
				t.Errorf("%s has subjects of %q, which is no kind", r.ID, k)
			}
		}
	}
	for profile, list := range profiles {
		for id := range list {
			if !seen[id] {
				t.Errorf("the profile %s shifts %s, which is no rule", profile, id)
			}
		}
	}
}

// Taking anything away from an example, and putting it back, must leave what a
// full evaluation finds. The examples stand where rules fire, so that a rule which
// looks further than it says is caught.
func TestDeltaFollowsEveryChangeOfTheExamples(t *testing.T) {
	for _, folder := range ruleFolders(t) {
		t.Run(filepath.Base(folder), func(t *testing.T) {
			objects, on := readFolder(t, folder)
			snap, _ := model.NewSnapshot(1, objects)
			p := pair{t: t, on: on, snap: snap, result: Full(Facts(snap, on))}
			for _, o := range objects {
				p.takeAway(o)
				for _, f := range o.Kind.Fields {
					p.empty(o, f)
				}
			}
		})
	}
}

// The same on the example organisation, where everything hangs together, for some
// of its objects.
func TestDeltaFollowsChangesOfTheHospital(t *testing.T) {
	changes := 24
	if testing.Short() {
		changes = 6
	}
	objects, issues := examples.Hospital()
	if len(issues) > 0 {
		t.Fatal(issues)
	}
	snap, _ := model.NewSnapshot(1, objects)
	p := pair{t: t, on: examples.On, snap: snap, result: Full(Facts(snap, examples.On))}
	random := rand.New(rand.NewPCG(3, 12))
	for range changes {
		o := objects[random.IntN(len(objects))]
		if o.Kind.Slug == "organisation" {
			continue
		}
		if random.IntN(2) == 0 {
			p.takeAway(o)
		} else {
			p.empty(o, o.Kind.Fields[random.IntN(len(o.Kind.Fields))])
		}
	}
}

// pair follows changes with Delta and compares with Full after each.
type pair struct {
	t      *testing.T
	on     model.Date
	snap   *model.Snapshot
	result *Result
}

func (p *pair) step(what string, puts []*model.Object, deletes, changed []model.Ref) {
	p.t.Helper()
	p.snap = p.snap.With(p.snap.Seq+1, puts, deletes)
	full := Full(Facts(p.snap, p.on)).Findings()
	if diff := difference(asked(p.result, WhatIf(p.result, Facts(p.snap, p.on), changed)), full); diff != "" {
		p.t.Fatalf("asked about %s:\n%s", what, diff)
	}
	p.result = Delta(p.result, Facts(p.snap, p.on), changed)
	if diff := difference(p.result.Findings(), full); diff != "" {
		p.t.Fatalf("%s:\n%s", what, diff)
	}
}

// takeAway deletes an object and puts it back.
func (p *pair) takeAway(o *model.Object) {
	p.t.Helper()
	changed := []model.Ref{o.Ref()}
	p.step(fmt.Sprintf("without %s", o.Ref()), nil, changed, changed)
	p.step(fmt.Sprintf("%s put back", o.Ref()), []*model.Object{o}, nil, changed)
}

// empty takes a field out of an object and puts it back.
func (p *pair) empty(o *model.Object, f *model.Field) {
	p.t.Helper()
	less := without(o, f)
	if less == nil {
		return
	}
	changed := []model.Ref{o.Ref()}
	p.step(fmt.Sprintf("%s without %s", o.Ref(), f.Name), []*model.Object{less}, nil, changed)
	p.step(fmt.Sprintf("%s with %s again", o.Ref(), f.Name), []*model.Object{o}, nil, changed)
}

// without is the object without a field of its spec, nil where it does not fill it.
func without(o *model.Object, f *model.Field) *model.Object {
	tree := o.Tree()
	spec, _ := tree["spec"].(map[string]any)
	if _, filled := spec[f.Name]; !filled {
		return nil
	}
	delete(spec, f.Name)
	document, err := json.Marshal(tree)
	if err != nil {
		return nil
	}
	less, err := model.FromDocument(document)
	if err != nil {
		return nil // a field that the document form must have
	}
	return less
}
