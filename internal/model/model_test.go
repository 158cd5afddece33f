package model

import (
	"fmt"
	"testing"
)

func TestSmoke(t *testing.T) {
	objs, issues := Decode("a.yaml", []byte(`# comment
apiVersion: diapason/v1
kind: Component
metadata: {name: db, title: {en: Database, fr: Base}}
spec:
  class: database
  site: main
  requires:
    - component/power
    - {anyOf: [component/a, {on: component/b, for: [run]}], takeover: 5m}
    - atLeast: 2
      of: [component/x, component/y, component/z]
  mtbf: 2000 h
  availability: 99,95 %
  clas: 3
---
apiVersion: diapason/v1
kind: Site
metadata: {name: main}
spec: {country: FR}
`))
	fmt.Println(len(objs), issues)
	s, _ := NewSnapshot(1, objs)
	fmt.Println(s.Len(), s.Size(), string(objs[0].Document()))
}
