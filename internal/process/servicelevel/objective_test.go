package servicelevel_test

import (
	"slices"
	"testing"
	"time"

	"diapason/internal/calendars"
	"diapason/internal/engine/slo"
	"diapason/internal/engine/worktime"
	"diapason/internal/finding"
	"diapason/internal/model"
	"diapason/internal/process/processtest"
	"diapason/internal/process/servicelevel"
)

const objectives = `
calendar/office: {zone: Europe/Paris, holidays: FR, hours: [{days: [mon, tue, wed, thu, fri], from: "08:00", to: "18:00"}]}
calendar/always: {always: true}
calendar/broken: {zone: Europe/Atlantis, always: true, holidays: FR}
organisation/org: {zone: Europe/Paris}
site/room: {}
supplier/cloud: {}
component/server: {site: room}
component/spare: {}
service/web: {requires: [component/server]}
service/mail: {requires: [{anyOf: [component/server, component/spare]}]}
customer/clinic: {uses: [service/web]}
tool/desk: {}
measurement-source/probe: {type: prometheus, query: up, of: [service/web, service/mail, component/server]}
measurement-source/silent: {type: prometheus, of: [service/web]}
measurement-source/tickets: {type: tickets, of: [service/web]}
measurement-source/hand: {type: declared, of: [service/web]}
agreement/sla:
  type: sla
  customer: clinic
  services: [service/web]
  start: 2026-01-01
  hours: office
  maintenanceNotice: P5D
  targets:
    - name: plain
      metric: availability
      availability: 99.9%
      window: month
      measuredBy: measurement-source/probe
    - name: full
      metric: availability
      availability: 99.5%
      window: rolling-28d
      calendar: always
      measuredBy: measurement-source/probe
      method: occurrences
      slice: PT5M
      sliceTarget: 95%
      unknown: down
      boundary: missed
      exclusions: [planned-maintenance, force-majeure]
      credits: [{from: 99%, below: 99.5%, credit: 10%}, {from: 0%, below: 99%, credit: 25%}]
      creditCap: 20%
      alerts: [{name: fast, factor: "14,4", long: PT1H, short: PT5M}, {name: slow, factor: "1", long: P3D, short: PT6H}, {name: odd, factor: fast, long: PT1H}]
    - {name: latency, metric: response-time, within: PT2S, percentile: 95%, window: quarter, measuredBy: measurement-source/probe}
    - {name: faulty, metric: availability, availability: 99%, measuredBy: measurement-source/probe, credits: [{from: 99.5%, below: 99%, credit: 10%}]}
    - {name: unmeasured, metric: availability, availability: 99%}
    - {name: other, metric: availability, availability: 99%, measuredBy: measurement-source/silent}
    - {name: hand, metric: availability, availability: 99%, measuredBy: measurement-source/hand}
    - {name: restore, metric: time-to-restore, within: PT4H, percentile: 95%, priority: P1, measuredBy: measurement-source/tickets}
    - {name: arrive, metric: time-to-respond, within: PT2H, priority: P1, stops: on-site, measuredBy: measurement-source/tickets}
    - {name: respond, metric: time-to-respond, within: PT30M, priority: all, measuredBy: tool/desk}
    - {name: hours, metric: availability, availability: 99%, calendar: broken, measuredBy: measurement-source/probe}
    - {name: figure, metric: availability, measuredBy: measurement-source/probe}
    - {name: odd, metric: availability, availability: 99%, slice: PT90S, measuredBy: measurement-source/probe}
agreement/customer: {type: sla, level: customer, customer: clinic, start: 2026-01-01, hours: always, targets: [{name: a, metric: availability, availability: 99%, measuredBy: measurement-source/probe}]}
agreement/ended: {type: sla, services: [service/web], start: 2020-01-01, end: 2025-12-31, hours: always, targets: [{name: a, metric: availability, availability: 99%, measuredBy: measurement-source/probe}]}
contract/hosting:
  supplier: cloud
  covers: [component/server, component/spare, site/room]
  start: 2026-01-01
  hours: always
  targets: [{name: a, metric: availability, availability: 99.99%, measuredBy: measurement-source/probe}]
maintenance/announced: {on: [service/web], start: 2026-06-15T20:00:00Z, end: 2026-06-15T22:00:00Z, announced: 2026-06-10, stops: true}
maintenance/late: {on: [component/server], start: 2026-06-16T20:00:00Z, end: 2026-06-16T22:00:00Z, announced: 2026-06-12, stops: true}
maintenance/silent: {on: [site/room], start: 2026-06-17T20:00:00Z, end: 2026-06-17T22:00:00Z, stops: true}
maintenance/open: {on: [service/web], start: 2026-06-18T20:00:00Z, announced: 2026-06-01, stops: true}
maintenance/harmless: {on: [service/web], start: 2026-06-19T20:00:00Z, end: 2026-06-19T22:00:00Z, announced: 2026-06-01}
`

