// Package generate makes a realistic organisation of any size from a seed: for
// benchmarks, load tests and trying the product on an estate as large as one's
// own. The same numbers give the same bytes.
package generate

import (
	"fmt"
	"math/rand/v2"
	"time"

	"diapason/internal/model"
)

// Size says how large the organisation is.
type Size struct {
	Services, Components int
	Seed                 uint64
}

// On is the date for which the organisation is made.
var On = model.NewDate(2027, time.March, 12)

type maker struct {
	size    Size
	r       *rand.Rand
	emit    func(*model.Object)
	persons int
	teams   int
	sites   int
	vendors int
	clients int
	shared  int // components that everything stands on
}

// Objects makes the objects one by one, suppliers and sites first.
func Objects(size Size, emit func(*model.Object)) {
	m := &maker{size: size, r: rand.New(rand.NewPCG(size.Seed, 0x9e3779b97f4a7c15)), emit: emit}
	m.persons = max(20, size.Services/5)
	m.teams = max(5, size.Services/50)
	m.sites = max(4, size.Components/5000)
	m.vendors = max(6, size.Services/100)
	m.clients = max(4, size.Services/50)
	m.shared = max(8, size.Components/100)
	m.organisation()
	m.calendars()
	m.people()
	m.places()
	m.partners()
	m.components()
	m.services()
	m.promises()
}

func (m *maker) put(kind, name string, en, fr string, owner model.Ref, spec any) {
	m.emit(&model.Object{Kind: model.KindOf(kind), Metadata: model.Metadata{Name: name, Title: model.T(en, fr), Owner: owner}, Spec: spec})
}

func ref(kind, format string, args ...any) model.Ref {
	return model.Ref{Kind: kind, Name: fmt.Sprintf(format, args...)}
}

func pct(s string) *model.Availability {
	var a model.Availability
	if err := a.UnmarshalText([]byte(s)); err != nil {
		panic(err)
	}
	return &a
}

func hours(n int) model.Duration { return model.Duration(time.Duration(n) * time.Hour) }

func level(n int) *int { return &n }

func (m *maker) ratings(base int) model.Ratings {
	pick := func() *int { return level(min(4, base+m.r.IntN(2))) }
	return model.Ratings{Availability: pick(), Confidentiality: pick(), Integrity: pick(), Authenticity: pick(), NonRepudiation: pick()}
}

func (m *maker) person() model.Ref { return ref("person", "person-%05d", m.r.IntN(m.persons)) }
func (m *maker) team() model.Ref   { return ref("team", "team-%04d", m.r.IntN(m.teams)) }
func (m *maker) site() model.Ref   { return ref("site", "site-%03d", m.r.IntN(m.sites)) }

func (m *maker) organisation() {
	threshold := model.PercentOf(.8)
	m.put("organisation", "organisation", "Generated organisation", "Organisation générée", model.Ref{}, &model.Organisation{
		Languages: []string{"en", "fr"}, Zone: "Europe/Paris", Currency: "EUR", Horizon: model.Period{Months: 24}, Appetite: level(6), Threshold: &threshold,
		Stages:     []model.StageGate{{Stage: model.StageLive, Sections: []model.Section{"topology", "contacts"}}},
		Objectives: []model.Objective{{Name: "continuity", Title: model.T("Keep working", "Continuer à travailler")}, {Name: "growth", Title: model.T("Grow", "Croître")}},
	})
}

var weekdays = []string{"mon", "tue", "wed", "thu", "fri"}

func (m *maker) calendars() {
	m.put("calendar", "always", "Around the clock", "24 h/24", model.Ref{}, &model.Calendar{Zone: "Europe/Paris", Always: true})
	m.put("calendar", "office", "Office hours", "Heures ouvrées", model.Ref{}, &model.Calendar{Zone: "Europe/Paris", Holidays: "FR", Hours: []model.Hours{{Days: weekdays, From: 8 * 60, To: 18 * 60}}})
	m.put("calendar", "extended", "Extended hours", "Heures étendues", model.Ref{}, &model.Calendar{Zone: "Europe/Paris", Holidays: "FR", Hours: []model.Hours{{Days: append([]string{"sat"}, weekdays...), From: 7 * 60, To: 21 * 60}}})
}

