// Package sloth reads the files of Sloth: specifications prometheus/v1, Kubernetes
// objects PrometheusServiceLevel (sloth.slok.dev/v1), which say the same in another
// wrapping, and catalogues AlertWindows. The format is described at https://sloth.dev.
package sloth

import (
	"regexp"
	"strings"

	"github.com/prometheus/common/model"

	"diapason/internal/exchange/intake"
	"diapason/internal/exchange/slofile"
	"diapason/internal/exchange/yamlsource"
	"diapason/internal/finding"
)

// Is reports that a document is one of Sloth's.
func Is(doc yamlsource.Node) bool {
	return doc.Get("version").Text() == string(slofile.Sloth) || strings.HasPrefix(doc.Get("apiVersion").Text(), "sloth.slok.dev/")
}

// Read reads the documents of files that are Sloth's. A document that breaks the
// format is told with its place and does not hide the others; one of another format
// is told as well.
func Read(files []intake.File) *slofile.Reading {
	r := &reader{out: &slofile.Reading{}}
	from, _ := slofile.Documents(files, func(doc yamlsource.Node) {
		if !Is(doc) {
			r.out.Note(intake.Unknown, doc.Place(), "document", "sloth.shape", nil)
			return
		}
		r.document(doc)
	})
	r.out.Add(from)
	r.out.Sort()
	return r.out
}

// ReadDocument reads one document that Is accepts.
func ReadDocument(doc yamlsource.Node) *slofile.Reading {
	r := &reader{out: &slofile.Reading{}}
	r.document(doc)
	return r.out
}

type reader struct{ out *slofile.Reading }

// style are the names of keys: specifications write them with underscores, Kubernetes
// objects with capitals.
type style struct {
	errors, total, ratio, page, ticket string
}

var (
	plain  = style{"error_query", "total_query", "error_ratio_query", "page_alert", "ticket_alert"}
	object = style{"errorQuery", "totalQuery", "errorRatioQuery", "pageAlert", "ticketAlert"}
)

func (r *reader) document(doc yamlsource.Node) {
	if doc.Get("version").Text() == string(slofile.Sloth) {
		r.out.Check(doc, "", "version", "service", "labels", "slos")
		r.objectives(doc, doc, slofile.Sloth, plain, "")
		return
	}
	switch kind := doc.Get("kind").Text(); kind {
	case "PrometheusServiceLevel":
		r.out.Check(doc, "", "apiVersion", "kind", "metadata", "spec", "status")
		r.out.Check(doc.Get("spec"), "spec", "service", "labels", "slos")
		r.objectives(doc, doc.Get("spec"), slofile.SlothObject, object, doc.Path("metadata", "name").Text())
	case "AlertWindows":
		r.windows(doc)
	default:
		r.out.Note(intake.Unknown, doc.Get("kind").Place(), "kind", "kind.unknown", finding.Args{"kind": kind})
	}
}

func (r *reader) objectives(doc, spec yamlsource.Node, format slofile.Format, s style, group string) {
	list := spec.Get("slos").Items()
	if len(list) == 0 {
		r.out.Refuse(doc.Place(), "sloth.none", nil)
		return
	}
	service := spec.Get("service").Text()
	if !name(service) {
		r.out.Refuse(or(spec.Get("service"), doc).Place(), "sloth.name", finding.Args{"key": "service", "value": service})
		return
	}
	labels := slofile.Texts(spec.Get("labels"))
	for _, n := range list {
		what := "slos." + n.Get("name").Text()
		o := &slofile.Objective{
			Place: n.Place(), Format: format, Group: group, Service: service, Name: n.Get("name").Text(),
			Description: n.Get("description").Text(), Labels: slofile.Merge(labels, slofile.Texts(n.Get("labels"))), Method: slofile.Occurrences,
		}
		r.out.Check(n, what, "name", "description", "objective", "labels", "sli", "alerting")
		if !name(o.Name) {
			r.out.Refuse(or(n.Get("name"), n).Place(), "sloth.name", finding.Args{"key": "name", "value": o.Name})
			continue
		}
		target, ok := slofile.Number(n.Get("objective"))
		if !ok || target <= 0 || target > 100 {
			r.out.Refuse(or(n.Get("objective"), n).Place(), "sloth.objective", finding.Args{"value": n.Get("objective").Text()})
			continue
		}
		o.Target = slofile.Percentage(target)
		if r.indicator(o, n, s, what) && r.alerting(o, n.Get("alerting"), s, what) {
			r.out.Objectives = append(r.out.Objectives, o)
		}
	}
}

func or(a, b yamlsource.Node) yamlsource.Node {
	if a.Exists() {
		return a
	}
	return b
}

