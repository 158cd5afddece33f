package app

import (
	"slices"
	"strconv"
	"strings"

	"diapason/internal/finding"
	"diapason/internal/language"
	"diapason/internal/model"
	"diapason/internal/process/servicelevel"
)

// Wishes are what a customer wants, as people type it: "99.9 %", "4 h", "1 200 €/mois".
type Wishes struct {
	Service      string       `json:"service" doc:"Name of a service, or offering/name"`
	Customer     string       `json:"customer,omitempty" doc:"Name of the customer"`
	Hours        string       `json:"hours,omitempty" doc:"Agreed service time: name of a calendar, 24x7, or hours such as mon-fri 08:00-18:00 Europe/Paris; those of the service without it"`
	Availability string       `json:"availability,omitempty" doc:"For example 99.9%"`
	Window       string       `json:"window,omitempty" enum:"month,quarter,year,rolling-7d,rolling-28d,rolling-30d,rolling-90d" doc:"A calendar month without it"`
	Respond      []TimeWish   `json:"respond,omitempty" maxItems:"10"`
	Restore      []TimeWish   `json:"restore,omitempty" maxItems:"10"`
	Share        string       `json:"share,omitempty" doc:"Share of cases that keep the times, for example 95%; all without it"`
	RTO          string       `json:"rto,omitempty" doc:"Recovery time, for example 4h"`
	RPO          string       `json:"rpo,omitempty" doc:"Recovery point, for example 1h"`
	Throughput   string       `json:"throughput,omitempty" doc:"At least, for example 200 requests/s"`
	Response     string       `json:"responseTime,omitempty" doc:"Response time at most, for example 2s"`
	Maintenance  bool         `json:"maintenanceExcluded,omitempty" doc:"Announced maintenance is left out"`
	Fee          string       `json:"fee,omitempty" doc:"Monthly fee, for example 3000 EUR"`
	Credits      []CreditWish `json:"credits,omitempty" maxItems:"20" doc:"Credits for an availability missed; those of the agreement with the customer without them"`
}

// TimeWish is a time for cases of a priority.
type TimeWish struct {
	Priority string `json:"priority,omitempty" maxLength:"20"`
	Within   string `json:"within"`
}

// CreditWish is a credit for an attainment between two availabilities.
type CreditWish struct {
	From   string `json:"from"`
	Below  string `json:"below"`
	Credit string `json:"credit"`
}

// wished is what Wishes mean in a model.
type wished struct {
	service  model.Ref
	spec     *model.Agreement
	calendar *model.Object // typed hours that no calendar of the model has, else nil
}

// wishReader reads wishes; the first that cannot be read ends it.
type wishReader struct {
	s   *State
	sl  *servicelevel.Analysis
	err error
}

func (r *wishReader) fail(pointer, format string, args ...any) {
	if r.err == nil {
		r.err = refused(pointer, &model.Fault{Format: format, Args: args})
	}
}

// read reads a value with a unit; the zero value where nothing is written.
func read[T any](r *wishReader, pointer string, t model.Type, text string) (v T, ok bool) {
	if strings.TrimSpace(text) == "" || r.err != nil {
		return v, false
	}
	_, x, err := model.ParseValue(t, text)
	if err != nil {
		f, isFault := err.(*model.Fault)
		if !isFault {
			f = &model.Fault{Format: "%q cannot be read", Args: []any{text}}
		}
		r.err = refused(pointer, f)
		return v, false
	}
	v, ok = x.(T)
	return v, ok
}

func readWishes(s *State, w Wishes) (wished, error) {
	sl, ok := finding.Use[*servicelevel.Analysis](s.Result.Facts)
	if !ok {
		return wished{}, fail(CodeUnavailable, nil)
	}
	r := &wishReader{s: s, sl: sl}
	out := wished{spec: &model.Agreement{Type: "sla", Level: "service", Version: "1"}}
	var offered *model.Offering
	out.service = r.reference("/service", "service", w.Service)
	if r.err != nil {
		return out, r.err
	}
	if out.service.Kind == "offering" {
		offered = finding.SpecOf[model.Offering](s.Result.Facts, out.service)
		out.service = offered.Service
		if s.Snap.Get(out.service) == nil {
			return out, notFound(out.service.String())
		}
	}
	if out.service.Kind != "service" {
		r.fail("/service", "%q is no service", out.service.String())
	}
	out.spec.Services = []model.Ref{out.service}
	if w.Customer != "" {
		out.spec.Customer, out.spec.Level = r.reference("/customer", "customer", w.Customer), "customer"
	}
	if w.Fee != "" {
		if fee, ok := read[model.Money](r, "/fee", model.TypeMoney, w.Fee); ok {
			out.spec.Fee = &fee
		}
	}
	if r.err != nil {
		return out, r.err
	}
	r.hours(&out, w.Hours, offered)
	r.targets(&out, &w)
	return out, r.err
}

