package coordination

import (
	"slices"

	"diapason/internal/finding"
	"diapason/internal/model"
)

// SectionState says how a section of the service design package stands.
type SectionState string

// The states of a section.
const (
	SectionComplete SectionState = "complete" // proven by live objects, a document or a text
	SectionWaived   SectionState = "waived"   // declared not needed, with a reason
	SectionMissing  SectionState = "missing"
)

// Section is one section of a service design package.
type Section struct {
	Name     model.Section
	State    SectionState
	Required bool        // by the stage of the service
	Proof    []model.Ref // the live objects or documents that prove it, sorted
	Why      model.Text  // why it is not needed, where waived
	// Lacks names what an incomplete section still needs, where that is known:
	// kinds of test not planned, criteria without verifier or not met.
	Lacks []model.Text
	lack  string // variant of the finding
}

// stageSections are the sections that must be complete to have entered a stage,
// where the organisation does not say otherwise; each stage adds to those before.
var stageSections = map[model.Stage][]model.Section{
	model.StageDesign:     {"business-requirements", "applicability", "contacts"},
	model.StageBuild:      {"functional-requirements", "service-level-requirements", "operational-requirements", "topology"},
	model.StageTransition: {"readiness", "programme", "transition-plan", "acceptance-criteria"},
	model.StageLive:       {"operational-acceptance"},
}

// RequiredSections lists the sections that a stage requires, those of earlier
// stages included, in the order of the package. A service in retirement needs none
// any more.
func (a *Analysis) RequiredSections(stage model.Stage) []model.Section {
	if stage.Rank() < 0 || stage.Rank() > model.StageLive.Rank() {
		return nil
	}
	need := map[model.Section]bool{}
	collect := func(s model.Stage, list []model.Section) {
		if s.Rank() >= 0 && s.Rank() <= stage.Rank() {
			for _, x := range list {
				need[x] = true
			}
		}
	}
	if own := a.f.Snap.Organisation().Stages; len(own) > 0 {
		for _, g := range own {
			collect(g.Stage, g.Sections)
		}
	} else {
		for s, list := range stageSections {
			collect(s, list)
		}
	}
	var out []model.Section
	for _, c := range model.Sections {
		if need[model.Section(c.Value)] {
			out = append(out, model.Section(c.Value))
		}
	}
	return out
}

// Sections gives the twelve sections of a service's design package in order. A
// section is proven by what stands in spec.sections (a document that exists, or a
// text), or by live objects:
//
//	business-requirements       a business requirement, or a business activity that needs the service
//	applicability               user groups, customers, an offering, or services that require it
//	contacts                    an owner who is there, and a way to the support: team, contract or contact
//	functional-requirements     a functional requirement
//	service-level-requirements  a service level requirement with levels, or a customer agreement (SLA) with targets
//	operational-requirements    an operational requirement, an OLA, or a contract that covers the service
//	topology                    what it requires
//	readiness                   nothing but a document or a text
//	programme                   the date from which it is available
//	transition-plan             each of the ten kinds of test planned, passed or not needed
//	operational-acceptance      a measurement source, and who restores it
//	acceptance-criteria         criteria, each with a verifier; once live each mandatory one met
func (a *Analysis) Sections(service model.Handle) []Section {
	s := finding.Spec[model.Service](a.f, service)
	if s == nil {
		return nil
	}
	required := a.required(s.Stage)
	proofs := map[model.Section][]model.Ref{}
	a.prove(service, s, func(name model.Section, h model.Handle) { proofs[name] = append(proofs[name], a.f.Snap.Ref(h)) })
	out := make([]Section, 0, len(model.Sections))
	for _, c := range model.Sections {
		x := Section{Name: model.Section(c.Value), State: SectionMissing, Required: slices.Contains(required, model.Section(c.Value))}
		if p := proofs[x.Name]; len(p) > 0 {
			x.State, x.Proof = SectionComplete, sorted(p)
		}
		switch x.Name {
		case "transition-plan":
			x.judge(s.Tests != nil, "tests", openTests(s))
		case "acceptance-criteria":
			x.judge(s.Acceptance != nil, "criteria", openCriteria(s))
		}
		a.stated(s, &x)
		out = append(out, x)
	}
	return out
}

// judge completes a section that is a list in the service itself.
func (x *Section) judge(present bool, lack string, open []model.Text) {
	if !present {
		return
	}
	x.Lacks = open
	if len(open) == 0 {
		x.State = SectionComplete
	} else {
		x.lack = lack
	}
}

// stated takes in what spec.sections says of a section.
func (a *Analysis) stated(s *model.Service, x *Section) {
	for i := range s.Sections {
		d := &s.Sections[i]
		if d.Name != x.Name {
			continue
		}
		switch {
		case present(a.f, d.Document):
			x.State, x.Proof = SectionComplete, sorted(append(x.Proof, d.Document))
		case !d.Text.IsZero():
			x.State = SectionComplete
		case !d.NotNeeded.IsZero() && x.State != SectionComplete:
			x.State, x.Why = SectionWaived, d.NotNeeded
		}
	}
}

// prove visits the live objects that prove sections.
func (a *Analysis) prove(service model.Handle, s *model.Service, visit func(model.Section, model.Handle)) {
	there := func(name model.Section, h model.Handle) {
		if a.f.Snap.Object(h) != nil {
			visit(name, h)
		}
	}
	owned := false
	for _, e := range a.f.Snap.Out(service) {
		switch e.Field.Name {
		case "users":
			there("applicability", e.To)
		case "requires":
			there("topology", e.To)
		case "owner":
			_, left := gone(a.f, a.f.Snap.Ref(e.To))
			if owned = !left && a.f.Snap.Object(e.To) != nil && (len(s.Support) > 0 || !s.Sheet.Contact.IsZero()); owned {
				there("contacts", e.To)
			}
		case "support":
			if owned { // the owner stands before everything in the spec
				there("contacts", e.To)
			}
		}
	}
	if !s.AvailableFrom.IsZero() {
		there("programme", service)
	}
	for _, in := range a.f.Snap.In(service) {
		if o := a.f.Snap.Object(in.From); o != nil {
			if name := a.provenBy(in, o, len(s.Restore.By) > 0); name != "" {
				there(name, in.From)
			}
		}
	}
}

