package app

import (
	"context"
	"slices"
	"strings"

	"diapason/internal/calendars"
	"diapason/internal/identity"
	"diapason/internal/language"
	"diapason/internal/model"
)

// Counterpart is what is agreed with the customer or the supplier that the actor
// speaks for: the page such a reader's work begins with.
type Counterpart struct {
	Parties  []Named              `json:"parties"`
	Agreed   []AgreedView         `json:"agreed" doc:"Agreements with the customer, contracts with the supplier"`
	Services []CounterpartService `json:"services"`
	Reviews  []ReviewView         `json:"reviews"`
	Asked    []AskedAction        `json:"asked" doc:"Open actions that reviews ask of the party"`
}

// AgreedView is one agreement or contract in force, coming or ended.
type AgreedView struct {
	Named
	Phase    string             `json:"phase" enum:"coming,running,ended"`
	From     string             `json:"from,omitempty"`
	Until    string             `json:"until,omitempty"`
	NoticeBy string             `json:"noticeBy,omitempty" doc:"Last day to give notice before it renews"`
	Covers   []Named            `json:"covers"`
	Hours    *Named             `json:"hours,omitempty"`
	Targets  []AgreedTarget     `json:"targets"`
	Files    []model.Attachment `json:"files"`
	Signed   []SignedView       `json:"signed"`
	// MaySign is the party for which the reader may give his visa; absent where he may not,
	// or has.
	MaySign string `json:"maySign,omitempty"`
	Version int64  `json:"version"`
}

// SignedView is a signature of an agreement or contract.
type SignedView struct {
	Party string     `json:"party"`
	By    string     `json:"by,omitempty"`
	On    model.Date `json:"on,omitzero"`
	Form  string     `json:"form,omitempty" doc:"How it was given, in words"`
	Scan  string     `json:"scan,omitempty" doc:"Attachment that shows it"`
}

// AgreedTarget is one promise with the latest figures on it.
type AgreedTarget struct {
	Label    string `json:"label"`
	Promised string `json:"promised"`
	Measured string `json:"measured,omitempty"`
	Period   string `json:"period,omitempty"`
	Missed   bool   `json:"missed,omitempty"`
}

// CounterpartService is a service that the party uses or supports.
type CounterpartService struct {
	Named
	State Lifecycle `json:"state"`
	// Catalogue tells that the reader finds it in the catalogue.
	Catalogue bool `json:"catalogue"`
}

// ReviewView is a review held or planned with the party.
type ReviewView struct {
	Named
	Held    string `json:"held,omitempty"`
	Planned string `json:"planned,omitempty"`
	Minutes string `json:"minutes,omitempty"`
}

// AskedAction is something a review asks the party for.
type AskedAction struct {
	Title   model.Text `json:"title"`
	Due     string     `json:"due,omitempty"`
	Overdue bool       `json:"overdue"`
	Review  Named      `json:"review"`
}

// CounterpartOf gathers what is agreed with whom the actor speaks for. It shows
// only what the actor may read object by object.
func (a *App) CounterpartOf(ctx context.Context, actor identity.Actor, lang language.Lang) (*Counterpart, error) {
	if !actor.SignedIn() {
		return nil, fail(CodeSignIn, nil)
	}
	s, err := a.Current(ctx, a.Head().Seq)
	if err != nil {
		return nil, err
	}
	b := counterpart{a: a, actor: actor, s: s, w: WriterFor(s.Snap, lang), parties: map[model.Ref]bool{}, own: map[model.Ref]bool{}, services: map[model.Ref]bool{}}
	b.out = &Counterpart{Parties: []Named{}, Agreed: []AgreedView{}, Services: []CounterpartService{}, Reviews: []ReviewView{}, Asked: []AskedAction{}}
	for _, list := range [][]string{actor.Customers(), actor.Suppliers()} {
		for _, p := range list {
			if r, err := model.ParseRef(p); err == nil && !b.parties[r] {
				b.parties[r] = true
				b.out.Parties = append(b.out.Parties, Name(s.Snap, r))
			}
		}
	}
	if len(b.parties) == 0 {
		return b.out, nil
	}
	b.agreements()
	b.contracts()
	b.reviews()
	return b.out, b.servicesOf(ctx)
}

type counterpart struct {
	a            *App
	actor        identity.Actor
	s            *State
	w            language.Writer
	out          *Counterpart
	parties, own map[model.Ref]bool // own: the party's agreements and contracts
	services     map[model.Ref]bool
}

func (b *counterpart) agreements() {
	for _, h := range b.s.Snap.OfKind("agreement") {
		o := b.s.Snap.Object(h)
		x := o.Spec.(*model.Agreement)
		if !b.parties[x.Customer] || !b.a.Visible(b.actor, b.s.Snap, o) {
			continue
		}
		b.agreed(o, calendars.AgreementStanding(x, b.s.On), x.Services, x.Hours, x.Targets)
	}
}

func (b *counterpart) contracts() {
	for _, h := range b.s.Snap.OfKind("contract") {
		o := b.s.Snap.Object(h)
		x := o.Spec.(*model.Contract)
		if !b.parties[x.Supplier] || !b.a.Visible(b.actor, b.s.Snap, o) {
			continue
		}
		b.agreed(o, calendars.ContractStanding(x, b.s.On), x.Covers, x.Hours, x.Targets)
	}
}