// reference finds a full reference, or a bare name of the usual kind.
func (r *wishReader) reference(pointer, kind, text string) model.Ref {
	text = strings.TrimSpace(text)
	ref := model.Ref{Kind: kind, Name: text}
	if full, err := model.ParseRef(text); err == nil && full.Kind != "" {
		ref = full
	}
	if r.s.Snap.Get(ref) == nil {
		r.fail(pointer, "%q is not in the model", ref.String())
	}
	return ref
}

// hours finds the agreed service time: a calendar of the model, hours typed, those of
// the offering, of the agreement with the customer, of the service's sheet.
func (r *wishReader) hours(out *wished, text string, offered *model.Offering) {
	snap := r.s.Snap
	text = strings.TrimSpace(text)
	if text == "" {
		out.spec.Hours = r.usualHours(out, offered)
		return
	}
	if ref := (model.Ref{Kind: "calendar", Name: strings.TrimPrefix(text, "calendar/")}); snap.Get(ref) != nil {
		out.spec.Hours = ref
		return
	}
	zone := snap.Organisation().Zone
	typed, ok := servicelevel.TypedHours(text, zone)
	if !ok {
		r.fail("/hours", "%q is neither a calendar of the model nor hours such as 24x7 or mon-fri 08:00-18:00 Europe/Paris", text)
		return
	}
	if typed.Always {
		for _, h := range snap.OfKind("calendar") {
			if c := snap.Object(h).Spec.(*model.Calendar); c.Always && (c.Holidays == "" || c.Holidays == "none") && len(c.Special) == 0 {
				out.spec.Hours = snap.Ref(h)
				return
			}
		}
	}
	name := slug(text)
	for taken := name; ; taken += "-2" {
		o := &model.Object{Kind: model.KindOf("calendar"), Metadata: model.Metadata{Name: taken, Title: model.Text{All: text}}, Spec: typed}
		known := snap.Get(o.Ref())
		out.spec.Hours = o.Ref()
		if known == nil {
			out.calendar = o
			return
		}
		if model.SameDocument(known, o) {
			return
		}
	}
}

func (r *wishReader) usualHours(out *wished, offered *model.Offering) model.Ref {
	if offered != nil && !offered.Hours.IsZero() {
		return offered.Hours
	}
	h, _ := r.s.Snap.Find(out.service)
	for _, p := range r.sl.Promises(h) {
		if a := finding.SpecOf[model.Agreement](r.s.Result.Facts, p.Agreement); a.Type != "ola" && a.Customer == out.spec.Customer && !a.Hours.IsZero() {
			return a.Hours
		}
	}
	if x := finding.Spec[model.Service](r.s.Result.Facts, h); x != nil && !x.Sheet.Hours.IsZero() {
		return x.Sheet.Hours
	}
	if list := r.sl.PromisedHours(h); len(list) > 0 {
		return list[0]
	}
	return model.Ref{}
}

// windows are those of a target.
var windows = []string{"month", "quarter", "year", "rolling-7d", "rolling-28d", "rolling-30d", "rolling-90d"}

// slug makes a name of words that people typed.
func slug(text string) string {
	var b strings.Builder
	for _, c := range strings.ToLower(text) {
		switch {
		case c >= 'a' && c <= 'z', c >= '0' && c <= '9':
			b.WriteRune(c)
		case b.Len() > 0 && !strings.HasSuffix(b.String(), "-"):
			b.WriteByte('-')
		}
	}
	if s := strings.Trim(b.String(), "-"); s != "" {
		return s[:min(len(s), 60)]
	}
	return "hours"
}