// provenBy is the section that something which refers to a service proves.
func (a *Analysis) provenBy(in model.Incoming, o *model.Object, restored bool) model.Section {
	switch x := o.Spec.(type) {
	case *model.Requirement:
		switch {
		case x.Type == "functional":
			return "functional-requirements"
		case x.Type == "operational":
			return "operational-requirements"
		case x.Type != "service-level":
			return "business-requirements"
		case len(x.Targets) > 0:
			return "service-level-requirements"
		}
	case *model.BusinessActivity:
		return "business-requirements"
	case *model.Customer, *model.Offering:
		return "applicability"
	case *model.Service:
		if in.Field.Structure {
			return "applicability"
		}
	case *model.Agreement:
		switch {
		case in.Field.Name != "services":
		case x.Type == "ola":
			return "operational-requirements"
		case len(x.Targets) > 0:
			return "service-level-requirements"
		}
	case *model.Contract:
		return "operational-requirements"
	case *model.MeasurementSource:
		if restored {
			return "operational-acceptance"
		}
	}
	return ""
}

// testKinds are the ten kinds of test of a transition plan.
var testKinds = func() []model.Choice {
	for _, f := range model.KindOf("service").Fields {
		if f.Name == "tests" {
			for _, x := range f.Item.Fields {
				if x.Name == "name" {
					return x.Choices
				}
			}
		}
	}
	return nil
}()

// openTests are the kinds of test neither planned, nor passed, nor declared not
// needed with a reason.
func openTests(s *model.Service) []model.Text {
	var open []model.Text
	for _, c := range testKinds {
		i := slices.IndexFunc(s.Tests, func(t model.TestPlan) bool { return t.Name == c.Value })
		if i < 0 || s.Tests[i].Planned.IsZero() && s.Tests[i].Passed.IsZero() && s.Tests[i].NotNeeded.IsZero() {
			open = append(open, c.Label)
		}
	}
	return open
}

// openCriteria are the criteria without verifier and, once the service is live,
// the mandatory ones not met.
func openCriteria(s *model.Service) []model.Text {
	var open []model.Text
	for i := range s.Acceptance {
		c := &s.Acceptance[i]
		if c.Verifier.IsZero() || s.Stage.Rank() >= model.StageLive.Rank() && !c.Optional && c.Met.IsZero() {
			open = append(open, model.Text{All: named(c.Name, i)})
		}
	}
	return open
}

// required is RequiredSections, worked out once for each stage.
func (a *Analysis) required(stage model.Stage) []model.Section {
	if list, ok := a.stages.Load(stage); ok {
		return list.([]model.Section)
	}
	list := a.RequiredSections(stage)
	a.stages.Store(stage, list)
	return list
}

// provenAlready reports, without writing anything down, that every section which
// the stage requires is proven by live objects, tests and criteria, or stated.
func (a *Analysis) provenAlready(h model.Handle, s *model.Service) bool {
	required := a.required(s.Stage)
	var proven, open uint16
	bit := func(name model.Section) uint16 {
		for i, c := range model.Sections {
			if c.Value == string(name) {
				return 1 << i
			}
		}
		return 0
	}
	for _, name := range required {
		open |= bit(name)
	}
	if open == 0 {
		return true
	}
	for i := range s.Sections {
		if d := &s.Sections[i]; !d.Text.IsZero() || !d.NotNeeded.IsZero() || present(a.f, d.Document) {
			proven |= bit(d.Name)
		}
	}
	if s.Tests != nil && len(openTests(s)) == 0 {
		proven |= bit("transition-plan")
	}
	if s.Acceptance != nil && len(openCriteria(s)) == 0 {
		proven |= bit("acceptance-criteria")
	}
	if open&^proven != 0 {
		a.prove(h, s, func(name model.Section, _ model.Handle) { proven |= bit(name) })
	}
	return open&^proven == 0
}

// checkSections is COO-004: every section that the stage requires is proven or
// declared not needed.
func checkSections(f *finding.Facts, h model.Handle, emit func(finding.Finding)) {
	s := finding.Spec[model.Service](f, h)
	if s.Stage == "" {
		emit(finding.Finding{Outcome: finding.Unknown, Pointer: "/spec/stage", Args: finding.Args{"name": ""}})
		return
	}
	a := of(f)
	if a.provenAlready(h, s) {
		return
	}
	sections := a.Sections(h)
	missing := 0
	for _, x := range sections {
		if x.Required && x.State == SectionMissing {
			missing++
		}
	}
	for _, x := range sections {
		if !x.Required || x.State != SectionMissing {
			continue
		}
		label, _ := model.ChoiceLabel(x.Name)
		at := "/spec/sections"
		switch x.lack {
		case "tests":
			at = "/spec/tests"
		case "criteria":
			at = "/spec/acceptance"
		}
		emit(finding.Finding{
			Part: "sections/" + string(x.Name), Pointer: at, Variant: x.lack,
			Args:     finding.Args{"section": label, "name": string(x.Name), "stage": s.Stage, "lacks": x.Lacks, "n": len(x.Lacks)},
			Evidence: []finding.Evidence{{Label: "stage", Value: s.Stage}, {Label: "missing", Value: missing}},
		})
	}
}