func analysisOf(t *testing.T) *servicelevel.Analysis {
	t.Helper()
	f := processtest.Facts(t, servicelevel.Analyses, "2026-06-01", objectives)
	a, ok := finding.Use[*servicelevel.Analysis](f)
	if !ok {
		t.Fatal("no analysis")
	}
	return a
}

func one(t *testing.T, a *servicelevel.Analysis, of, target, service string) servicelevel.Objective {
	t.Helper()
	for _, o := range a.Objectives() {
		if o.Of.String() == of && o.Target.Name == target && o.Service.String() == service {
			return o
		}
	}
	t.Fatalf("no objective %s %s %s", of, target, service)
	return servicelevel.Objective{}
}

func TestObjectivesSayWhyTheyCannotBeMeasured(t *testing.T) {
	a := analysisOf(t)
	for _, c := range []struct {
		of, target, service string
		gap                 servicelevel.Gap
	}{
		{"agreement/sla", "plain", "service/web", ""},
		{"agreement/sla", "full", "service/web", ""},
		{"agreement/sla", "latency", "service/web", ""},
		{"agreement/sla", "faulty", "service/web", ""},
		{"agreement/sla", "unmeasured", "service/web", servicelevel.GapNotMeasured},
		{"agreement/sla", "other", "service/web", servicelevel.GapHow},
		{"agreement/sla", "hand", "service/web", servicelevel.GapDeclared},
		{"agreement/sla", "restore", "service/web", servicelevel.GapTickets},
		{"agreement/sla", "respond", "service/web", servicelevel.GapTickets},
		{"agreement/sla", "arrive", "service/web", servicelevel.GapOnSite},
		{"agreement/sla", "hours", "service/web", servicelevel.GapHours},
		{"agreement/sla", "figure", "service/web", servicelevel.GapNoShare},
		{"agreement/sla", "odd", "service/web", servicelevel.GapRules},
		{"agreement/customer", "a", "service/web", ""},
		{"contract/hosting", "a", "component/server", ""},
		{"contract/hosting", "a", "component/spare", servicelevel.GapNotOf},
	} {
		o := one(t, a, c.of, c.target, c.service)
		if o.Gap != c.gap || (o.Series == "") != (c.gap != "") {
			t.Errorf("%s %s of %s has the gap %q and the series %q, want %q", c.of, c.target, c.service, o.Gap, o.Series, c.gap)
		}
	}
	if n := len(a.Objectives()); n != 16 {
		t.Errorf("%d objectives are in force, want 16: what has ended binds nobody", n)
	}
}

