package servicelevel

import (
	"slices"

	"diapason/internal/calendars"
	"diapason/internal/finding"
	"diapason/internal/model"
)

func contractEnded(c *model.Contract, on model.Date) bool {
	return calendars.ContractStanding(c, on).Ended()
}

// SLM-012: credit or penalty bands that overlap, leave gaps or are inverted. A
// band holds attainments from From, held, to Below, not held; together the bands
// must tile everything below the target, and a worse attainment never costs less.
var creditBands = finding.Rule{
	ID: "SLM-012", Process: finding.ServiceLevel, Kinds: []string{"agreement", "contract"}, Reach: finding.Near, Severity: finding.Error,
	Check: func(f *finding.Facts, h model.Handle, emit func(finding.Finding)) {
		for i, t := range targetsOf(f, h) {
			if len(t.Credits) == 0 {
				continue
			}
			faults := bandFaults(t.Credits, creditTop(&t))
			if len(faults) == 0 {
				continue
			}
			first := faults[0]
			emit(finding.Finding{
				Part: part(&t, i), Pointer: pointer(i) + "/credits", Variant: first.variant,
				Args: finding.Args{
					"target": name(&t, i), "from": first.from, "to": first.to, "credit": first.credit, "better": first.better,
					"more": len(faults) - 1, "others": len(faults) > 1,
				},
				Evidence: bandEvidence(&t),
			})
		}
	},
}

// creditTop is the attainment from which nothing is due, nil where the target
// does not state one.
func creditTop(t *model.Target) *model.Availability {
	if t.Metric == model.MetricAvailability {
		return t.Availability
	}
	if t.Percentile != nil {
		top := model.AvailabilityOf(1 - t.Percentile.Ratio())
		return &top
	}
	return nil
}

type bandFault struct {
	variant        string // inverted, overlap, gap, met, falling
	from, to       model.Availability
	credit, better model.Percent
}

// bandFaults finds what is wrong with bands, from the worst attainment up.
func bandFaults(bands []model.CreditBand, top *model.Availability) []bandFault {
	var out []bandFault
	var good []model.CreditBand
	for _, b := range bands {
		if !b.From.Less(b.Below) {
			out = append(out, bandFault{variant: "inverted", from: b.From, to: b.Below})
			continue
		}
		good = append(good, b)
	}
	slices.SortStableFunc(good, func(a, b model.CreditBand) int {
		switch {
		case a.From.Less(b.From):
			return -1
		case b.From.Less(a.From):
			return 1
		}
		return 0
	})
	nothing := model.AvailabilityOf(1)
	for i, b := range good {
		below := nothing
		if i > 0 {
			below = good[i-1].Below
		}
		switch {
		case below.Less(b.From):
			out = append(out, bandFault{variant: "gap", from: below, to: b.From})
		case b.From.Less(below):
			out = append(out, bandFault{variant: "overlap", from: b.From, to: below})
		}
		if i > 0 && good[i-1].Credit < b.Credit {
			out = append(out, bandFault{variant: "falling", from: b.From, to: b.Below, credit: b.Credit, better: good[i-1].Credit})
		}
	}
	if top != nil && len(good) > 0 {
		switch last := good[len(good)-1]; {
		case last.Below.Less(*top):
			out = append(out, bandFault{variant: "gap", from: last.Below, to: *top})
		case top.Less(last.Below):
			out = append(out, bandFault{variant: "met", from: *top, to: last.Below, credit: last.Credit})
		}
	}
	return out
}

func bandEvidence(t *model.Target) []finding.Evidence {
	var out []finding.Evidence
	if top := creditTop(t); top != nil {
		out = append(out, finding.Evidence{Label: "promised", Value: *top})
	}
	for _, b := range t.Credits {
		out = append(out, finding.Evidence{Label: "band", Value: finding.Band{From: b.From, Below: b.Below, Credit: b.Credit}})
	}
	return out
}
