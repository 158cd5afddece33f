// Package telemetry is the contract between Diapason and the metrics it measures
// service levels from: who answers queries, and what an answer is.
//
// Package embedded holds a Prometheus TSDB and its query engine in this process;
// package remote asks any server that speaks Prometheus' HTTP API; package ingest
// receives samples (Remote Write, OTLP, scraping); package probe asks targets at regular
// intervals. They alone import Prometheus' packages.
//
// A series of answers is no evidence: what a minute was judged to be goes into the
// evidence ledger, together with the name and version of the engine that answered.
package telemetry

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// Engine names who answered a query: its evidence is worth as much as its semantics
// (VictoriaMetrics does not extrapolate increase() as Prometheus does).
type Engine struct {
	Name    string `json:"name"`    // prometheus, thanos, mimir, victoriametrics, …
	Version string `json:"version"` // as it says itself; empty where it does not
	Where   string `json:"where"`   // "embedded", or the address without credentials
}

// Point is one answer: a value at an instant.
type Point struct {
	At    time.Time
	Value float64 // NaN where the expression gives none
}

// Answer is what a range query gave: the points of the one series that the expression
// yields, in order of time. An instant without a point was not answered: unknown, never
// zero.
type Answer struct {
	Engine   Engine
	Points   []Point
	Warnings []string
}

// Querier answers expressions of PromQL.
type Querier interface {
	// Range evaluates an expression at from, from+step, … up to and including to. The
	// expression must yield at most one series: ErrManySeries otherwise. Nothing found
	// is an Answer without points.
	Range(ctx context.Context, expression string, from, to time.Time, step time.Duration) (Answer, error)
	// Engine says who answers; an error where nobody does.
	Engine(ctx context.Context) (Engine, error)
}

// What a Querier may answer with; wrapped, so use errors.Is. Whatever the error, the time
// asked about stays unknown.
var (
	ErrExpression  = errors.New("the expression is not PromQL or cannot be evaluated")
	ErrManySeries  = errors.New("the expression yields more than one series")
	ErrLimit       = errors.New("the query exceeds its limit of time or samples")
	ErrUnavailable = errors.New("the metrics server does not answer")
	ErrNonsense    = errors.New("the metrics server answers what is not its protocol")
)

// Sample is one measured value, to be stored.
type Sample struct {
	Labels map[string]string // with __name__
	At     time.Time
	Value  float64
}

// Appender stores samples that Diapason measures itself.
type Appender interface {
	// Append stores all samples or says which were refused; a refused sample (too old,
	// out of order beyond the window) does not hold up the others.
	Append(ctx context.Context, samples []Sample) (refused int, err error)
}

// The metrics that Diapason writes of itself. A minute in which no heartbeat was written
// is unknown for all that its probes watch: their blindness is nobody's downtime.
const (
	MetricProbeSuccess   = "probe_success"          // 0 or 1, as blackbox_exporter; labels source, service
	MetricProbeDuration  = "probe_duration_seconds" // as blackbox_exporter
	MetricProbeHeartbeat = "diapason_probe_heartbeat"

	LabelSource  = "source"  // name of the measurement source
	LabelService = "service" // what it measures: the name of a service or component
)

// CheckRange refuses what no range query can be asked for: an end before its start, a
// step that is not a positive number of milliseconds (the finest instant of Prometheus).
func CheckRange(from, to time.Time, step time.Duration) error {
	switch {
	case to.Before(from):
		return fmt.Errorf("the range ends at %s, before it starts at %s", to.Format(time.RFC3339), from.Format(time.RFC3339))
	case step <= 0 || step%time.Millisecond != 0:
		return fmt.Errorf("a step of %s is not a positive number of milliseconds", step)
	}
	return nil
}
