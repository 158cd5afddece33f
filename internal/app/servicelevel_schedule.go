package app

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"

	"diapason/internal/finding"
	"diapason/internal/identity"
	"diapason/internal/language"
	"diapason/internal/model"
	"diapason/internal/process/servicelevel"
	"diapason/internal/report"
)

// Schedule says which report is made by itself, when, of what, for whom.
type Schedule struct {
	ID    string `json:"id,omitempty"`
	Title string `json:"title,omitempty" maxLength:"200"`
	// Of is an agreement or contract (its statement), a customer (the pack of his
	// agreements), "pack" (of all) or "sheet".
	Of    string `json:"of" doc:"agreement/NAME, contract/NAME, customer/NAME, pack or sheet"`
	Every string `json:"every" enum:"week,month,quarter,year"`
	// Day of the month in which it is made, or of the week from Monday; a day that a month
	// does not have is its last.
	Day int             `json:"day" minimum:"1" maximum:"31"`
	At  model.ClockTime `json:"at" doc:"Wall-clock time in the zone of what it is of"`
	// Covers says of which period: the last that is over, or the one under way.
	Covers string `json:"covers" enum:"over,running"`
	// Seal has the statements of the period sealed before the report is made.
	Seal     bool     `json:"seal,omitempty"`
	Language string   `json:"language" enum:"en,fr"`
	View     string   `json:"view,omitempty" enum:"internal,customer,supplier" doc:"Of a statement; the internal one where absent"`
	Format   string   `json:"format" enum:"pdf,html,xlsx,json"`
	To       []string `json:"to,omitempty" doc:"person/NAME, team/NAME, e-mail addresses, or channel/NAME"`
	Paused   bool     `json:"paused,omitempty"`
	// Author is whose rights count when it is made.
	Author string `json:"author,omitempty" readOnly:"true"`
}

// ScheduleView is a schedule with how it stands.
type ScheduleView struct {
	Schedule
	OfTitle model.Text    `json:"ofTitle"`
	When    string        `json:"when" doc:"When it is made, in words"`
	Zone    string        `json:"zone" doc:"IANA zone of its times"`
	Next    model.Instant `json:"next,omitzero"`
	Last    *ReportRun    `json:"last,omitempty"`
	ByName  string        `json:"authorName,omitempty"`
	MayEdit bool          `json:"mayEdit"`
}

// ReportRun is a report that was made, or could not be made.
type ReportRun struct {
	ID       string        `json:"id"`
	Schedule string        `json:"schedule"`
	Title    string        `json:"title"`
	Period   string        `json:"period"`
	Due      model.Instant `json:"due"`
	State    string        `json:"state" enum:"waiting,running,done,failed"`
	At       model.Instant `json:"at,omitzero" doc:"When it was made or last tried"`
	Attempts int           `json:"attempts"`
	Problem  string        `json:"problem,omitempty" doc:"What went wrong"`
	Name     string        `json:"name,omitempty" doc:"Of the file"`
	Sent     []string      `json:"sent,omitempty" doc:"To whom it was sent"`
	Sealed   bool          `json:"sealed,omitempty" doc:"All of it is sealed"`
}

// Schedules are the scheduled reports and those that were made.
type Schedules struct {
	Items    []ScheduleView `json:"items"`
	Runs     []ReportRun    `json:"runs" doc:"The latest first"`
	Channels []string       `json:"channels" doc:"Channels that reports can be sent through"`
	MayEdit  bool           `json:"mayEdit"`
}

// runsShown is how many runs are listed.
const runsShown = 100

