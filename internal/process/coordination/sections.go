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
	required := a.RequiredSections(s.Stage)
	proofs := a.proofs(service, s)
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

// proofs gathers the live objects that prove sections.
func (a *Analysis) proofs(service model.Handle, s *model.Service) map[model.Section][]model.Ref {
	p := map[model.Section][]model.Ref{}
	add := func(name model.Section, refs ...model.Ref) {
		for _, r := range refs {
			if present(a.f, r) {
				p[name] = append(p[name], r)
			}
		}
	}
	add("applicability", s.Users...)
	owner := a.f.Snap.Object(service).Metadata.Owner
	if _, left := gone(a.f, owner); present(a.f, owner) && !left && (len(s.Support) > 0 || !s.Sheet.Contact.IsZero()) {
		add("contacts", owner)
		add("contacts", s.Support...)
	}
	for _, n := range s.Requires {
		n.Refs(func(r model.Ref) { add("topology", r) })
	}
	if !s.AvailableFrom.IsZero() {
		add("programme", a.f.Snap.Ref(service))
	}
	var sources []model.Ref
	for _, in := range a.f.Snap.In(service) {
		if o := a.f.Snap.Object(in.From); o != nil {
			if o.Kind.Slug == "measurement-source" {
				sources = append(sources, o.Ref())
			}
			a.incomingProof(in, o, add)
		}
	}
	if len(s.Restore.By) > 0 {
		add("operational-acceptance", sources...)
	}
	return p
}

func (a *Analysis) incomingProof(in model.Incoming, o *model.Object, add func(model.Section, ...model.Ref)) {
	switch x := o.Spec.(type) {
	case *model.Requirement:
		switch x.Type {
		case "service-level":
			if len(x.Targets) > 0 {
				add("service-level-requirements", o.Ref())
			}
		case "functional":
			add("functional-requirements", o.Ref())
		case "operational":
			add("operational-requirements", o.Ref())
		default:
			add("business-requirements", o.Ref())
		}
	case *model.BusinessActivity:
		add("business-requirements", o.Ref())
	case *model.Customer, *model.Offering:
		add("applicability", o.Ref())
	case *model.Service:
		if in.Field.Structure {
			add("applicability", o.Ref())
		}
	case *model.Agreement:
		if in.Field.Name == "services" && x.Type == "ola" {
			add("operational-requirements", o.Ref())
		} else if in.Field.Name == "services" && len(x.Targets) > 0 {
			add("service-level-requirements", o.Ref())
		}
	case *model.Contract:
		add("operational-requirements", o.Ref())
	}
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

// checkSections is COO-004: every section that the stage requires is proven or
// declared not needed.
func checkSections(f *finding.Facts, h model.Handle, emit func(finding.Finding)) {
	s := finding.Spec[model.Service](f, h)
	if s.Stage == "" {
		emit(finding.Finding{Outcome: finding.Unknown, Pointer: "/spec/stage", Args: finding.Args{"name": ""}})
		return
	}
	a := of(f)
	if len(a.RequiredSections(s.Stage)) == 0 {
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