func (r *wishReader) targets(out *wished, w *Wishes) {
	add := func(t model.Target, key string, args finding.Args) {
		t.Title = model.T(language.Writer{Lang: language.EN}.Message("attain.title."+key, args), language.Writer{Lang: language.FR}.Message("attain.title."+key, args))
		r.like(out, &t)
		out.spec.Targets = append(out.spec.Targets, t)
	}
	window := w.Window
	if window == "" {
		window = "month"
	}
	if !slices.Contains(windows, window) {
		r.fail("/window", "%q is no window: choose month, quarter, year, rolling-7d, rolling-28d, rolling-30d or rolling-90d", window)
		return
	}
	var exclusions []string
	if w.Maintenance {
		exclusions = []string{"planned-maintenance"}
	}
	if a, ok := read[model.Availability](r, "/availability", model.TypeAvailability, w.Availability); ok {
		t := model.Target{Name: "availability", Metric: model.MetricAvailability, Availability: &a, Window: window, Calendar: out.spec.Hours, Unknown: "excluded", Exclusions: exclusions}
		t.Credits = r.credits(out, w.Credits)
		add(t, "availability", finding.Args{"value": a.String()})
	}
	share, shared := read[model.Percent](r, "/share", model.TypePercent, w.Share)
	times := func(list []TimeWish, pointer, name, stops string, metric model.Metric) {
		for i, x := range list {
			d, ok := read[model.Duration](r, pointer+"/"+strconv.Itoa(i)+"/within", model.TypeDuration, x.Within)
			if !ok {
				if r.err == nil && x.Within == "" {
					continue
				}
				return
			}
			if d <= 0 {
				r.fail(pointer+"/"+strconv.Itoa(i)+"/within", "%q is no time: write one above zero, such as 4h", x.Within)
				return
			}
			t := model.Target{Name: strings.Trim(name+"-"+slugOrNothing(x.Priority), "-"), Metric: metric, Within: d, Priority: x.Priority, Starts: "reported", Stops: stops, Suspension: "never", Calendar: out.spec.Hours}
			if t.Priority == "" {
				t.Priority = "all"
			}
			if shared && share.Ratio() < 1 {
				t.Percentile, t.Window = &share, window
			}
			if slices.ContainsFunc(out.spec.Targets, func(o model.Target) bool { return o.Name == t.Name }) {
				r.fail(pointer+"/"+strconv.Itoa(i)+"/priority", "%q stands here twice", x.Priority)
				return
			}
			add(t, name, finding.Args{"priority": x.Priority})
		}
	}
	times(w.Respond, "/respond", "respond", "acknowledged", model.MetricRespond)
	times(w.Restore, "/restore", "restore", "restored", model.MetricRestore)
	if d, ok := read[model.Duration](r, "/rto", model.TypeDuration, w.RTO); ok {
		add(model.Target{Name: "recovery-time", Metric: model.MetricRecoveryTime, Within: d}, "rto", nil)
	}
	if d, ok := read[model.Duration](r, "/rpo", model.TypeDuration, w.RPO); ok {
		add(model.Target{Name: "recovery-point", Metric: model.MetricRecoveryPoint, Within: d}, "rpo", nil)
	}
	if q, ok := read[model.Quantity](r, "/throughput", model.TypeQuantity, w.Throughput); ok {
		add(model.Target{Name: "throughput", Metric: model.MetricThroughput, AtLeast: &q, Window: window, Calendar: out.spec.Hours}, "throughput", nil)
	}
	if d, ok := read[model.Duration](r, "/responseTime", model.TypeDuration, w.Response); ok {
		add(model.Target{Name: "response-time", Metric: model.MetricResponseTime, Within: d, Window: window, Calendar: out.spec.Hours}, "response", nil)
	}
}

func slugOrNothing(text string) string {
	if strings.TrimSpace(text) == "" {
		return ""
	}
	return slug(text)
}

// like takes over how the same is measured in an agreement on the service.
func (r *wishReader) like(out *wished, t *model.Target) {
	h, _ := r.s.Snap.Find(out.service)
	for _, p := range r.sl.Promises(h) {
		if p.Target.Metric == t.Metric && !p.Target.MeasuredBy.IsZero() {
			t.MeasuredBy = p.Target.MeasuredBy
			return
		}
	}
}

// credits are those written, else those of the agreement with the customer.
func (r *wishReader) credits(out *wished, list []CreditWish) []model.CreditBand {
	var bands []model.CreditBand
	for i, x := range list {
		at := "/credits/" + strconv.Itoa(i)
		from, a := read[model.Availability](r, at+"/from", model.TypeAvailability, x.From)
		below, b := read[model.Availability](r, at+"/below", model.TypeAvailability, x.Below)
		credit, c := read[model.Percent](r, at+"/credit", model.TypePercent, x.Credit)
		if !a || !b || !c {
			r.fail(at, "a band of credits needs from, below and credit")
			return nil
		}
		bands = append(bands, model.CreditBand{From: from, Below: below, Credit: credit})
	}
	if len(list) > 0 || out.spec.Customer.IsZero() {
		return bands
	}
	h, _ := r.s.Snap.Find(out.service)
	for _, p := range r.sl.Promises(h) {
		a := finding.SpecOf[model.Agreement](r.s.Result.Facts, p.Agreement)
		if a.Type == "ola" || a.Customer != out.spec.Customer || p.Target.Metric != model.MetricAvailability || len(p.Target.Credits) == 0 {
			continue
		}
		if out.spec.Fee == nil {
			out.spec.Fee = a.Fee
		}
		return slices.Clone(p.Target.Credits)
	}
	return nil
}