// Schedules lists the scheduled reports that the actor may read, and what became of them.
func (a *App) Schedules(ctx context.Context, actor identity.Actor, lang language.Lang) (*Schedules, error) {
	if err := a.SignedIn(actor); err != nil {
		return nil, err
	}
	if err := a.Authorize(actor, identity.ActionReadFindings, identity.Resource{Kind: "organisation"}); err != nil {
		return nil, err
	}
	list, err := a.storedSchedules(ctx)
	if err != nil {
		return nil, err
	}
	runs, err := a.storedRuns(ctx, "", runsShown)
	if err != nil {
		return nil, err
	}
	w := WriterFor(a.Head(), lang)
	out := &Schedules{Items: []ScheduleView{}, Runs: []ReportRun{}, Channels: []string{}, MayEdit: a.May(actor, identity.ActionChangeCommit, identity.Resource{Kind: "agreement"})}
	may := map[string]bool{}
	for _, s := range list {
		if !a.readsScheduled(actor, &s.Schedule) {
			continue
		}
		may[s.ID] = true
		v := ScheduleView{Schedule: s.Schedule, OfTitle: a.scheduledTitle(&s.Schedule), When: whenText(w, &s.Schedule), Zone: a.scheduleZone(&s.Schedule).String(), ByName: a.ActorName(ctx, s.Author), MayEdit: a.maySchedule(actor, &s.Schedule) == nil}
		if s.next > 0 {
			v.Next = model.Instant{Time: time.UnixMicro(s.next).UTC()}
		}
		if i := slices.IndexFunc(runs, func(r storedRun) bool { return r.Schedule == s.ID }); i >= 0 {
			run := runs[i].view(w)
			v.Last = &run
		}
		out.Items = append(out.Items, v)
	}
	slices.SortStableFunc(out.Items, func(x, y ScheduleView) int { return cmp.Compare(x.Title, y.Title) })
	for i := range runs {
		if may[runs[i].Schedule] || actor.ID() == identity.ByOperator {
			out.Runs = append(out.Runs, runs[i].view(w))
		}
	}
	if a.channels != nil {
		for i := range a.channels.List {
			if a.channels.List[i].Sender != nil {
				out.Channels = append(out.Channels, a.channels.List[i].Name)
			}
		}
	}
	return out, nil
}

// scheduleRef is what a schedule is of, none for "pack" and "sheet".
func scheduleRef(s *Schedule) model.Ref {
	if s.Of == "pack" || s.Of == "sheet" {
		return model.Ref{}
	}
	ref, _ := model.ParseRef(s.Of)
	return ref
}

func (a *App) scheduledTitle(s *Schedule) model.Text {
	if ref := scheduleRef(s); !ref.IsZero() {
		return Name(a.Head(), ref).Title
	}
	say := func(l language.Lang) string { return language.Writer{Lang: l}.Message("schedule.of."+s.Of, nil) }
	return model.T(say(language.EN), say(language.FR))
}

func (a *App) readsScheduled(actor identity.Actor, s *Schedule) bool {
	ref := scheduleRef(s)
	if ref.IsZero() {
		return true
	}
	o := a.Head().Get(ref)
	return o == nil || a.Visible(actor, a.Head(), o)
}

// maySchedule tells whether somebody may schedule a report: whoever may change what it is
// of; for packs and the sheet, agreements.
func (a *App) maySchedule(actor identity.Actor, s *Schedule) error {
	r := identity.Resource{Kind: "agreement"}
	if ref := scheduleRef(s); ref.Kind == "agreement" || ref.Kind == "contract" {
		o := a.Head().Get(ref)
		if o == nil {
			return notFound(s.Of)
		}
		r = Resource(a.Head(), o)
	}
	return a.Authorize(actor, identity.ActionChangeCommit, r)
}

// scheduleZone is the zone in which a schedule's times are: that of the agreement, else of
// the organisation.
func (a *App) scheduleZone(s *Schedule) *time.Location {
	f := finding.NewFacts(a.Head(), a.Today(), func(*finding.Facts) []any { return nil })
	h := model.Missing
	if ref := scheduleRef(s); ref.Kind == "agreement" || ref.Kind == "contract" {
		if found, ok := a.Head().Find(ref); ok && a.Head().Object(found) != nil {
			h = found
		}
	}
	if h == model.Missing {
		return zoneOfOrganisation(f)
	}
	return servicelevel.ZoneOf(f, h)
}

// SetSchedule keeps a schedule: a new one where it has no identifier.
func (a *App) SetSchedule(ctx context.Context, actor identity.Actor, s Schedule) (string, error) {
	if err := a.checkSchedule(&s); err != nil {
		return "", err
	}
	if err := a.maySchedule(actor, &s); err != nil {
		return "", err
	}
	if s.ID == "" {
		s.ID = freshID()
	} else {
		was, err := a.storedSchedule(ctx, s.ID)
		if err != nil {
			return "", err
		}
		if err := a.maySchedule(actor, &was.Schedule); err != nil {
			return "", err
		}
	}
	s.Author, s.Title = actor.ID(), strings.TrimSpace(s.Title)
	if s.Title == "" {
		s.Title = a.scheduledTitle(&s).In(s.Language)
	}
	next := int64(0)
	if !s.Paused {
		next = s.next(a.instant(a.now()), a.scheduleZone(&s)).UnixMicro()
	}
	return s.ID, a.keepSchedule(ctx, storedSchedule{s, next})
}

