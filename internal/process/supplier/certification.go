package supplier

import (
	"slices"
	"strings"
	"unicode"

	"diapason/internal/engine/reliance"
	"diapason/internal/finding"
	"diapason/internal/model"
)

// SUP-009: a certification that a service or data requires is missing at somebody
// outside who hosts or runs it, is expired, or does not cover what is used.
var certificationMissing = finding.Rule{
	ID: "SUP-009", Process: finding.Supplier, Kinds: []string{"service", "data-asset"}, Reach: finding.Closure, Severity: finding.Error,
	Check: func(f *finding.Facts, h model.Handle, emit func(finding.Finding)) {
		var schemes []string
		a := use(f)
		var hosts []host
		switch spec := f.Snap.Object(h).Spec.(type) {
		case *model.Service:
			if len(spec.Certifications) == 0 || spec.Stage == model.StageRetired {
				return
			}
			schemes, hosts = spec.Certifications, a.hosts([]model.Handle{h})
		case *model.DataAsset:
			if len(spec.Certifications) == 0 {
				return
			}
			schemes, hosts = spec.Certifications, a.hosts(a.keepers(h, spec))
		}
		for i, scheme := range schemes {
			if !slices.Contains(schemes[:i], scheme) {
				a.certify(h, scheme, hosts, emit)
			}
		}
	},
}

// host is something outside that hosts or runs a service or data.
type host struct {
	node     model.Handle
	supplier model.Ref // zero where none is named
	site     model.Ref
}

// by is whom a finding names: the supplier, else the thing itself.
func (x host) by(f *finding.Facts) model.Ref {
	if !x.supplier.IsZero() {
		return x.supplier
	}
	return f.Snap.Ref(x.node)
}

// hosts finds what is outside behind some nodes, alternatives included; what lies
// behind somebody outside is his matter, and energy and networks host nothing.
// Each node is visited once.
func (a *Analysis) hosts(roots []model.Handle) []host {
	var out []host
	seen := map[model.Handle]bool{}
	queue := slices.Clone(roots)
	var each func([]reliance.Need)
	each = func(list []reliance.Need) {
		for _, x := range list {
			if len(x.Group) > 0 {
				each(x.Group)
				continue
			}
			queue = append(queue, model.Handle(x.Node))
		}
	}
	for len(queue) > 0 {
		h := queue[len(queue)-1]
		queue = queue[:len(queue)-1]
		o := a.f.Snap.Object(h)
		if o == nil || seen[h] {
			continue
		}
		seen[h] = true
		switch spec := o.Spec.(type) {
		case *model.Component:
			if carries(spec.Class) {
				continue
			}
			if _, _, external := outside(o); external {
				out = append(out, host{h, spec.Supplier, spec.Site})
				continue
			}
		case *model.Site:
			if _, _, external := outside(o); external {
				out = append(out, host{h, spec.Supplier, model.Ref{}})
				continue
			}
		case *model.Supplier:
			out = append(out, host{h, o.Ref(), model.Ref{}})
			continue
		case *model.Service:
		default:
			continue // tools and people host nothing
		}
		each(fallGraph{a}.Needs(int32(h)))
	}
	slices.SortFunc(out, func(x, y host) int { return a.f.Snap.Ref(x.node).Compare(a.f.Snap.Ref(y.node)) })
	return out
}

// carries tells that a class of component brings energy or carries data past: it
// neither hosts nor runs anything.
func carries(class string) bool {
	switch class {
	case "power", "cooling", "telecom", "network":
		return true
	}
	return false
}

// keepers are where data lies: components that hold it, and its backups.
func (a *Analysis) keepers(h model.Handle, spec *model.DataAsset) []model.Handle {
	var out []model.Handle
	handles(a.f, h, "component", func(c model.Handle) { out = append(out, c) })
	for _, b := range spec.Backups {
		for _, r := range []model.Ref{b.On, b.Site} {
			if x, ok := a.f.Snap.Find(r); ok {
				out = append(out, x)
			}
		}
	}
	return out
}

// The states of a certification, the worst first.
const (
	certAbsent = iota
	certExpired
	certScope
	certSoon
	certValid
)

