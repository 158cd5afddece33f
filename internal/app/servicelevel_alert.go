package app

import (
	"context"
	"math"
	"slices"
	"time"

	"diapason/internal/engine/slo"
	"diapason/internal/finding"
	"diapason/internal/identity"
	"diapason/internal/language"
	"diapason/internal/model"
)

// AlertView is an alert of a service level, as it fires or as it was.
type AlertView struct {
	ID        string        `json:"id"`
	State     string        `json:"state" enum:"firing,resolved"`
	Kind      string        `json:"kind" enum:"burn,not-measured" doc:"The error budget is used too fast, or nothing is known of what is measured"`
	Severity  string        `json:"severity" enum:"page,ticket"`
	Agreement Named         `json:"agreement" doc:"Agreement or contract"`
	Customer  *Named        `json:"customer,omitempty"`
	Service   Named         `json:"service" doc:"Service or component"`
	Target    string        `json:"target"`
	Text      string        `json:"text" doc:"What it says, with the forecast, in the reader's language"`
	Since     model.Instant `json:"since"`
	Until     model.Instant `json:"until,omitzero" doc:"When it was over"`
	Checked   model.Instant `json:"checked" doc:"When the figures were computed"`
	// The row of the rule and the burn rates, for a budget; no rate where a promise of
	// 100 % allows nothing, and it is infinite.
	Long      model.Duration `json:"long,omitzero"`
	Short     model.Duration `json:"short,omitzero"`
	Factor    float64        `json:"factor,omitempty"`
	LongRate  float64        `json:"longRate,omitempty"`
	ShortRate float64        `json:"shortRate,omitempty"`
	Outlook   *AlertOutlook  `json:"outlook,omitempty"`
	// Known is the end of the last minute of which anything is known, for what is not
	// measured.
	Known model.Instant `json:"known,omitzero"`
}

// alertsKept is for how long an alert that is over is shown unless more is asked for.
const alertsKept = 24 * time.Hour

// ServiceLevelAlerts lists the alerts of service levels that fire and that the actor may
// read, and those that ended in the last days, the latest first.
func (a *App) ServiceLevelAlerts(ctx context.Context, actor identity.Actor, days int, lang language.Lang) ([]AlertView, error) {
	if err := a.SignedIn(actor); err != nil {
		return nil, err
	}
	since := time.UnixMicro(math.MaxInt64)
	if days > 0 {
		since = a.now().Add(-time.Duration(days) * 24 * time.Hour)
	}
	list, err := a.alertsSince(ctx, since)
	if err != nil {
		return nil, err
	}
	s := a.Head()
	w := WriterFor(s, lang)
	out := []AlertView{}
	for i := range list {
		r := &list[i]
		if !a.mayReadAlert(actor, s, r) {
			continue
		}
		v := AlertView{
			ID: r.ID, State: r.state(), Kind: r.Kind, Severity: r.Severity, Agreement: Name(s, r.Agreement), Service: Name(s, r.Service), Target: r.Target,
			Text: alertText(w, r, r.state()), Since: model.Instant{Time: r.Began}, Until: model.Instant{Time: r.Ended}, Checked: r.Checked,
			Long: r.Long, Short: r.Short, Factor: r.Factor, LongRate: r.LongRate, ShortRate: r.ShortRate, Outlook: r.Outlook, Known: r.Known,
		}
		if !r.Customer.IsZero() {
			v.Customer = new(Name(s, r.Customer))
		}
		out = append(out, v)
	}
	return out, nil
}

// mayReadAlert tells whether somebody may read all that an alert is about.
func (a *App) mayReadAlert(actor identity.Actor, s *model.Snapshot, r *alertRecord) bool {
	for _, ref := range []model.Ref{r.Agreement, r.Service} {
		about := identity.Resource{Kind: ref.Kind, Name: ref.Name} // what it was about may be gone
		if o := s.Get(ref); o != nil {
			about = Resource(s, o)
		}
		if !a.May(actor, identity.ActionReadModel, about) {
			return false
		}
	}
	return true
}

// alertNotices lists the alerts of the services that the actor owns, all of them for the
// service level manager: those that fire, and those that have just ended.
func (a *App) alertNotices(ctx context.Context, s *State, actor identity.Actor, w language.Writer, mine map[model.Ref]bool, managed map[string]bool, was seen) ([]Notice, error) {
	list, err := a.alertsSince(ctx, a.now().Add(-alertsKept))
	if err != nil {
		return nil, err
	}
	out := []Notice{}
	for i := range list {
		r := &list[i]
		if len(out) == noticesShown {
			break
		}
		o := s.Snap.Get(r.Service)
		if !managed["servicelevel"] && (o == nil || !mine[o.Metadata.Owner]) || !a.mayReadAlert(actor, s.Snap, r) {
			continue
		}
		at := r.Began
		if !r.Ended.IsZero() {
			at = r.Ended
		}
		id := "alert/" + r.ID + "/" + r.state()
		out = append(out, Notice{ID: id, Kind: "alert", Text: alertText(w, r, r.state()), Ref: r.Service, Name: Name(s.Snap, r.Service).Title, Date: model.DateOf(at.In(zoneNamed(r.Zone))).String(), Unread: !slices.Contains(was.Alerts, id)})
	}
	return out, nil
}

func zoneNamed(name string) *time.Location {
	if loc, err := time.LoadLocation(name); err == nil {
		return loc
	}
	return time.UTC
}

// alertText says what an alert found and what will become of the promise.
func alertText(w language.Writer, r *alertRecord, event string) string {
	loc := zoneNamed(r.Zone)
	args := finding.Args{
		"service": r.Service, "target": r.Target, "agreement": r.Agreement, "rate": tenths(r.LongRate), "long": r.Long,
		"known": r.Known.In(loc), "since": r.Began.In(loc), "until": r.Ended.In(loc), "gone": r.Gone,
	}
	if event == alertResolved {
		if r.Kind == alertBlind {
			return w.Message("alert.resolved.blind", args)
		}
		return w.Message("alert.resolved.burn", args)
	}
	if r.Kind == alertBlind {
		return w.Message("alert.blind", args)
	}
	if r.LongRate == 0 {
		return w.Message("alert.burn.none", args) + forecastText(w, r.Outlook, r.Checked.Time, loc)
	}
	return w.Message("alert.burn", args) + forecastText(w, r.Outlook, r.Checked.Time, loc)
}

// forecastText says when a promise breaks at the rate that was observed, after a space;
// nothing where nothing is known.
func forecastText(w language.Writer, x *AlertOutlook, at time.Time, loc *time.Location) string {
	if x == nil {
		return ""
	}
	args := finding.Args{"left": x.Left.Std().Abs()}
	switch {
	case x.Broken:
		return " " + w.Message("alert.forecast.broken", args)
	case x.Breaks && x.Breach.Sub(at) < 48*time.Hour: // the hour matters
		args["at"] = x.Breach.In(loc)
		return " " + w.Message("alert.forecast.soon", args)
	case x.Breaks:
		args["date"] = model.DateOf(x.Breach.In(loc))
		return " " + w.Message("alert.forecast.breaks", args)
	}
	return " " + w.Message("alert.forecast.holds", args)
}

// finite is a burn rate as JSON has it: 0 for an infinite one.
func finite(r slo.BurnRate) float64 {
	if v := rate(r); v != nil {
		return *v
	}
	return 0
}

// tenths rounds a burn rate to what people compare: one decimal, none from a hundred on.
func tenths(rate float64) float64 {
	if rate >= 100 {
		return math.Round(rate)
	}
	return math.Round(rate*10) / 10
}
