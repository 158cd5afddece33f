package availability

import (
	"errors"
	"strings"
	"testing"

	"diapason/internal/model"
)

const drawable = `
service/s: {stage: live, requires: [component/app, {anyOf: [component/a, component/b], takeover: 5m}, {atLeast: 2, of: [component/x, component/y, component/z]}]}
service/t: {stage: live, requires: [{anyOf: [component/a, component/b]}]}
component/app: {site: site/one, supplier: supplier/acme, improvements: [{name: twin, adds: 1}], inService: 2020-01-01, requires: [component/a]}
component/app-2: {}
component/a: {}
component/b: {}
component/x: {}
component/y: {}
component/z: {}
site/one: {}
site/two: {}
supplier/acme: {}
team/it: {members: [person/eve]}
person/eve: {site: site/one}
person/bob: {}
customer/c: {}
`

// gesture reads "act of to"; a plus behind the act releases what needs it.
func gesture(t *testing.T, text string) Gesture {
	t.Helper()
	words := append(strings.Fields(text), "")
	act, release := strings.CutSuffix(words[0], "+")
	g := Gesture{Act: Act(act), Release: release}
	for i, r := range []*model.Ref{&g.Of, &g.To} {
		if words[i+1] == "" {
			continue
		}
		var err error
		if *r, err = model.ParseRef(words[i+1]); err != nil {
			t.Fatal(err)
		}
	}
	return g
}

func TestGesturesOnTheMap(t *testing.T) {
	f, _ := facts(t, drawable)
	for _, c := range []struct {
		name, gesture string
		holds, lacks  []string // "ref: part of its canonical document"
		gone          string
	}{
		{"what is needed is added to what is there", "need component/b site/two", []string{`component/b: "requires":["site/two"]`}, nil, ""},
		{"a team needs a person as its member", "need team/it person/bob", []string{`team/it: "members":["person/eve","person/bob"]`}, nil, ""},
		{"an alternative makes a group of what was needed alone", "alternative component/app component/b", []string{`service/s: {"anyOf":["component/app","component/b"]}`}, nil, ""},
		{"an alternative joins the group that there is", "alternative component/a component/x", []string{`service/s: {"anyOf":["component/a","component/b","component/x"],"takeover":"PT5M"}`, `service/t: {"anyOf":["component/a","component/b","component/x"]}`, `component/app: "requires":[{"anyOf":["component/a","component/x"]}]`}, nil, ""},
		{"an alternative that is there already comes once", "alternative component/a component/b", []string{`service/t: {"anyOf":["component/a","component/b"]}`, `component/app: {"anyOf":["component/a","component/b"]}`}, nil, ""},
		{"a replica takes the next free name and another site", "replica component/app site/two", []string{`component/app-3: "site":"site/two"`, `component/app-3: "supplier":"supplier/acme"`, `service/s: {"anyOf":["component/app","component/app-3"]}`}, []string{`component/app-3: improvements`, `component/app-3: inService`}, ""},
		{"a replica without a site stands where the first does", "replica component/app", []string{`component/app-3: "site":"site/one"`}, nil, ""},
		{"a replica in a pool is one more to choose from", "replica component/x", []string{`service/s: {"atLeast":2,"of":["component/x","component/y","component/z","component/x-2"]}`}, nil, ""},
		{"a component moves", "move component/app site/two", []string{`component/app: "site":"site/two"`}, nil, ""},
		{"a person moves", "move person/eve site/two", []string{`person/eve: "site":"site/two"`}, nil, ""},
		{"a dependency goes", "release service/s component/app", nil, []string{`service/s: component/app`}, ""},
		{"a site goes", "release component/app site/one", nil, []string{`component/app: site/one`}, ""},
		{"one of two alternatives goes, and the other is needed", "release service/t component/a", []string{`service/t: "requires":["component/b"]`}, nil, ""},
		{"what is removed leaves the groups that can spare it", "remove component/a", []string{`service/t: "requires":["component/b"]`}, nil, "component/a"},
		{"what is removed stays needed where it was needed alone", "remove component/app", nil, nil, "component/app"},
		{"what is removed and released is needed no more", "remove+ component/app", nil, []string{`service/s: component/app`}, "component/app"},
		{"a pool that can spare one loses it", "remove component/y", []string{`service/s: {"atLeast":2,"of":["component/x","component/z"]}`}, nil, "component/y"},
	} {
		t.Run(c.name, func(t *testing.T) {
			before := f.Snap.Hash()
			d, err := Draw(f.Snap, gesture(t, c.gesture))
			if err != nil {
				t.Fatal(err)
			}
			if f.Snap.Hash() != before {
				t.Error("the snapshot was changed")
			}
			documents := map[string]string{}
			for _, o := range d.Puts {
				documents[o.Ref().String()] = string(o.Document())
			}
			for _, h := range c.holds {
				if of, part, _ := strings.Cut(h, ": "); !strings.Contains(documents[of], part) {
					t.Errorf("%s lacks %s: %s", of, part, documents[of])
				}
			}
			for _, h := range c.lacks {
				if of, part, _ := strings.Cut(h, ": "); documents[of] == "" || strings.Contains(documents[of], `"`+part+`"`) {
					t.Errorf("%s holds %s: %q", of, part, documents[of])
				}
			}
			if c.gone != "" && (len(d.Deletes) != 1 || d.Deletes[0].String() != c.gone) {
				t.Errorf("deletes %v", d.Deletes)
			}
		})
	}
}

func TestAGestureThatMakesNoSenseIsRefusedAtItsEnd(t *testing.T) {
	f, _ := facts(t, drawable)
	for _, c := range []struct{ name, gesture, at string }{
		{"from what is not there", "need component/none component/a", "/of"},
		{"to what is not there", "need component/a component/none", "/to"},
		{"to itself", "need component/a component/a", "/to"},
		{"a second time", "need service/s component/app", "/to"},
		{"from a supplier", "need supplier/acme component/a", "/of"},
		{"to a customer", "need service/s customer/c", "/to"},
		{"an alternative for what nobody needs", "alternative component/app-2 component/a", "/of"},
		{"a second person", "replica person/eve", "/of"},
		{"a replica on a supplier", "replica component/a supplier/acme", "/to"},
		{"a service that moves", "move service/s site/two", "/of"},
		{"a move to where it is", "move component/app site/one", "/to"},
		{"a move into a component", "move component/app component/a", "/to"},
		{"a move to nowhere", "move component/app", "/to"},
		{"a dependency that is none", "release service/s site/two", "/to"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := Draw(f.Snap, gesture(t, c.gesture))
			var r *Refusal
			if !errors.As(err, &r) || r.Pointer != c.at || r.Fault == nil {
				t.Errorf("%v", err)
			}
		})
	}
}

func TestARemovedObjectIsMissedByWhatNeededItAlone(t *testing.T) {
	f, _ := facts(t, drawable)
	d, err := Draw(f.Snap, gesture(t, "remove component/app"))
	if err != nil {
		t.Fatal(err)
	}
	s := f.Snap.With(f.Snap.Seq, d.Puts, d.Deletes)
	h, _ := s.Find(gesture(t, "remove service/s").Of)
	var missing []string
	for _, n := range s.Object(h).Spec.(*model.Service).Requires {
		n.Refs(func(r model.Ref) {
			if s.Get(r) == nil {
				missing = append(missing, r.String())
			}
		})
	}
	if len(missing) != 1 || missing[0] != "component/app" {
		t.Errorf("missing %v", missing)
	}
}
