package model

import "testing"

func TestEveryKindAndFieldIsNamedInBothLanguages(t *testing.T) {
	both := func(where string, x Text) {
		if !x.Has("en") || !x.Has("fr") {
			t.Errorf("%s lacks a language: %+v", where, x)
		}
	}
	var walk func(where string, f *Field)
	walk = func(where string, f *Field) {
		where += "." + f.Name
		both(where, f.Label)
		if !f.Help.IsZero() {
			both(where+" help", f.Help)
		}
		for _, c := range f.Choices {
			both(where+"="+c.Value, c.Label)
		}
		for _, r := range f.Refs {
			if r != "*" && KindOf(r) == nil {
				t.Errorf("%s refers to the unknown kind %q", where, r)
			}
		}
		if f.Item != nil && f.Item.Type == TypeRecord {
			for _, x := range f.Item.Fields {
				walk(where, x)
			}
		}
		for _, x := range f.Fields {
			walk(where, x)
		}
	}
	for _, k := range Kinds {
		both(k.Name, k.Label)
		both(k.Name, k.Plural)
		both(k.Name, k.Help)
		for _, f := range k.Fields {
			walk(k.Name, f)
		}
	}
}

func TestDecodingNamesPlaceMistakeAndNearestName(t *testing.T) {
	for _, c := range []struct{ name, yaml, want string }{
		{"an unknown field is named with the nearest one", "apiVersion: diapason/v1\nkind: Component\nmetadata: {name: db}\nspec:\n  clas: database\n", `a.yaml:5:3: unknown field "clas"; did you mean "class"?`},
		{"a value outside its list", "apiVersion: diapason/v1\nkind: Service\nmetadata: {name: s}\nspec:\n  stage: liv\n", `a.yaml:5:10: "liv" is not one of requirement, design, build, transition, live, retiring, retired; did you mean "live"?`},
		{"a wrong kind of document", "- 1\n", "a.yaml:1:1: an object was expected: apiVersion, kind, metadata, spec"},
		{"a name that is none", "apiVersion: diapason/v1\nkind: Service\nmetadata: {name: Été}\n", `a.yaml:3:18: "Été" is no name: character 'É' is not allowed there; use lower-case letters, digits, '-', '_' and '.', for example "ete"`},
		{"a unit that is none", "apiVersion: diapason/v1\nkind: Component\nmetadata: {name: c}\nspec: {mtbf: 3 months}\n", `a.yaml:4:14: "3 months" is no duration: write for example 30min, 4h, 1h30, 2d or PT4H`},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, issues := Decode("a.yaml", []byte(c.yaml))
			if len(issues) != 1 || issues[0].Error() != c.want {
				t.Errorf("got %v\nwant %s", issues, c.want)
			}
		})
	}
}

func TestUnitsAreReadAsPeopleTypeThem(t *testing.T) {
	for _, c := range []struct {
		typ          Type
		text, stored string
	}{
		{TypeDuration, "4h30", "PT4H30M"}, {TypeDuration, "1,5 h", "PT1H30M"}, {TypeDuration, "2 j", "P2D"}, {TypeDuration, "90 min", "PT1H30M"}, {TypeDuration, "PT4H", "PT4H"},
		{TypePeriod, "1 an", "P1Y"}, {TypePeriod, "18 mois", "P1Y6M"}, {TypePeriod, "30 days", "P30D"},
		{TypeAvailability, "99,95 %", "99.95%"}, {TypeAvailability, "0.9995", "99.95%"}, {TypeAvailability, "99.99999999%", "99.99999999%"},
		{TypeMoney, "1 200 €/mois", "1200.00 EUR/month"}, {TypeMoney, "99.5 USD", "99.50 USD"}, {TypeMoney, "500 JPY", "500 JPY"},
		{TypeQuantity, "1 200 requêtes/s", "1200 requêtes/s"}, {TypeQuantity, "64GiB", "64 GiB"}, {TypePercent, "-3 %", "-3%"}, {TypeTime, "8h30", "08:30"},
	} {
		if stored, _, err := ParseValue(c.typ, c.text); err != nil || stored != c.stored {
			t.Errorf("%s %q: %q %v, want %q", c.typ, c.text, stored, err, c.stored)
		}
	}
	for _, c := range []struct {
		typ  Type
		text string
	}{{TypeDuration, "3 months"}, {TypeAvailability, "100.1%"}, {TypeAvailability, "99.95"}, {TypeMoney, "12.345 EUR"}, {TypeDate, "2027-02-30"}, {TypePeriod, "4 h"}, {TypeQuantity, "many"}, {TypeTime, "24:01"}} {
		if stored, _, err := ParseValue(c.typ, c.text); err == nil {
			t.Errorf("%s %q is taken as %q", c.typ, c.text, stored)
		}
	}
}
