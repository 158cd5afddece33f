package assess

import (
	"fmt"
	"maps"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"diapason/internal/finding"
	"diapason/internal/model"
	"diapason/internal/process/availability"
	"diapason/internal/process/processtest"
)

// shapes of what decides how many of a group must work and how long restoring takes,
// though it is no part of the structure; the empty one is an object that is not there.
var shapes = map[string][]string{
	"organisation/o": {"{zone: Europe/Paris}"},
	"service/s":      {"{stage: live, criticality: high, requires: [{atLeast: 1, of: [component/a, component/b, component/c]}]}"},
	"service/t":      {"{stage: live, requires: [component/d, service/s]}", "{stage: live, requires: [component/a, component/d]}"},
	"component/a":    {"{mtbf: 500 h, mttr: 4 h, restore: {by: [team/x], skills: [k]}, capacity: [{name: r, limit: 100 req/s}]}", "{mtbf: 500 h, mttr: 4 h, mttrCounts: down, restore: {by: [team/x]}, capacity: [{name: r, limit: 40 req/s}]}"},
	"component/b":    {"{mtbf: 500 h, mttr: 4 h, restore: {by: [contract/n]}, capacity: [{name: r, limit: 100 req/s, used: 30 req/s}]}"},
	"component/c":    {"{mtbf: 500 h, mttr: 4 h, restore: {by: [team/x], steps: [{name: one, duration: 1 h}, {name: two, duration: 2 h, by: [person/p], after: [one]}]}, capacity: [{name: r, limit: 100 req/s}]}"},
	"component/d":    {"{mtbf: 300 h, mttr: 2 h, instances: 3, needed: 1, restore: {by: [team/y, contract/n]}, capacity: [{name: r, limit: 90 req/s}]}", "{mtbf: 300 h, mttr: 2 h, instances: 2, needed: 3}"},
	"demand/one":     {"", "{service: service/s, resource: r, current: 150 req/s}", "{service: service/s, resource: r, current: 20 req/s, peak: 290 req/s}", "{service: component/a, resource: r, current: 70 req/s}"},
	"demand/two":     {"", "{service: component/d, resource: r, current: 50 req/s}", "{service: component/d, resource: r, current: 80 req/h}", "{service: component/c, resource: r, current: 90 req/s}"},
	"team/x":         {"{calendar: day, members: [p, q]}", "{calendar: day, members: [q], onCall: [{name: n, calendar: night, members: [p]}]}", "", "{members: [p]}"},
	"team/y":         {"{calendar: night, members: [p]}", "{calendar: day, members: [q]}"},
	"person/p":       {"{skills: [k]}", "{skills: [k], calendar: night}", "{skills: [k], left: 2027-01-01}", "{}"},
	"person/q":       {"{}", "{skills: [k], calendar: day}", ""},
	"skill/k":        {"{}"},
	"calendar/day":   {`{zone: Europe/Paris, hours: [{days: [mon, tue, wed, thu, fri], from: "08:00", to: "18:00"}]}`, `{zone: Europe/Paris, holidays: FR, hours: [{days: [mon, tue, wed, thu, fri, sat], from: "09:00", to: "12:00"}]}`, ""},
	"calendar/night": {`{zone: Europe/Paris, hours: [{days: [mon, tue, wed, thu, fri, sat, sun], from: "18:00", to: "08:00"}]}`, "{zone: Europe/Paris, always: true}"},
	"contract/n":     {"{supplier: z, start: 2026-01-01, hours: night}", "{supplier: z, start: 2026-01-01, end: 2026-06-01, hours: night}", "{supplier: z, start: 2026-01-01, targets: [{name: back, metric: time-to-restore, within: 4 h, calendar: day}]}"},
	"supplier/z":     {"{}"},
	"agreement/sla":  {"{type: sla, services: [service/t], start: 2026-01-01, targets: [{name: up, availability: 99%}]}", ""},
}

// Predictions and findings after changes of demand, capacity, teams, people, calendars
// and contracts are those of a full evaluation.
func TestDeltaFollowsLoadsAndHours(t *testing.T) { deltaFollows(t, shapes) }

// deltaFollows compares incremental with full evaluation over random changes among
// shapes of objects.
func deltaFollows(t *testing.T, shapes map[string][]string) {
	t.Helper()
	order := slices.Sorted(maps.Keys(shapes))
	objects := map[string][]*model.Object{}
	for _, name := range order {
		for _, text := range shapes[name] {
			var o *model.Object
			if text != "" {
				o = processtest.Objects(t, name+": "+text)[0]
			}
			objects[name] = append(objects[name], o)
		}
	}
	rapid.Check(t, func(rt *rapid.T) {
		shape := func(name string) *model.Object { return rapid.SampledFrom(objects[name]).Draw(rt, name) }
		var start []*model.Object
		for _, name := range order {
			if o := shape(name); o != nil {
				start = append(start, o)
			}
		}
		snap, _ := model.NewSnapshot(1, start)
		result := Full(Facts(snap, when))
		for step := range rapid.IntRange(1, 4).Draw(rt, "steps") {
			var puts []*model.Object
			var deletes, changed []model.Ref
			for _, name := range rapid.SliceOfNDistinct(rapid.SampledFrom(order), 1, 2, rapid.ID).Draw(rt, "changed") {
				r, _ := model.ParseRef(name)
				o := shape(name)
				switch {
				case o != nil:
					puts = append(puts, o)
				case snap.Get(r) != nil:
					deletes = append(deletes, r)
				default:
					continue
				}
				changed = append(changed, r)
			}
			snap = snap.With(int64(step+2), puts, deletes)
			full := Full(Facts(snap, when))
			result = Delta(result, Facts(snap, when), changed)
			if was, is := predictions(result.Facts), predictions(full.Facts); was != is {
				rt.Fatalf("after a change of %v the prediction is\n%s\nand in full\n%s", changed, was, is)
			}
			if diff := difference(result.Findings(), full.Findings()); diff != "" {
				rt.Fatalf("after a change of %v:\n%s", changed, diff)
			}
		}
	})
}

func predictions(f *finding.Facts) string {
	a, _ := finding.Use[*availability.Analysis](f)
	out := ""
	for _, s := range f.Snap.OfKind("service") {
		value, lower, upper, exact, missing, ok := a.Predicted(s)
		out += fmt.Sprintln(f.Snap.Ref(s), value, lower, upper, exact, missing, ok, a.SinglePoints(s))
	}
	return out
}
