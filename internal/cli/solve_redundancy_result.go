package cli

import (
	"math"

	"diapason/internal/engine/redundancy"
	"diapason/internal/exchange/allocation"
)

// redundancyResult is the answer as JSON; docs/solve-redundancy.md documents it.
type redundancyResult struct {
	File          string          `json:"file"`
	Title         string          `json:"title,omitempty"`
	Maximise      string          `json:"maximise,omitempty"`
	Minimise      string          `json:"minimise,omitempty"`
	Target        *float64        `json:"target,omitempty"`
	Feasible      bool            `json:"feasible"`
	Exact         bool            `json:"exact"`
	Reliability   float64         `json:"reliability"`
	Unreliability float64         `json:"unreliability"`
	Lower         *float64        `json:"lower,omitempty"` // bounds on the best reliability
	Upper         *float64        `json:"upper,omitempty"`
	Least         *leastView      `json:"least,omitempty"`
	Subsystems    []subsystemView `json:"subsystems"`
	Use           []useView       `json:"use"`
	Pareto        *paretoView     `json:"pareto,omitempty"`
	Visited       int             `json:"visited"`
	Seconds       float64         `json:"seconds"`
	CPUSeconds    float64         `json:"cpu_seconds"`
	PeakBytes     int64           `json:"peak_bytes"`
}

// leastView is the use of the resource that is minimised, with a proven bound.
type leastView struct {
	Resource string  `json:"resource"`
	Used     float64 `json:"used"`
	Lower    float64 `json:"lower"`
}

type subsystemView struct {
	Name          string             `json:"name"`
	Components    []componentView    `json:"components"`
	Reliability   float64            `json:"reliability"`
	Unreliability float64            `json:"unreliability"`
	Use           map[string]float64 `json:"use"`
}

type componentView struct {
	Type  string `json:"type"`
	Count int    `json:"count"`
}

type useView struct {
	Resource string   `json:"resource"`
	Used     float64  `json:"used"`
	Limit    *float64 `json:"limit"`
}

type paretoView struct {
	Resource string           `json:"resource"`
	Complete bool             `json:"complete"`
	Points   []compromiseView `json:"points"`
}

type compromiseView struct {
	Used          float64         `json:"used"`
	Reliability   float64         `json:"reliability"`
	Unreliability float64         `json:"unreliability"`
	Use           []useView       `json:"use"`
	Subsystems    []subsystemView `json:"subsystems"`
}

func newRedundancyResult(doc *allocation.Document, s *redundancy.Solution) *redundancyResult {
	r := &redundancyResult{
		Title: doc.Title, Feasible: true, Exact: s.Exact, Reliability: float64(s.Reliability), Unreliability: float64(s.Unreliability),
		Subsystems: subsystemViews(doc, s), Use: useViews(doc, s), Visited: s.Visited,
	}
	if x := float64(doc.Goal.Target); x > 0 {
		r.Target = &x
	}
	if doc.Goal.Minimise == "" {
		r.Maximise = "reliability"
		lower, upper := r.Reliability, 1-s.Bound
		if s.Exact {
			upper = lower
		}
		r.Lower, r.Upper = &lower, &upper
		return r
	}
	r.Minimise = doc.Goal.Minimise
	for i, res := range doc.Problem.Resources {
		if res.Name == r.Minimise {
			r.Least = &leastView{r.Minimise, float64(s.Uses[i]), s.Bound}
			if s.Exact {
				r.Least.Lower = r.Least.Used
			}
		}
	}
	return r
}

func subsystemViews(doc *allocation.Document, s *redundancy.Solution) []subsystemView {
	out := make([]subsystemView, len(s.Fillings))
	for i, f := range s.Fillings {
		v := subsystemView{Name: f.Subsystem, Components: []componentView{}, Reliability: float64(f.Reliability), Unreliability: float64(f.Unreliability), Use: map[string]float64{}}
		for _, p := range f.Parts {
			v.Components = append(v.Components, componentView{p.Type, p.Count})
		}
		for k, x := range f.Uses {
			v.Use[doc.Problem.Resources[k].Name] = float64(x)
		}
		out[i] = v
	}
	return out
}

func useViews(doc *allocation.Document, s *redundancy.Solution) []useView {
	out := make([]useView, len(s.Uses))
	for i, x := range s.Uses {
		r := &doc.Problem.Resources[i]
		out[i] = useView{Resource: r.Name, Used: float64(x)}
		if limit := float64(r.Limit); !math.IsInf(limit, 1) {
			out[i].Limit = &limit
		}
	}
	return out
}

func (r *redundancyResult) addFront(doc *allocation.Document, resource string, points []redundancy.Point, complete bool) {
	v := &paretoView{Resource: resource, Complete: complete, Points: []compromiseView{}}
	for i := range points {
		s := &points[i].Solution
		v.Points = append(v.Points, compromiseView{float64(points[i].Use), float64(s.Reliability), float64(s.Unreliability), useViews(doc, s), subsystemViews(doc, s)})
		r.Visited += s.Visited
	}
	r.Pareto = v
}