// checkSchedule refuses what could never be made.
func (a *App) checkSchedule(s *Schedule) error {
	one := func(pointer, value string, known ...string) error {
		if slices.Contains(known, value) {
			return nil
		}
		return refused(pointer, &model.Fault{Format: "%q is not known here: write one of %s", Args: []any{value, strings.Join(known, ", ")}})
	}
	for _, err := range []error{
		one("/every", s.Every, "week", "month", "quarter", "year"), one("/covers", s.Covers, "over", "running"),
		one("/language", s.Language, "en", "fr"), one("/format", s.Format, string(report.PDF), string(report.HTML), string(report.XLSX), "json"),
	} {
		if err != nil {
			return err
		}
	}
	if most := map[bool]int{true: 7, false: 31}[s.Every == "week"]; s.Day < 1 || s.Day > most {
		return refused("/day", &model.Fault{Format: "day %d is none: write 1 to %d", Args: []any{s.Day, most}})
	}
	ref := scheduleRef(s)
	if s.Of != "pack" && s.Of != "sheet" {
		if !slices.Contains([]string{"agreement", "contract", "customer"}, ref.Kind) || a.Head().Get(ref) == nil {
			return refused("/of", &model.Fault{Format: "%q cannot be reported on: write agreement/NAME, contract/NAME, customer/NAME, pack or sheet", Args: []any{s.Of}})
		}
	}
	if s.View != "" && s.View != string(servicelevel.ViewInternal) && s.View != string(servicelevel.Outward(ref.Kind)) || s.View != "" && s.View != string(servicelevel.ViewInternal) && ref.Kind != "agreement" && ref.Kind != "contract" {
		return refused("/view", &model.Fault{Format: "there is no %s view of %s", Args: []any{s.View, s.Of}})
	}
	if s.Seal && s.Covers == "running" && (ref.Kind != "agreement" && ref.Kind != "contract") {
		return refused("/seal", &model.Fault{Format: "only statements of one agreement or contract are sealed before their period is over"})
	}
	for _, to := range s.To {
		ref, err := model.ParseRef(to)
		person := err == nil && (ref.Kind == "person" || ref.Kind == "team") && a.Head().Get(ref) != nil
		channel, named := strings.CutPrefix(to, "channel/")
		if !person && addressOf(to) == "" && !(named && channel != "") {
			return refused("/to", &model.Fault{Format: "%q receives nothing: write person/NAME, team/NAME, an e-mail address or channel/NAME", Args: []any{to}})
		}
	}
	return nil
}

// DeleteSchedule stops a schedule for good; what it made stays.
func (a *App) DeleteSchedule(ctx context.Context, actor identity.Actor, id string) error {
	s, err := a.storedSchedule(ctx, id)
	if err != nil {
		return err
	}
	if err := a.maySchedule(actor, &s.Schedule); err != nil {
		return err
	}
	return a.dropSchedule(ctx, id)
}

// RunSchedule has a report made now, of the period that it would cover now; the server
// makes it within moments.
func (a *App) RunSchedule(ctx context.Context, actor identity.Actor, id string) (string, error) {
	s, err := a.storedSchedule(ctx, id)
	if err != nil {
		return "", err
	}
	if err := a.maySchedule(actor, &s.Schedule); err != nil {
		return "", err
	}
	now := a.instant(a.now())
	run := storedRun{ReportRun: ReportRun{ID: s.ID + "@now-" + freshID(), Schedule: s.ID, Title: s.Title, Period: s.period(now, a.scheduleZone(&s.Schedule)), Due: model.Instant{Time: a.now().UTC()}, State: runWaiting}, retry: a.now().UnixMicro()}
	return run.ID, a.keepRuns(ctx, nil, run)
}

// ScheduledReport opens a report that was made.
func (a *App) ScheduledReport(ctx context.Context, actor identity.Actor, run string) (name, media string, content []byte, err error) {
	if err := a.Authorize(actor, identity.ActionReadFindings, identity.Resource{Kind: "organisation"}); err != nil {
		return "", "", nil, err
	}
	r, err := a.storedRun(ctx, run)
	if err != nil {
		return "", "", nil, err
	}
	if s, err := a.storedSchedule(ctx, r.Schedule); err == nil && !a.readsScheduled(actor, &s.Schedule) {
		return "", "", nil, notFound(run)
	}
	if r.SHA256 == "" {
		return "", "", nil, notFound(run)
	}
	content, err = a.blob(ctx, r.SHA256)
	return r.Name, r.Media, content, err
}
