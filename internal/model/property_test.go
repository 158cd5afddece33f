package model

import (
	"fmt"
	"reflect"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// written are texts that a field of a type may hold.
var written = map[Type][]string{
	TypeDate: {"2027-03-12", "2024-02-29"}, TypeInstant: {"2027-03-12T08:00:00+01:00", "2026-12-31T23:59:59Z"}, TypeTime: {"08:30", "00:00", "24:00"},
	TypeDuration: {"PT4H", "PT30M", "P2D", "1h30"}, TypePeriod: {"P3M", "P1Y", "P30D"}, TypeAvailability: {"99.9%", "100%", "99.95 %"}, TypePercent: {"12.5%", "0%", "100%"},
	TypeMoney: {"1200.00 EUR", "0.10 EUR/month", "-3 EUR"}, TypeQuantity: {"1200 requests/s", "0.5 GB", "40 visits/day"}, TypeBoolean: {"true", "false"}, TypeInteger: {"0", "1", "-7", "9007199254740"},
	TypeText: {"plain", "with: colon", "- dash", "# sharp", "'quoted'", "\"double\"", "null", "true", "1e3", "08:30", "é — …", "two\nlines", " spaces ", "tab\there", "{a: b}", "*alias", "&anchor", "!tag", "%x", "@y", "`z`", "~", "2027-03-12", "0x1F", "line\n\n  indented\n"},
}

// anyField draws a value of a field as the tree of a document holds it; depth
// bounds records within records.
func anyField(t *rapid.T, f *Field, depth int) any {
	switch f.Type {
	case TypeEnum:
		return rapid.SampledFrom(f.Choices).Draw(t, f.Name).Value
	case TypeRef:
		kind := "service"
		if len(f.Refs) > 0 && f.Refs[0] != "*" {
			kind = rapid.SampledFrom(f.Refs).Draw(t, f.Name)
		}
		return kind + "/" + rapid.StringMatching(`[a-z][a-z0-9]{0,5}`).Draw(t, f.Name)
	case TypeLocalText:
		text := rapid.SampledFrom(written[TypeText])
		if rapid.Bool().Draw(t, f.Name) {
			return text.Draw(t, f.Name)
		}
		return map[string]any{"en": text.Draw(t, "en"), "fr": text.Draw(t, "fr")}
	case TypeDependency:
		return rapid.SampledFrom([]any{
			"component/a", map[string]any{"anyOf": []any{"component/a", "service/b"}, "takeover": "PT5M"}, map[string]any{"atLeast": 2, "of": []any{"component/a", "component/b", "site/c"}},
			map[string]any{"on": "component/x", "for": []any{"run"}},
		}).Draw(t, f.Name)
	case TypeList:
		if depth > 3 {
			return nil
		}
		n := rapid.IntRange(0, 3).Draw(t, f.Name+" items")
		out := []any{}
		for i := range n {
			item := anyField(t, f.Item, depth+1)
			if m, ok := item.(map[string]any); ok && f.Key() == "name" {
				m["name"] = fmt.Sprintf("%s%d", "n", i)
				for _, x := range f.Item.Fields {
					if x.Name == "name" && x.Type == TypeEnum {
						if i >= len(x.Choices) {
							return out
						}
						m["name"] = x.Choices[i].Value
					}
				}
			}
			out = append(out, item)
		}
		return out
	case TypeRecord:
		return anyRecord(t, f.Fields, depth+1)
	}
	return rapid.SampledFrom(written[f.Type]).Draw(t, f.Name)
}

func anyRecord(t *rapid.T, fields []*Field, depth int) map[string]any {
	m := map[string]any{}
	for _, f := range fields {
		if rapid.IntRange(0, 2+depth).Draw(t, f.Name+" present") == 0 {
			if v := anyField(t, f, depth); v != nil {
				m[f.Name] = v
			}
		}
	}
	return m
}

// anyObject draws an object of a kind with random fields.
func anyObject(t *rapid.T, k *Kind) *Object {
	metadata := map[string]any{"name": rapid.StringMatching(`[a-z][a-z0-9.-]{0,8}[a-z0-9]`).Draw(t, "name")}
	for _, f := range MetadataFields {
		if f.Name == "title" || f.Name == "description" || f.Name == "owner" {
			if rapid.Bool().Draw(t, f.Name) {
				metadata[f.Name] = anyField(t, f, 2)
			}
		}
	}
	doc := canonical(map[string]any{"apiVersion": APIVersion, "kind": k.Name, "metadata": metadata, "spec": anyRecord(t, k.Fields, 0)})
	list, issues := Decode("drawn", doc)
	if len(issues) > 0 {
		t.Fatalf("drawn as %s: %v", doc, issues)
	}
	return list[0]
}

func modelHash(o *Object) [32]byte {
	s, _ := NewSnapshot(1, []*Object{o})
	return s.Hash()
}

func TestEveryKindIsWrittenAndReadBackTheSame(t *testing.T) {
	for _, k := range Kinds {
		t.Run(k.Name, func(t *testing.T) {
			rapid.Check(t, func(t *rapid.T) {
				o := anyObject(t, k)
				for form, text := range map[string][]byte{"YAML": o.YAML(), "JSON": o.Document()} {
					again, issues := Decode(form, text)
					if len(issues) > 0 || len(again) != 1 {
						t.Fatalf("%s\n%s\n%v", form, text, issues)
					}
					if !SameDocument(o, again[0]) || modelHash(o) != modelHash(again[0]) || !reflect.DeepEqual(o.Spec, again[0].Spec) {
						t.Fatalf("%s\n%s\nbecame\n%s", form, text, again[0].YAML())
					}
				}
				if c := Diff(o, o.Clone()); len(c) > 0 {
					t.Fatalf("differs from its copy: %v", c)
				}
			})
		})
	}
}

// settle gives a version of base in which a side's top fields are those of other.
func settle(t *rapid.T, base, other *Object, fields []string) *Object {
	tree, from := base.Tree(), other.Tree()
	spec, _ := tree["spec"].(map[string]any)
	if spec == nil {
		spec = map[string]any{}
	}
	theirs, _ := from["spec"].(map[string]any)
	for _, f := range fields {
		delete(spec, f)
		if v, ok := theirs[f]; ok {
			spec[f] = v
		}
	}
	tree["spec"] = spec
	o, err := FromDocument(canonical(tree))
	if err != nil {
		t.Fatal(err)
	}
	return o
}

func TestEditsOfDifferentFieldsAreBothKept(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		k := rapid.SampledFrom(Kinds).Draw(t, "kind")
		base, other := anyObject(t, k), anyObject(t, k)
		var mine, theirs []string
		for _, f := range k.Fields {
			switch rapid.IntRange(0, 2).Draw(t, f.Name+" edited by") {
			case 1:
				mine = append(mine, f.Name)
			case 2:
				theirs = append(theirs, f.Name)
			}
		}
		a, b := settle(t, base, other, mine), settle(t, base, other, theirs)
		got, conflicts := Merge(base, a, b, nil)
		if len(conflicts) > 0 {
			t.Fatalf("edits of %v and %v conflict: %v", mine, theirs, conflicts)
		}
		if want := settle(t, base, other, slices.Concat(mine, theirs)); !SameDocument(got, want) {
			t.Fatalf("got\n%s\nwant\n%s", got.YAML(), want.YAML())
		}
		if same, c := Merge(base, a, base, nil); len(c) > 0 || !SameDocument(same, a) {
			t.Fatalf("one side alone is not taken: %v", c)
		}
	})
}

func TestAConflictIsSettledEitherWay(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		k := rapid.SampledFrom(Kinds).Draw(t, "kind")
		base, a, b := anyObject(t, k), anyObject(t, k), anyObject(t, k)
		b.Metadata.Name, a.Metadata.Name = base.Metadata.Name, base.Metadata.Name
		_, conflicts := Merge(base, a, b, nil)
		for _, side := range []string{"mine", "theirs"} {
			take := map[string]string{}
			for _, c := range conflicts {
				take[c.Path] = side
			}
			if _, left := Merge(base, a, b, take); len(left) > 0 {
				t.Fatalf("taking %s leaves %v", side, left)
			}
		}
	})
}