func (r *reader) indicator(o *slofile.Objective, n yamlsource.Node, s style, what string) bool {
	sli := n.Get("sli")
	r.out.Check(sli, what+".sli", "raw", "events", "plugin")
	var set []string
	for _, key := range []string{"raw", "events", "plugin"} {
		if sli.Get(key).IsMap() {
			set = append(set, key)
		}
	}
	if len(set) != 1 {
		r.out.Refuse(or(sli, n).Place(), "sloth.sli", finding.Args{"set": set, "n": len(set)})
		return false
	}
	part := sli.Get(set[0])
	switch set[0] {
	case "plugin":
		r.out.Check(part, what+".sli.plugin", "id", "options")
		o.Indicator.Plugin = part.Get("id").Text()
		return true
	case "raw":
		r.out.Check(part, what+".sli.raw", s.ratio)
		query, ok := r.query(part, s.ratio)
		o.Indicator.Raw = &slofile.Raw{Query: query}
		return ok
	}
	r.out.Check(part, what+".sli.events", s.errors, s.total)
	bad, ok1 := r.query(part, s.errors)
	total, ok2 := r.query(part, s.total)
	if ok1 && ok2 && bad == total {
		r.out.Refuse(part.Place(), "sloth.same", nil)
		return false
	}
	o.Indicator.Events = &slofile.Events{Bad: bad, Total: total}
	return ok1 && ok2
}

var window = regexp.MustCompile(`\{\{\s*\.window\s*\}\}`)

// query reads a query: PromQL once the window stands in place of its variable.
func (r *reader) query(n yamlsource.Node, key string) (string, bool) {
	at, text := or(n.Get(key), n).Place(), n.Get(key).Text()
	if text == "" {
		r.out.Refuse(at, "slo.query.missing", finding.Args{"key": key})
		return "", false
	}
	text = window.ReplaceAllString(text, slofile.Window)
	if problem := slofile.CheckQuery(at, key, text); problem != nil {
		r.out.Invalid = append(r.out.Invalid, *problem)
		return "", false
	}
	return text, true
}

func (r *reader) alerting(o *slofile.Objective, n yamlsource.Node, s style, what string) bool {
	what += ".alerting"
	r.out.Check(n, what, "name", "labels", "annotations", s.page, s.ticket)
	good := true
	one := func(key string) slofile.Alert {
		part := n.Get(key)
		r.out.Check(part, what+"."+key, "disable", "labels", "annotations")
		if part.Get("disable").Text() == "true" {
			return slofile.Alert{Disabled: true}
		}
		a := slofile.Alert{
			Name:        n.Get("name").Text(),
			Labels:      slofile.Merge(slofile.Texts(n.Get("labels")), slofile.Texts(part.Get("labels"))),
			Annotations: slofile.Merge(slofile.Texts(n.Get("annotations")), slofile.Texts(part.Get("annotations"))),
		}
		if a.Name == "" && good {
			good = false
			r.out.Refuse(or(n, part).Place(), "sloth.alert", finding.Args{"slo": o.Name})
		}
		return a
	}
	o.Page, o.Ticket = one(s.page), one(s.ticket)
	o.Absent.Disabled = true
	return good
}

var nameForm = regexp.MustCompile(`^[A-Za-z0-9][-A-Za-z0-9_.]*[A-Za-z0-9]$`)

// name says whether a name is one for Sloth: letters, digits, '-', '_', '.', with a
// letter or digit at both ends.
func name(s string) bool { return nameForm.MatchString(s) }

func (r *reader) windows(doc yamlsource.Node) {
	spec := doc.Get("spec")
	r.out.Check(doc, "", "apiVersion", "kind", "metadata", "spec")
	r.out.Check(spec, "spec", "sloPeriod", "page", "ticket")
	good := true
	length := func(n yamlsource.Node, key string) model.Duration {
		d, err := model.ParseDuration(n.Get(key).Text())
		if err != nil || d <= 0 {
			good = false
			r.out.Refuse(or(n.Get(key), or(n, doc)).Place(), "slo.duration", finding.Args{"key": key, "value": n.Get(key).Text()})
		}
		return d
	}
	one := func(severity, speed string) slofile.BurnWindow {
		n := spec.Path(severity, speed)
		r.out.Check(n, "spec."+severity+"."+speed, "errorBudgetPercent", "shortWindow", "longWindow")
		share, ok := slofile.Number(n.Get("errorBudgetPercent"))
		if !ok || share <= 0 {
			good = false
			r.out.Refuse(or(n.Get("errorBudgetPercent"), or(n, doc)).Place(), "sloth.share", finding.Args{"value": n.Get("errorBudgetPercent").Text()})
		}
		return slofile.BurnWindow{Share: slofile.Percentage(share), Short: length(n, "shortWindow"), Long: length(n, "longWindow")}
	}
	w := slofile.Windows{
		Place: doc.Place(), Period: length(spec, "sloPeriod"),
		PageQuick: one("page", "quick"), PageSlow: one("page", "slow"), TicketQuick: one("ticket", "quick"), TicketSlow: one("ticket", "slow"),
	}
	if good {
		r.out.Windows = append(r.out.Windows, w)
	}
}
