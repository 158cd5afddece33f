package availability

import (
	"diapason/internal/finding"
	"diapason/internal/model"
)

// promiser knows the strictest availability promised for a service.
type promiser interface {
	Promised(service model.Handle) (a model.Availability, agreement model.Ref, target string, ok bool)
}

// promise is the strictest availability promised for a service.
type promise struct {
	availability model.Availability
	agreement    model.Ref
	target       string
}

func promised(f *finding.Facts, service model.Handle) (promise, bool) {
	p, ok := finding.Use[promiser](f)
	if !ok {
		return promise{}, false
	}
	a, agreement, target, ok := p.Promised(service)
	return promise{a, agreement, target}, ok
}

// breaks reports that a promise fails for certain and that one single point of
// failure with unavailability q is to blame: it would be kept without its
// failures, or they alone are too many.
func (fig *figure) breaks(p promise, q float64) bool {
	allowed := p.availability.Unavailability()
	return fig.low > allowed && (q > allowed || without(fig.high, q) <= allowed)
}

// hit is a service that a single point of failure stops.
type hit struct {
	service model.Handle
	promise promise
	broken  bool // the promise fails because of it
	weighty bool // of criticality high or critical
}

// note is what rules ask of a service again and again.
type note struct {
	promise  promise
	promised bool
	weighty  bool
}

// hits judges what a cause does to delivered services, those it stops for certain.
func (a *Analysis) hits(cause model.Handle, services []model.Handle) []hit {
	figures := a.all()
	q := a.unavailabilityOf(cause)
	out := make([]hit, len(services))
	for i, s := range services {
		n := a.noteOf(s)
		out[i] = hit{service: s, promise: n.promise, weighty: n.weighty, broken: n.promised && figures.At(int32(s)).breaks(n.promise, q)}
	}
	return out
}

// gravity is the severity that hits give: an error where a promise fails because
// of the cause, a warning where a service of high criticality is hit.
func gravity(list []hit) finding.Severity {
	s := finding.Info
	for _, h := range list {
		if h.broken {
			return finding.Error
		}
		if h.weighty {
			s = finding.Warning
		}
	}
	return s
}

func (a *Analysis) refs(list []model.Handle) []model.Ref {
	out := make([]model.Ref, len(list))
	for i, h := range list {
		out[i] = a.f.Snap.Ref(h)
	}
	return out
}

// worst chooses the hit to speak of first: a broken promise, the strictest one.
func worst(list []hit) (hit, bool) {
	var out hit
	found := false
	for _, h := range list {
		if h.broken && (!found || out.promise.availability.Less(h.promise.availability)) {
			out, found = h, true
		}
	}
	return out, found
}
