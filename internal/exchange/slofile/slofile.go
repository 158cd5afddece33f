// Package slofile is what files of service level objectives say, whatever tool they
// were written for: Sloth, Pyrra or OpenSLO. Readers make it, and from it come
// Prometheus rules (package promrules) and objects of the model (Model).
package slofile

import (
	"time"

	"diapason/internal/exchange/intake"
)

// Format is the sort of file that an objective was written in.
type Format string

// The formats that are read, each by the name its own files give it.
const (
	Sloth        Format = "prometheus/v1"
	SlothObject  Format = "sloth.slok.dev/v1"
	Pyrra        Format = "pyrra.dev/v1alpha1"
	OpenSLO      Format = "openslo/v1"
	OpenSLOAlpha Format = "openslo/v1alpha"
)

// Percentage is a share between 0 and 100, as files write objectives. It keeps the
// floating-point value that the tools calculate with, so that what is written from
// it is equal to the last digit to what they write.
type Percentage float64

// Ratio gives 0.999 for 99.9.
func (p Percentage) Ratio() float64 { return float64(p) / 100 }

// Objective is one service level objective.
type Objective struct {
	intake.Place
	Format      Format
	Group       string // name of the document it stands in, where one holds several
	Service     string
	Name        string
	Title       string
	Description string
	Target      Percentage
	Period      time.Duration // 0 where the file states none
	Calendar    *Calendar     // of a period that follows the calendar
	Indicator   Indicator
	Method      Method
	Slice       time.Duration // 0 where no slice is stated
	SliceTarget *Percentage
	Labels      map[string]string // of the rules
	Annotations map[string]string // of the alerts
	Page        Alert
	Ticket      Alert
	Absent      Alert
	Severities  map[Severity]string // in place of the usual ones
	Burns       []Burn
}

// ID is the name that the objective has among all: its service and its own name.
func (o *Objective) ID() string { return o.Service + "-" + o.Name }

// Calendar is a period that follows the calendar: so many units from a start, in an
// IANA zone.
type Calendar struct {
	Count int
	Unit  Unit
	Start string // local date and time, "2022-01-01 12:00:00"
	Zone  string // IANA name, such as Europe/Paris
}

// Unit is the unit of a calendar period.
type Unit string

// The units of calendar periods.
const (
	Day     Unit = "day"
	Week    Unit = "week"
	Month   Unit = "month"
	Quarter Unit = "quarter"
	Year    Unit = "year"
)

// Method is how the error budget is counted, as OpenSLO names it.
type Method string

// The budgeting methods of OpenSLO.
const (
	Occurrences     Method = "Occurrences"
	Timeslices      Method = "Timeslices"
	RatioTimeslices Method = "RatioTimeslices"
)

// Alert is what an alert carries beside its expression.
type Alert struct {
	Disabled    bool
	Name        string
	Labels      map[string]string
	Annotations map[string]string
}

// Severity names an alert of Pyrra, whose severity label a file may choose.
type Severity string

// The alerts of Pyrra, from the fastest burn to the slowest, and that on a metric
// that has gone.
const (
	FastBurn     Severity = "fastBurn"
	MediumBurn   Severity = "mediumBurn"
	SlowBurn     Severity = "slowBurn"
	LongTermBurn Severity = "longTermBurn"
	MetricGone   Severity = "absent"
)

// Burn is an alert on a burn rate that a file states itself.
type Burn struct {
	Name     string
	Severity string
	Factor   float64
	Long     time.Duration // window looked back on
	Short    time.Duration // the shorter one, 0 for none
	After    time.Duration // how long it must last
}

// Indicator says how the objective is measured: exactly one part is set.
type Indicator struct {
	Name      string // its own name, where the file gives one
	Events    *Events
	Raw       *Raw
	Ratio     *Ratio
	Latency   *Latency
	Native    *NativeLatency
	Bool      *BoolGauge
	Threshold *Threshold
	Plugin    string // name of code outside the file, which is not read
	Source    Source
}

// Source is where the figures come from.
type Source struct {
	Name string // of the data source, "" for none named
	Type string // such as Prometheus or Datadog, as written
	URL  string
}

// Window stands in PromQL for the window that a rule looks back on.
const Window = "{{.window}}"

// Events are counts: all events, and the good or the bad among them. Queries hold
// Window where they have a range.
type Events struct {
	Good, Bad, Total string
	// Counter tells, of OpenSLO, that the queries count without end.
	Counter bool
}

// Raw is a share given by one query: of errors, or of successes where Success is set.
type Raw struct {
	Query   string
	Success bool
}

// Ratio is the errors among all, as metric selectors of counters.
type Ratio struct {
	Errors, Total string
	Grouping      []string
}

// Latency is the requests within a bound among all, as metric selectors of a
// classic histogram.
type Latency struct {
	Within, Total string // bucket and count
	Grouping      []string
}

// NativeLatency is the requests within a bound among all of a native histogram.
type NativeLatency struct {
	Total    string
	Bound    time.Duration
	Grouping []string
}

// BoolGauge is a gauge of 0 and 1.
type BoolGauge struct {
	Metric   string
	Grouping []string
}

// Threshold is good while the answer of a query compares so with a value.
type Threshold struct {
	Query      string
	Comparison Comparison
	Value      float64
}

// Comparison is how a value is held against a threshold, as OpenSLO writes it.
type Comparison string

// The comparisons of OpenSLO.
const (
	AtLeast  Comparison = "gte"
	MoreThan Comparison = "gt"
	AtMost   Comparison = "lte"
	LessThan Comparison = "lt"
)

// Sign is the comparison in PromQL; "" for none.
func (c Comparison) Sign() string {
	switch c {
	case AtLeast:
		return ">="
	case MoreThan:
		return ">"
	case AtMost:
		return "<="
	case LessThan:
		return "<"
	}
	return ""
}
