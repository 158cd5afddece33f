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
// outside who hosts or runs it, is expired, or does not cover what is used. It is
// told at the certificate, else at who should hold one, once for all that rests on
// it.
var certificationMissing = finding.Rule{
	ID: "SUP-009", Process: finding.Supplier, Kinds: []string{"certification", "supplier", "component", "site"}, Reach: finding.Near, Severity: finding.Error,
	Check: func(f *finding.Facts, h model.Handle, emit func(finding.Finding)) {
		list := use(f).uncertified.Of(h)
		for len(list) > 0 {
			var same, rest []finding.Share[uncertified]
			for _, x := range list {
				if x.Value.part() == list[0].Value.part() {
					same = append(same, x)
				} else {
					rest = append(rest, x)
				}
			}
			emit(tellUncertified(f, same))
			list = rest
		}
	},
	Beyond: func(before, now *finding.Facts, _, _ []model.Handle, visit func(model.Handle)) {
		use(now).uncertified.Moved(use(before).uncertified, visit)
	},
}

// uncertified is what a service or data lacks behind it: a scheme, at the best
// certificate there is or at somebody who holds none.
type uncertified struct {
	scheme string
	state  int
	by     model.Ref
	cert   model.Ref
	end    model.Date
	nodes  []model.Ref
}

// part tells apart what is to be done about one certificate or one holder.
func (x uncertified) part() string {
	switch x.state {
	case certAbsent:
		return "certifications/" + plainScheme(x.scheme)
	case certScope:
		return "covers"
	}
	return "expires"
}

// lookForCertificates finds what one service or data asset lacks.
func (a *Analysis) lookForCertificates(h model.Handle, add func(model.Handle, uncertified)) {
	var schemes []string
	var hosts []host
	switch spec := a.f.Snap.Object(h).Spec.(type) {
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
			a.certify(h, scheme, hosts, add)
		}
	}
}

// tellUncertified makes the finding of one certificate, or of one who holds none,
// with all that rests on it.
func tellUncertified(f *finding.Facts, list []finding.Share[uncertified]) finding.Finding {
	v := list[0].Value
	var hits, nodes []model.Ref
	for _, x := range list {
		hits = append(hits, f.Snap.Ref(x.Source))
		nodes = append(nodes, x.Value.nodes...)
	}
	hits, nodes = sorted(hits), sorted(nodes)
	x := finding.Finding{
		Part: v.part(), Pointer: "/spec", Hits: hits,
		Args: finding.Args{
			"scheme": v.scheme, "by": v.by, "nodes": nodes, "hits": hits, "n": len(hits), "end": v.end,
			"days": max(f.On.DaysUntil(v.end), v.end.DaysUntil(f.On)),
		},
		Evidence: []finding.Evidence{{Label: "hits", Value: hits}, {Label: "nodes", Value: nodes}},
	}
	if !v.cert.IsZero() {
		x.Causes = []model.Ref{v.by}
	}
	switch v.state {
	case certExpired:
		x.Variant, x.Pointer = "expired", "/spec/expires"
	case certScope:
		x.Variant, x.Pointer = "scope", "/spec/covers"
	case certSoon:
		x.Variant, x.Pointer, x.Severity, x.Ahead = "soon", "/spec/expires", finding.Warning, true
	}
	if !v.end.IsZero() {
		x.Evidence = append(x.Evidence, finding.Evidence{Label: "end", Value: v.end})
	}
	return x
}

func sorted(list []model.Ref) []model.Ref {
	slices.SortFunc(list, model.Ref.Compare)
	return slices.Compact(list)
}

// host is something outside that hosts or runs a service or data.
type host struct {
	node     model.Handle
	supplier model.Ref // zero where none is named
	site     model.Ref
}

// by is whom a finding names: the supplier, else the thing itself.
func (x host) by(f *finding.Facts) model.Ref {
	if f.Snap.Get(x.supplier) != nil {
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
	for _, in := range a.f.Snap.In(h) {
		if in.Field.Name == "data" && a.f.Snap.Ref(in.From).Kind == "component" && a.f.Snap.Object(in.From) != nil {
			out = append(out, in.From)
		}
	}
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

// certify judges one scheme at all hosts and adds the worst of each certificate,
// or of each host without one.
func (a *Analysis) certify(h model.Handle, scheme string, hosts []host, add func(model.Handle, uncertified)) {
	found := map[model.Ref]*uncertified{}
	var order []model.Ref
	for _, x := range hosts {
		state, cert, end := a.certified(h, scheme, x)
		if state == certValid {
			continue
		}
		by := x.by(a.f)
		at := cert
		if state == certAbsent {
			at = by
		}
		v := found[at]
		if v == nil {
			v = &uncertified{scheme: scheme, state: state, by: by, cert: cert, end: end}
			found[at] = v
			order = append(order, at)
		}
		v.state = min(v.state, state)
		v.nodes = append(v.nodes, a.f.Snap.Ref(x.node))
	}
	for _, at := range order {
		add(handle(a.f, at), *found[at])
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
