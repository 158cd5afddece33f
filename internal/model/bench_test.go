package model

import "testing"

func BenchmarkFromDocument(b *testing.B) {
	objs, issues := Decode("a.yaml", []byte(`apiVersion: diapason/v1
kind: Component
metadata: {name: db, title: {en: Database, fr: Base}, owner: team/t}
spec:
  class: database
  site: main
  requires:
    - component/power
    - {anyOf: [component/a, {on: component/b, for: [run]}], takeover: 5m}
  mtbf: 2000 h
  mttr: 4 h
  security: {availability: 2, confidentiality: 2, integrity: 3, authenticity: 1, nonRepudiation: 1}
  capacity:
    - {name: cpu, limit: 16 cores, used: 3 cores, measuredOn: 2027-01-01, growth: 3%}
    - {name: memory, limit: 64 GiB, used: 12 GiB, measuredOn: 2027-01-01, growth: 3%}
  restore: {by: [team/t], skills: [s], steps: [{name: diagnose, duration: 20 min}, {name: repair, duration: 1 h, after: [diagnose]}]}
`))
	if len(issues) > 0 {
		b.Fatal(issues)
	}
	doc := objs[0].Document()
	b.SetBytes(int64(len(doc)))
	for b.Loop() {
		if _, err := FromDocument(doc); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkDocument(b *testing.B) {
	o := &Object{Kind: KindOf("component"), Metadata: Metadata{Name: "db"}, Spec: &Component{Class: "database", MTBF: 7200}}
	for b.Loop() {
		o.document = nil
		o.Document()
	}
}
