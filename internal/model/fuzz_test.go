package model

import (
	"runtime"
	"strings"
	"testing"
)

// FuzzDecode feeds any bytes: no panic, memory within bounds, and what is read
// is written and read again as the same.
func FuzzDecode(f *testing.F) {
	for _, seed := range []string{
		"apiVersion: diapason/v1\nkind: Component\nmetadata: {name: db, labels: {a: b}, title: {en: A, fr: B}}\nspec:\n  class: database\n  requires:\n    - component/power\n    - {anyOf: [component/a, {on: component/b, for: [run]}], takeover: 5m}\n    - {atLeast: 2, of: [component/x, component/y]}\n  mtbf: 2000 h\n  availability: 99,95 %\n",
		"apiVersion: diapason/v1\nkind: Calendar\nmetadata: {name: c}\nspec:\n  zone: Europe/Paris\n  hours: [{days: [mon], from: \"08:00\", to: \"24:00\"}]\n",
		"apiVersion: diapason/v1\nkind: Offering\nmetadata: {name: o}\nspec: {service: s, price: 1 200 €/mois}\n---\n# only a comment\n---\n{\"apiVersion\": \"diapason/v1\", \"kind\": \"Team\", \"metadata\": {\"name\": \"t\"}}\n",
		"a: &a [*a]\n", "a: &a [x,x]\nb: &b [*a,*a]\nc: [*b,*b]\n", "<<: *x\n", "? [a]\n: b\n", "%YAML 1.2\n---\n", "\ufeffkind: Team", "---\n---\n", "kind: !!binary Team", strings.Repeat("[", 300),
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		objects, issues := Decode("fuzz.yaml", data)
		runtime.ReadMemStats(&after)
		// What was allocated in all bounds from above what was held at once.
		if used, limit := after.TotalAlloc-before.TotalAlloc, uint64(64<<20+40*len(data)); used > 4*limit {
			t.Errorf("%d bytes allocate %d", len(data), used)
		}
		for _, i := range issues {
			if i.Message == "" || i.Line < 1 || i.Column < 1 {
				t.Errorf("an issue without place or words: %+v", i)
			}
		}
		for _, o := range objects {
			text := o.YAML()
			again, bad := Decode("again.yaml", text)
			if len(bad) > 0 || len(again) != 1 {
				t.Fatalf("written as\n%s\nread again with %v", text, bad)
			}
			if !SameDocument(o, again[0]) {
				t.Fatalf("%s became %s", o.Document(), again[0].Document())
			}
		}
	})
}

// FuzzParseValue reads any text as each type with a unit: no panic, and the
// stored form means the same.
func FuzzParseValue(f *testing.F) {
	for _, seed := range []string{"4 h", "1h30", "PT4H30M", "99,95 %", "0.9995", "1 200 €/mois", "1200.00 EUR", "12 requêtes/s", "P3M", "3 mois", "2027-02-28", "24:00", "2027-03-12T08:00:00+01:00", "service/payroll", "-1 h", "1e400 h", "٣ h", "\x00", "9223372036854775807 d"} {
		f.Add(seed)
	}
	types := []Type{TypeRef, TypeDate, TypeInstant, TypeTime, TypeDuration, TypePeriod, TypeAvailability, TypePercent, TypeMoney, TypeQuantity}
	f.Fuzz(func(t *testing.T, text string) {
		for _, typ := range types {
			stored, _, err := ParseValue(typ, text)
			if err != nil {
				continue
			}
			again, _, err := ParseValue(typ, stored)
			if err != nil || again != stored {
				t.Errorf("%s: %q is stored as %q, which reads as %q (%v)", typ, text, stored, again, err)
			}
		}
	})
}