// certify judges one scheme at all hosts and tells the worst of each supplier.
func (a *Analysis) certify(h model.Handle, scheme string, hosts []host, emit func(finding.Finding)) {
	type verdict struct {
		state int
		cert  model.Ref
		end   model.Date
		nodes []model.Ref
	}
	found := map[model.Ref]*verdict{}
	var order []model.Ref
	for _, x := range hosts {
		state, cert, end := a.certified(h, scheme, x)
		if state == certValid {
			continue
		}
		by := x.by(a.f)
		v := found[by]
		if v == nil {
			v = &verdict{state: state, cert: cert, end: end}
			found[by] = v
			order = append(order, by)
		}
		if state < v.state {
			v.state, v.cert, v.end = state, cert, end
		}
		v.nodes = append(v.nodes, a.f.Snap.Ref(x.node))
	}
	for _, by := range order {
		v := found[by]
		x := finding.Finding{
			Part: "certifications/" + scheme, Pointer: "/spec/certifications", Causes: []model.Ref{by, v.cert},
			Args:     finding.Args{"scheme": scheme, "by": by, "nodes": v.nodes, "n": len(v.nodes), "certificate": v.cert, "end": v.end, "days": max(a.f.On.DaysUntil(v.end), v.end.DaysUntil(a.f.On))},
			Evidence: []finding.Evidence{{Label: "nodes", Value: v.nodes}},
		}
		switch v.state {
		case certExpired:
			x.Variant = "expired"
		case certScope:
			x.Variant = "scope"
		case certSoon:
			x.Variant, x.Severity = "soon", finding.Warning
		}
		if !v.cert.IsZero() {
			x.Evidence = append(x.Evidence, finding.Evidence{Label: "certificate", Value: v.cert})
		}
		if !v.end.IsZero() {
			x.Evidence = append(x.Evidence, finding.Evidence{Label: "end", Value: v.end})
		}
		emit(x)
	}
}

// certified finds the best certificate of a scheme at a host: held by the thing
// itself, its site or its supplier, valid today, and covering, where it says what
// it covers, the thing, its site, or what requires it.
func (a *Analysis) certified(subject model.Handle, scheme string, x host) (best int, cert model.Ref, end model.Date) {
	covered := []model.Ref{a.f.Snap.Ref(x.node), x.site, a.f.Snap.Ref(subject)}
	for _, h := range a.certificatesOf(a.f.Snap.Ref(x.node), x.site, x.supplier) {
		c := finding.Spec[model.Certification](a.f, h)
		if plainScheme(c.Scheme) != plainScheme(scheme) || c.Issued > a.f.On {
			continue
		}
		state := certValid
		switch {
		case !c.Expires.IsZero() && c.Expires < a.f.On:
			state = certExpired
		case len(c.Covers) > 0 && !slices.ContainsFunc(c.Covers, func(r model.Ref) bool { return slices.Contains(covered, r) }):
			state = certScope
		case !c.Expires.IsZero() && a.f.On.DaysUntil(c.Expires) <= near:
			state = certSoon
		}
		if state > best || state == best && end < c.Expires {
			best, cert, end = state, a.f.Snap.Ref(h), c.Expires
		}
	}
	return best, cert, end
}

// certificatesOf lists the certificates that some holders hold, sorted by name.
func (a *Analysis) certificatesOf(holders ...model.Ref) []model.Handle {
	a.certificatesOnce.Do(func() {
		a.certificates = map[model.Ref][]model.Handle{}
		for _, h := range a.f.Snap.OfKind("certification") {
			holder := finding.Spec[model.Certification](a.f, h).Holder
			a.certificates[holder] = append(a.certificates[holder], h)
		}
	})
	var out []model.Handle
	for i, r := range holders {
		if !r.IsZero() && !slices.Contains(holders[:i], r) {
			out = append(out, a.certificates[r]...)
		}
	}
	return out
}

// plainScheme makes "ISO/IEC 27001:2022" and "iso 27001" one scheme.
func plainScheme(s string) string {
	s, _, _ = strings.Cut(strings.ToUpper(s), ":")
	s = strings.ReplaceAll(s, "/IEC", "")
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return r
		}
		return -1
	}, s)
}
