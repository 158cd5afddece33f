package availability

import (
	"math"
	"slices"
	"testing"

	"diapason/internal/finding"
	"diapason/internal/model"
	"diapason/internal/process/processtest"
)

// loaded makes an analysis that knows capacity and demand.
func loaded(t *testing.T, text string) (*finding.Facts, *Analysis) {
	t.Helper()
	f := processtest.Facts(t, analyses, "2027-03-12", text)
	a, _ := finding.Use[*Analysis](f)
	return f, a
}

func TestTheLoadSaysHowManyMustWork(t *testing.T) {
	const three = `
component/a: {availability: 99%, capacity: [{name: requests, limit: 100 req/s}]}
component/b: {availability: 99%, capacity: [{name: requests, limit: 100 req/s}]}
component/c: {availability: 99%, capacity: [{name: requests, limit: 60 req/s}]}
service/s: {requires: [{atLeast: 1, of: [component/a, component/b, component/c]}]}`
	for _, tc := range []struct {
		name, text string
		needed     int
		known      bool
		want       float64 // unavailability
		singles    []string
	}{
		{"without a demand the declared number counts", three, 1, false, 1e-6, nil},
		{"the declared number is the floor", three + `
demand/d: {service: service/s, resource: requests, current: 10 req/s}`, 1, true, 1e-6, nil},
		{"any that work must carry the peak, the smallest too", three + `
demand/d: {service: service/s, resource: requests, current: 10 req/s, peak: 120 req/s}`, 2, true, 3*1e-4 - 2*1e-6, nil},
		{"a demand grows to the date of the view", three + `
demand/d: {service: service/s, resource: requests, current: 155 req/s, on: 2026-03-12, growth: 10%}`, 3, true, 1 - math.Pow(.99, 3), []string{"component/a", "component/b", "component/c"}},
		{"all are needed where all together do not carry it", three + `
demand/d: {service: service/s, resource: requests, current: 900 req/s}`, 3, true, 1 - math.Pow(.99, 3), []string{"component/a", "component/b", "component/c"}},
		{"a demand in another unit says nothing", three + `
demand/d: {service: service/s, resource: requests, current: 900 req/h}`, 1, false, 1e-6, nil},
		{"what is measured of the alternatives adds up", `
component/a: {availability: 99%, capacity: [{name: cpu, limit: 16 cores, used: 9 cores}]}
component/b: {availability: 99%, capacity: [{name: cpu, limit: 16 cores, used: 9 cores}]}
service/s: {requires: [{anyOf: [component/a, component/b]}]}`, 2, true, 1 - .99*.99, []string{"component/a", "component/b"}},
		{"copies of one volume share no load", `
component/a: {class: storage, availability: 99%, capacity: [{name: space, limit: 10 TiB, used: 9 TiB}]}
component/b: {class: storage, availability: 99%, capacity: [{name: space, limit: 10 TiB, used: 9 TiB}]}
service/s: {requires: [{anyOf: [component/a, component/b]}]}`, 1, false, 1e-4, nil},
		{"of groups in groups nobody says what one carries", `
component/a: {availability: 99%, capacity: [{name: cpu, limit: 16 cores, used: 9 cores}]}
component/b: {availability: 99%, capacity: [{name: cpu, limit: 16 cores, used: 9 cores}]}
component/c: {availability: 99%, capacity: [{name: cpu, limit: 16 cores, used: 9 cores}]}
service/s: {requires: [{anyOf: [component/a, {atLeast: 2, of: [component/b, component/c]}]}]}`, 1, false, .01 * (1 - .99*.99), nil},
		{"instances carry the limit of their component together", `
component/a: {availability: 99%, instances: 4, needed: 1, capacity: [{name: requests, limit: 400 req/s}]}
demand/d: {service: component/a, resource: requests, current: 150 req/s}
service/s: {requires: [component/a]}`, 2, true, 4*math.Pow(.01, 3)*.99 + math.Pow(.01, 4), nil},
		{"with every instance taken the component is a single point", `
component/a: {availability: 99%, instances: 2, needed: 1, capacity: [{name: requests, limit: 200 req/s}]}
demand/d: {service: component/a, resource: requests, current: 150 req/s}
service/s: {requires: [component/a]}`, 2, true, 1 - .99*.99, []string{"component/a"}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			f, a := loaded(t, tc.text)
			s := handle(t, f, "service/s")
			loads := a.Loads(s)
			if len(loads) == 0 || loads[0].Needed != tc.needed || loads[0].Known != tc.known {
				t.Errorf("loads %+v, want %d needed, known %v", loads, tc.needed, tc.known)
			}
			if value, _, _, _, _, _ := a.Predicted(s); math.Abs(value.Unavailability()-tc.want) > 1e-9 {
				t.Errorf("unavailability %v, want %v", value.Unavailability(), tc.want)
			}
			if got := names(a.SinglePoints(s)); !slices.Equal(got, tc.singles) && len(got)+len(tc.singles) > 0 {
				t.Errorf("single points %v, want %v", got, tc.singles)
			}
		})
	}
}

func TestWhatIsDownFollowsTheLoad(t *testing.T) {
	f, a := loaded(t, `
component/a: {capacity: [{name: requests, limit: 100 req/s}]}
component/b: {capacity: [{name: requests, limit: 100 req/s}]}
component/c: {capacity: [{name: requests, limit: 100 req/s}]}
service/s: {requires: [{anyOf: [component/a, component/b, component/c]}]}
demand/d: {service: service/s, resource: requests, current: 150 req/s}`)
	one := a.Down(refs(t, "component/a"))
	if len(one.Services) != 0 || len(one.Fallback) != 1 || one.Fallback[0].Needed != 2 || one.Fallback[0].Spare() != 0 {
		t.Errorf("with one down: %+v", one)
	}
	two := a.Down(refs(t, "component/a", "component/b"))
	if got := names(two.Services); !slices.Equal(got, []string{"service/s"}) {
		t.Errorf("with two down %v stop, want service/s", got)
	}
	if s := handle(t, f, "service/s"); !a.FailsWith(s, refs(t, "component/b", "component/c")) {
		t.Error("two that cannot carry the load together are lost without the service")
	}
}

func refs(t *testing.T, list ...string) (out []model.Ref) {
	t.Helper()
	for _, s := range list {
		r, err := model.ParseRef(s)
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, r)
	}
	return out
}
