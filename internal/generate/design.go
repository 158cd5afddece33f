package generate

import (
	"fmt"
	"time"

	"diapason/internal/model"
)

var classes = []string{"server", "virtual-machine", "container", "database", "application", "network", "storage", "queue", "cache"}

// components makes shared infrastructure first (networks, storage, identity),
// then machines on it, then the private components of services: each rests on a
// few that came before, so that dependencies form layers without accidental
// circles.
func (m *maker) components() {
	for i := range m.size.Components {
		c := &model.Component{
			Class: classes[m.r.IntN(len(classes))], Site: m.site(), MTBF: hours(2000 + m.r.IntN(40000)), MTTR: hours(1 + m.r.IntN(6)),
			Security: m.ratings(2), Restore: model.Restore{By: []model.Ref{m.team()}},
		}
		if i%4 == 0 {
			c.AdminDomain, c.SupportEnds = fmt.Sprintf("domain-%02d", m.r.IntN(12)), On.AddDays(4000+m.r.IntN(2000))
			c.Capacity = []model.Capacity{m.capacity("cpu", "cores", 4+m.r.IntN(60))}
		}
		if i%10 == 0 {
			c.Restore.Skills = []model.Ref{ref("skill", "skill-%02d", m.r.IntN(40))}
			c.Restore.Steps = []model.Step{{Name: "diagnose", Duration: model.Duration(20 * time.Minute)}, {Name: "repair", Duration: model.Duration(time.Duration(20+m.r.IntN(60)) * time.Minute), After: []string{"diagnose"}}}
		}
		if i < m.shared {
			c.Criticality = model.CriticalityCritical
		} else {
			c.Criticality = model.CriticalityHigh
			m.standOn(c, i)
		}
		m.emit(&model.Object{Kind: model.KindOf("component"), Metadata: model.Metadata{Name: fmt.Sprintf("component-%06d", i), Owner: m.team()}, Spec: c})
	}
}

func (m *maker) standOn(c *model.Component, i int) {
	shared := func() model.Ref { return ref("component", "component-%06d", m.r.IntN(m.shared)) }
	near := func() model.Ref {
		reach := min(i-m.shared, 400)
		if reach <= 0 {
			return shared()
		}
		return ref("component", "component-%06d", i-1-m.r.IntN(reach))
	}
	switch m.r.IntN(4) {
	case 0:
		c.Requires = []model.Need{{On: shared()}}
	case 1:
		a, b := shared(), shared()
		if a != b {
			c.Requires = []model.Need{{AnyOf: []model.Need{{On: a}, {On: b}}, Takeover: model.Duration(5 * time.Minute)}}
		}
	case 2:
		if i%5 == 0 {
			c.Requires = []model.Need{{On: near()}}
		}
	}
}

func (m *maker) capacity(name, unit string, limit int) model.Capacity {
	used := model.Quantity{Value: float64(limit) * (.05 + .35*m.r.Float64()), Unit: unit}
	used.Value = float64(int(used.Value*10)) / 10
	growth := model.PercentOf(float64(m.r.IntN(12)) / 100)
	return model.Capacity{Name: name, Limit: model.Quantity{Value: float64(limit), Unit: unit}, Used: &used, MeasuredOn: On.AddDays(-m.r.IntN(60)), Growth: &growth}
}

var stages = []model.Stage{model.StageLive, model.StageLive, model.StageLive, model.StageLive, model.StageLive, model.StageLive, model.StageTransition, model.StageBuild, model.StageDesign, model.StageRequirement}

var criticalities = []model.Criticality{model.CriticalityLow, model.CriticalityMedium, model.CriticalityHigh, model.CriticalityCritical}

func (m *maker) services() {
	share := max(1, m.size.Components/max(1, m.size.Services))
	for i := range m.size.Services {
		s := &model.Service{
			Facing: "customer", Family: fmt.Sprintf("family-%02d", m.r.IntN(20)), Stage: stages[m.r.IntN(len(stages))], Criticality: criticalities[m.r.IntN(3)],
			AvailableFrom: On.AddDays(-m.r.IntN(2000)), Serves: []string{"continuity"}, Processes: []model.Ref{ref("process", "incident-management")}, Support: []model.Ref{m.team()},
			Users: []model.Ref{ref("user-group", "users-%04d", m.r.IntN(m.clients))}, Security: m.ratings(1), Access: model.Access{Described: ref("policy", "access"), ReviewInterval: model.Period{Months: 12}, LastReview: On.AddDays(-m.r.IntN(300))},
			None: []model.NoneOf{{P: model.Partners, Because: model.T("run by the organisation itself", "exploité par l'organisation elle-même")}},
			Sheet: model.Sheet{
				Summary: model.T(fmt.Sprintf("Service %d of the generated organisation.", i), fmt.Sprintf("Service %d de l'organisation générée.", i)), ForWhom: model.T("Everybody", "Tous"), Free: true,
				Hours: ref("calendar", "extended"), HowToRequest: model.T("Ask the service desk", "Demandez au centre de services"), Contact: model.T("Service desk", "Centre de services"), Levels: model.T("Standard", "Standard"),
			},
		}
		if s.Stage != model.StageLive {
			s.AvailableFrom = On.AddDays(30 + m.r.IntN(400))
		}
		first := m.shared + i*share
		for k := range min(share, 12) {
			if n := first + k; n < m.size.Components {
				s.Requires = append(s.Requires, model.Need{On: ref("component", "component-%06d", n)})
			}
		}
		if i > 20 && m.r.IntN(6) == 0 {
			s.Degrades = []model.Ref{ref("service", "service-%05d", m.r.IntN(20))}
		}
		m.put("service", fmt.Sprintf("service-%05d", i), fmt.Sprintf("Service %d", i), fmt.Sprintf("Service %d", i), m.person(), s)
	}
}

func (m *maker) promises() {
	promised := []string{"99%", "99.5%", "98%"}
	for i := range m.size.Services {
		if m.r.IntN(10) > 2 {
			continue
		}
		customer := ref("customer", "customer-%04d", m.r.IntN(m.clients))
		m.put("agreement", fmt.Sprintf("sla-%05d", i), fmt.Sprintf("Agreement on service %d", i), fmt.Sprintf("Accord sur le service %d", i), m.person(), &model.Agreement{
			Type: "sla", Level: "service", Customer: customer, Services: []model.Ref{ref("service", "service-%05d", i)}, Start: On.AddDays(-400), End: On.AddDays(400 + m.r.IntN(400)),
			Hours: ref("calendar", "extended"), Targets: []model.Target{
				{Name: "availability", Metric: model.MetricAvailability, Availability: pct(promised[m.r.IntN(3)]), Calendar: ref("calendar", "extended"), Window: "month", MeasuredBy: ref("measurement-source", "monitoring"), Unknown: "excluded"},
				{Name: "restore-p1", Metric: model.MetricRestore, Within: hours(8), Priority: "P1", Starts: "reported", Stops: "restored", Suspension: "never", Calendar: ref("calendar", "extended"), Window: "month", MeasuredBy: ref("measurement-source", "monitoring")},
			},
			Signatures: []model.Signature{{Party: "provider", By: m.person(), On: On.AddDays(-410)}, {Party: "customer", By: m.person(), On: On.AddDays(-405)}},
		})
	}
	m.put("measurement-source", "monitoring", "Monitoring", "Supervision", m.person(), &model.MeasurementSource{Type: "prometheus", URL: "http://metrics.example.test"})
}