func (m *maker) people() {
	const skills = 40
	for i := range skills {
		m.put("skill", fmt.Sprintf("skill-%02d", i), fmt.Sprintf("Skill %d", i), fmt.Sprintf("Compétence %d", i), model.Ref{}, &model.Skill{Family: "technical"})
	}
	for i := range m.persons {
		p := &model.Person{Email: fmt.Sprintf("p%05d@example.test", i), Calendar: ref("calendar", "office"), HoursPerWeek: hours(35), Joined: On.AddDays(-m.r.IntN(4000) - 30)}
		for range 1 + m.r.IntN(3) {
			p.Skills = append(p.Skills, ref("skill", "skill-%02d", m.r.IntN(skills)))
		}
		m.put("person", fmt.Sprintf("person-%05d", i), fmt.Sprintf("Person %d", i), fmt.Sprintf("Personne %d", i), model.Ref{}, p)
	}
	for i := range m.teams {
		t := &model.Team{Calendar: model.Ref{Kind: "calendar", Name: []string{"always", "extended", "always"}[m.r.IntN(3)]}, Respond: model.Duration(15 * time.Minute)}
		for range 4 + m.r.IntN(5) {
			t.Members = append(t.Members, m.person())
		}
		t.Lead = t.Members[0]
		m.put("team", fmt.Sprintf("team-%04d", i), fmt.Sprintf("Team %d", i), fmt.Sprintf("Équipe %d", i), t.Lead, t)
	}
	for i := range m.clients {
		m.put("customer", fmt.Sprintf("customer-%04d", i), fmt.Sprintf("Customer %d", i), fmt.Sprintf("Client %d", i), m.person(), &model.Customer{Representative: m.person(), External: i%3 == 0})
		m.put("user-group", fmt.Sprintf("users-%04d", i), fmt.Sprintf("Users of customer %d", i), fmt.Sprintf("Utilisateurs du client %d", i), model.Ref{}, &model.UserGroup{Customer: ref("customer", "customer-%04d", i), Size: 10 + m.r.IntN(5000)})
	}
	m.put("policy", "access", "Access rights", "Habilitations", m.person(), &model.Policy{Topic: "access", Date: On.AddDays(-500), ReviewBy: On.AddDays(300)})
	m.put("process", "incident-management", "Incident management", "Gestion des incidents", m.person(), &model.Process{Practice: "operation", Activities: []model.Activity{{Name: "restore", Title: model.T("Restore", "Rétablir"), Responsible: []model.Ref{m.team()}, Accountable: []model.Ref{m.person()}}}})
}

func (m *maker) places() {
	for i := range m.sites {
		s := &model.Site{Country: "FR", Zone: "Europe/Paris", Availability: pct("99.99%"), Security: m.ratings(3)}
		m.put("site", fmt.Sprintf("site-%03d", i), fmt.Sprintf("Site %d", i), fmt.Sprintf("Site %d", i), m.person(), s)
	}
}

func (m *maker) partners() {
	for i := range m.vendors {
		s := &model.Supplier{Country: []string{"FR", "DE", "IE"}[m.r.IntN(3)], Critical: i%10 == 0, ReviewInterval: model.Period{Months: 12}, Manager: m.person(), Security: m.ratings(3)}
		if i > 10 && m.r.IntN(5) == 0 {
			s.Parent = ref("supplier", "supplier-%04d", m.r.IntN(10))
		}
		m.put("supplier", fmt.Sprintf("supplier-%04d", i), fmt.Sprintf("Supplier %d", i), fmt.Sprintf("Fournisseur %d", i), m.person(), s)
	}
}