func (b *counterpart) agreed(o *model.Object, st calendars.Standing, covers []model.Ref, hours model.Ref, targets []model.Target) {
	b.own[o.Ref()] = true
	v := AgreedView{Named: Name(b.s.Snap, o.Ref()), Phase: "coming", From: st.First.String(), Until: st.Last.String(), Covers: names(b.s, covers), Targets: []AgreedTarget{}, Files: o.Metadata.Attachments}
	switch {
	case st.Ended():
		v.Phase = "ended"
	case st.InForce():
		v.Phase = "running"
	}
	if st.Renews && !st.NoticePassed {
		v.NoticeBy = st.NoticeBy.String()
	}
	if !hours.IsZero() {
		n := Name(b.s.Snap, hours)
		v.Hours = &n
	}
	if v.Files == nil {
		v.Files = []model.Attachment{}
	}
	for i := range targets {
		v.Targets = append(v.Targets, b.target(o, &targets[i], covers))
	}
	b.signed(o, &v)
	if v.Phase != "ended" {
		for _, r := range covers {
			b.about(r)
		}
	}
	b.out.Agreed = append(b.out.Agreed, v)
}

// signed lists the signatures, and whether the reader may add his.
func (b *counterpart) signed(o *model.Object, v *AgreedView) {
	v.Signed, v.Version = []SignedView{}, o.Version
	lang := string(b.w.Lang)
	given := false
	for _, s := range signaturesOf(o) {
		by := s.Name
		if !s.By.IsZero() {
			by = b.w.Value(s.By)
		}
		given = given || s.Form == visa && s.By.String() == b.actor.Person()
		v.Signed = append(v.Signed, SignedView{choiceOf(o.Kind.Slug, "party", s.Party).In(lang), by, s.On, choiceOf(o.Kind.Slug, "form", s.Form).In(lang), s.Scan})
	}
	if may := b.a.visaParties(b.actor, b.s.Snap, o); len(may) > 0 && !given && v.Phase != "ended" {
		v.MaySign = may[0]
	}
}

// about notes the services that something covered is, or directly carries.
func (b *counterpart) about(r model.Ref) {
	if r.Kind == "service" {
		b.services[r] = true
		return
	}
	h, ok := b.s.Snap.Find(r)
	if !ok {
		return
	}
	for _, in := range b.s.Snap.In(h) {
		if from := b.s.Snap.Ref(in.From); from.Kind == "service" && in.Field.Structure {
			b.services[from] = true
		}
	}
}

func (b *counterpart) target(o *model.Object, t *model.Target, covers []model.Ref) AgreedTarget {
	v := AgreedTarget{Label: b.w.Value(t.Metric), Promised: PromisedValue(b.w, *t)}
	if t.Priority != "" {
		v.Label += " " + t.Priority
	}
	var last *model.CaseFigures
	for _, r := range append([]model.Ref{{}}, covers...) {
		if f := latestFigures(b.s.Snap, o.Ref(), t.Name, r); f != nil && (last == nil || f.Until > last.Until) {
			last = f
		}
	}
	if last == nil {
		return v
	}
	switch {
	case last.Attained != nil:
		v.Measured = b.w.Value(*last.Attained)
	case last.Value != nil:
		v.Measured = b.w.Value(*last.Value)
	}
	v.Period, v.Missed = b.w.Date(last.From)+" – "+b.w.Date(last.Until), t.Missed(last)
	return v
}

// reviews lists the reviews with the party, the latest first, and what they ask
// of it: open actions about the party or its contracts, or that its people own.
func (b *counterpart) reviews() {
	about := func(list []model.Ref) bool {
		return slices.ContainsFunc(list, func(r model.Ref) bool { return b.parties[r] || b.own[r] })
	}
	asked := map[model.Ref]bool{}
	for _, h := range b.s.Snap.OfKind("review") {
		o := b.s.Snap.Object(h)
		x := o.Spec.(*model.Review)
		if !about(x.About) || !b.a.Visible(b.actor, b.s.Snap, o) {
			continue
		}
		b.out.Reviews = append(b.out.Reviews, ReviewView{Name(b.s.Snap, o.Ref()), x.Date.String(), x.Planned.String(), b.w.Value(x.Minutes)})
		for _, r := range x.Actions {
			act := b.s.Snap.Get(r)
			if act == nil || asked[r] {
				continue
			}
			spec := act.Spec.(*model.Action)
			if !spec.Done.IsZero() || !about(spec.About) && !b.employs(act.Metadata.Owner) {
				continue
			}
			asked[r] = true
			b.out.Asked = append(b.out.Asked, AskedAction{Name(b.s.Snap, r).Title, spec.Due.String(), !spec.Due.IsZero() && spec.Due < b.s.On, Name(b.s.Snap, o.Ref())})
		}
	}
	day := func(v ReviewView) string { return max(v.Held, v.Planned) }
	slices.SortStableFunc(b.out.Reviews, func(x, y ReviewView) int { return strings.Compare(day(y), day(x)) })
	slices.SortStableFunc(b.out.Asked, func(x, y AskedAction) int { return strings.Compare(x.Due, y.Due) })
}

// employs tells that a person works for the party.
func (b *counterpart) employs(r model.Ref) bool {
	o := b.s.Snap.Get(r)
	if o == nil {
		return false
	}
	p, ok := o.Spec.(*model.Person)
	return ok && b.parties[p.Employer]
}

// servicesOf names the services that the agreements and contracts are about.
func (b *counterpart) servicesOf(ctx context.Context) error {
	cards, err := b.a.Catalogue(ctx, b.actor, View{})
	if err != nil {
		return err
	}
	listed := map[string]bool{}
	for _, c := range cards {
		listed[c.Ref.Name] = true
	}
	for _, h := range b.s.Snap.OfKind("service") {
		o := b.s.Snap.Object(h)
		if b.services[o.Ref()] {
			b.out.Services = append(b.out.Services, CounterpartService{Name(b.s.Snap, o.Ref()), LifecycleOf(o.Spec.(*model.Service), b.s.On), listed[o.Metadata.Name]})
		}
	}
	return nil
}