func TestAnObjectiveReadsItsTarget(t *testing.T) {
	a := analysisOf(t)
	plain, full := one(t, a, "agreement/sla", "plain", "service/web"), one(t, a, "agreement/sla", "full", "service/web")
	june := worktime.Interval{Start: time.Date(2026, 5, 31, 22, 0, 0, 0, time.UTC), End: time.Date(2026, 6, 30, 22, 0, 0, 0, time.UTC)}
	if plain.Series != "measurement-source/probe service/web" || plain.Window != slo.Month || plain.Location.String() != "Europe/Paris" || plain.Rules != (slo.Rules{Target: slo.ShareOf(0.999)}) {
		t.Errorf("%+v", plain)
	}
	if got := plain.Window.At(time.Date(2026, 6, 10, 0, 0, 0, 0, time.UTC), plain.Location); !got.Start.Equal(june.Start) || !got.End.Equal(june.End) {
		t.Errorf("its June is %v", got)
	}
	if got := plain.Agreed(june).Duration(); got != 220*time.Hour {
		t.Errorf("%v are agreed in June, want 22 days of ten hours", got)
	}
	if got := full.Agreed(june).Duration(); got != 720*time.Hour {
		t.Errorf("%v are agreed around the clock, want 720 h", got)
	}
	r := full.Rules
	if r.Method != slo.Occurrences || r.Slice != 5 || *r.SliceTarget != slo.ShareOf(0.95) || r.Unknown != slo.UnknownDown || !r.Strict || r.Target != slo.ShareOf(0.995) || full.Window != slo.Rolling(28) {
		t.Errorf("%+v", r)
	}
	attained := slo.ShareOf(0.98)
	if due := full.Credits.Due(&attained); full.CreditsFault != nil || due.Due != slo.ShareOf(0.20) || due.Full != slo.ShareOf(0.25) {
		t.Errorf("%+v %v", due, full.CreditsFault)
	}
	if o := one(t, a, "agreement/sla", "faulty", "service/web"); o.CreditsFault == nil {
		t.Error("inverted bands are taken")
	}
	if rows := full.Rows(june); len(rows) != 2 || rows[0].Factor != 14.4 || rows[0].Severity != slo.Page || rows[1].Severity != slo.Ticket {
		t.Errorf("%+v", rows)
	}
	if rows := plain.Rows(june); len(rows) != 4 || rows[0].Factor != 14.4 {
		t.Errorf("%+v", rows)
	}
	if o := one(t, a, "agreement/sla", "latency", "service/web"); o.Rules.Target != slo.ShareOf(0.95) || o.Window != slo.Quarter {
		t.Errorf("%+v", o.Rules)
	}
	restore, respond := one(t, a, "agreement/sla", "restore", "service/web"), one(t, a, "agreement/sla", "respond", "service/web")
	if !restore.Cases() || restore.CaseRules() != (slo.CaseRules{Within: 4 * time.Hour, Share: slo.ShareOf(0.95), Priority: "P1"}) {
		t.Errorf("%+v", restore.CaseRules())
	}
	if !respond.Cases() || respond.CaseRules() != (slo.CaseRules{Within: 30 * time.Minute, Share: slo.Whole}) || full.Cases() {
		t.Errorf("%+v", respond.CaseRules())
	}
}

func TestMaintenanceIsLeftOutOnlyAsAgreed(t *testing.T) {
	a := analysisOf(t)
	full := one(t, a, "agreement/sla", "full", "service/web")
	paris, _ := calendars.Location("Europe/Paris")
	web, _ := model.ParseRef("service/web")
	planned := a.Planned(web, paris)
	var got []slo.Standing
	for _, e := range planned {
		got = append(got, full.Standing(e))
	}
	if want := []slo.Standing{slo.Holds, slo.AnnouncedLate, slo.NotAnnounced, slo.WithoutEnd}; !slices.Equal(got, want) {
		t.Errorf("the standings are %v, want %v", got, want)
	}
	at := func(day, hour int) time.Time { return time.Date(2026, 6, day, hour, 0, 0, 0, time.UTC) }
	more := append(planned,
		servicelevel.ExcludedTime{Span: servicelevel.Span{From: at(20, 0), To: at(20, 3)}, Kind: "force-majeure"},
		servicelevel.ExcludedTime{Span: servicelevel.Span{From: at(21, 0), To: at(21, 3)}, Kind: "customer-cause"})
	if d := full.Excluded(more).Duration(); d != 5*time.Hour {
		t.Errorf("%v are left out, want the announced work and force majeure, five hours", d)
	}
	if plain := one(t, a, "agreement/sla", "plain", "service/web"); !plain.Excluded(more).IsEmpty() {
		t.Error("a target without exclusions leaves something out")
	}
	mail, _ := model.ParseRef("service/mail")
	if n := len(a.Planned(mail, paris)); n != 0 {
		t.Errorf("%d works stop mail, which has an alternative", n)
	}
}
