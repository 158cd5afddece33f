package assess

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"testing"

	"diapason/examples"
	"diapason/internal/finding"
	"diapason/internal/model"
)

// asked puts together what a question says: the findings before it without those
// it was about, and those after it.
func asked(prev *Result, d Difference) []*finding.Finding {
	was := make(map[*finding.Finding]bool, len(d.Was))
	for _, f := range d.Was {
		was[f] = true
	}
	out := slices.DeleteFunc(slices.Clone(prev.Findings()), func(f *finding.Finding) bool { return was[f] })
	out = append(out, d.Now...)
	slices.SortFunc(out, finding.Compare)
	return out
}

// Questions about random changes of the example organisation, and following them,
// find what a full evaluation finds.
func TestQuestionsAboutTheHospital(t *testing.T) {
	changes, seed := 24, uint64(7)
	if n, err := strconv.Atoi(os.Getenv("DIAPASON_CHANGES")); err == nil {
		changes = n
	} else if testing.Short() {
		changes = 6
	}
	if n, err := strconv.ParseUint(os.Getenv("DIAPASON_SEED"), 10, 64); err == nil {
		seed = n
	}
	objects, issues := examples.Hospital()
	if len(issues) > 0 {
		t.Fatal(issues)
	}
	snap, _ := model.NewSnapshot(1, objects)
	objects = slices.DeleteFunc(objects, func(o *model.Object) bool { return o.Kind.Slug == "organisation" })
	byKind := map[string][]*model.Object{}
	var kinds []string
	for _, o := range objects {
		if byKind[o.Kind.Slug] == nil {
			kinds = append(kinds, o.Kind.Slug)
		}
		byKind[o.Kind.Slug] = append(byKind[o.Kind.Slug], o)
	}
	base := Full(Facts(snap, examples.On))
	now := base
	for i := range changes {
		random := rand.New(rand.NewPCG(seed, uint64(i)))
		list := byKind[kinds[random.IntN(len(kinds))]]
		o := list[random.IntN(len(list))]
		changed := []model.Ref{o.Ref()}
		var puts []*model.Object
		var deletes []model.Ref
		what := "without it"
		if random.IntN(6) == 0 {
			deletes = changed
		} else {
			other := edited(random, objects, byKind, o)
			if other == nil {
				continue
			}
			puts = []*model.Object{other}
			changed = []model.Ref{other.Ref()}
			what = string(other.Document())
		}
		// Each question is put to the design as it is; the design follows some.
		prev := now
		s := prev.Facts.Snap.With(prev.Facts.Snap.Seq+1, puts, deletes)
		full := Full(Facts(s, examples.On))
		if diff := difference(asked(prev, WhatIf(prev, Facts(s, examples.On), changed)), full.Findings()); diff != "" {
			t.Errorf("change %d, asked about %s: %.600s\n%s", i, changed[0], what, diff)
		}
		now = Delta(prev, Facts(s, examples.On), changed)
		if diff := difference(now.Findings(), full.Findings()); diff != "" {
			t.Errorf("change %d, after %s: %.600s\n%s", i, changed[0], what, diff)
			now = full
		} else if wrong := kept(prev, now); wrong != "" {
			t.Errorf("change %d, after %s: %s", i, changed[0], wrong)
		}
		if i%25 == 24 {
			now = base
		}
	}
}

// edited is an object with a value of its document changed, as one in the same
// field of another object of its kind is, or its references led elsewhere; or a
// copy of it under a new name.
func edited(random *rand.Rand, objects []*model.Object, byKind map[string][]*model.Object, o *model.Object) *model.Object {
	tree := plainTree(o)
	same := byKind[o.Kind.Slug]
	donor := plainTree(same[random.IntN(len(same))])
	spec, _ := tree["spec"].(map[string]any)
	from, _ := donor["spec"].(map[string]any)
	if spec == nil || from == nil {
		return nil
	}
	switch random.IntN(5) {
	case 0: // a field as elsewhere
		f := o.Kind.Fields[random.IntN(len(o.Kind.Fields))]
		if v, ok := from[f.Name]; ok {
			spec[f.Name] = v
		} else {
			delete(spec, f.Name)
		}
	case 1: // all as elsewhere
		tree["spec"] = from
	case 2: // a new object
		tree["metadata"].(map[string]any)["name"] = fmt.Sprintf("new-%d", random.IntN(5))
	case 3: // one value less
		prune(random, spec)
	case 4: // a reference led elsewhere
		redirect(random, spec, byKind)
	}
	text, err := json.Marshal(tree)
	if err != nil {
		return nil
	}
	out, err := model.FromDocument(text)
	if err != nil {
		return nil
	}
	return out
}

func plainTree(o *model.Object) map[string]any {
	var tree map[string]any
	text, _ := json.Marshal(o.Tree())
	_ = json.Unmarshal(text, &tree)
	return tree
}

// prune takes one random value out of a tree.
func prune(random *rand.Rand, m map[string]any) {
	keys := sortedKeys(m)
	if len(keys) == 0 {
		return
	}
	k := keys[random.IntN(len(keys))]
	switch v := m[k].(type) {
	case map[string]any:
		if random.IntN(3) > 0 {
			prune(random, v)
			return
		}
	case []any:
		i := random.IntN(max(len(v), 1))
		if len(v) > 0 {
			if x, ok := v[i].(map[string]any); ok && random.IntN(2) == 0 {
				prune(random, x)
				return
			}
			m[k] = slices.Delete(slices.Clone(v), i, i+1)
			return
		}
	}
	delete(m, k)
}

// redirect leads one random reference of a tree to another object of its kind.
func redirect(random *rand.Rand, m map[string]any, byKind map[string][]*model.Object) {
	var set []func()
	consider := func(v any, put func(any)) {
		text, ok := v.(string)
		if !ok {
			return
		}
		r, err := model.ParseRef(text)
		if err != nil || len(byKind[r.Kind]) == 0 {
			return
		}
		list := byKind[r.Kind]
		set = append(set, func() { put(list[random.IntN(len(list))].Ref().String()) })
	}
	var walk func(v any)
	walk = func(v any) {
		switch v := v.(type) {
		case map[string]any:
			for _, k := range sortedKeys(v) {
				consider(v[k], func(x any) { v[k] = x })
				walk(v[k])
			}
		case []any:
			for i := range v {
				consider(v[i], func(x any) { v[i] = x })
				walk(v[i])
			}
		}
	}
	walk(m)
	if len(set) > 0 {
		set[random.IntN(len(set))]()
	}
}

func sortedKeys(m map[string]any) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}
