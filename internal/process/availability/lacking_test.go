package availability

import (
	"testing"

	"diapason/internal/model"
)

func TestFailureDataThatAreLackingAreNamed(t *testing.T) {
	f, _ := facts(t, `
organisation/o: {zone: UTC, recordedSince: 2026-03-12, defaults: [{class: site, availability: 99.99%}, {class: database, availability: 99.9%}]}
component/none: {}
component/times: {mtbf: 100 h, mttr: 1 h}
component/half: {mtbf: 100 h}
component/said: {availability: 99%}
component/class: {class: database}
component/failed: {inService: 2020-01-01}
outage/x: {cause: component/failed, start: 2027-01-01T00:00:00Z, end: 2027-01-01T04:00:00Z}
site/room: {}
tool/monitor: {}
service/s: {requires: [component/none]}
person/ann: {}
`)
	var list []model.Ref
	for _, name := range []string{"component/none", "component/times", "component/half", "component/said", "component/class", "component/failed", "site/room", "tool/monitor", "service/s", "person/ann", "component/gone"} {
		r, err := model.ParseRef(name)
		if err != nil {
			t.Fatal(err)
		}
		list = append(list, r)
	}
	lacking, all := Lacking(f, list)
	want := []string{"component/none", "component/half", "tool/monitor"}
	if all != 8 || len(lacking) != len(want) {
		t.Fatalf("%v of %d, want %v of 8", lacking, all, want)
	}
	for i, r := range lacking {
		if r.String() != want[i] {
			t.Errorf("%v, want %v", lacking, want)
		}
	}
}
