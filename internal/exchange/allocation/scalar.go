package allocation

import (
	"math"
	"strconv"
	"strings"

	"diapason/internal/exchange/yamlsource"
)

// number reads a finite number.
func (d *decoder) number(n yamlsource.Node) (float64, bool) {
	x, err := strconv.ParseFloat(n.Text(), 64)
	if err != nil || math.IsNaN(x) || math.IsInf(x, 0) || n.Tag() == "!!str" || strings.ContainsAny(n.Text(), "xX_pP") {
		d.bad(n, "%q is no number", clip(n.Text()))
		return 0, false
	}
	return x, true
}

// probability reads a number from 0 to 1, or a percentage.
func (d *decoder) probability(n yamlsource.Node) (float64, bool) {
	text, percent := strings.CutSuffix(n.Text(), "%")
	x, err := strconv.ParseFloat(strings.TrimSpace(text), 64)
	if err != nil || strings.ContainsAny(text, "xX_pP") || !percent && n.Tag() == "!!str" {
		d.bad(n, "%q is no reliability: write a number from 0 to 1, or a percentage", clip(n.Text()))
		return 0, false
	}
	if percent {
		x /= 100
	}
	if !(x >= 0 && x <= 1) {
		d.bad(n, "the reliability %s is not between 0 and 1", clip(n.Text()))
		return 0, false
	}
	return x, true
}

func (d *decoder) integer(n yamlsource.Node, from, to int) (int, bool) {
	x, err := strconv.Atoi(n.Text())
	if err != nil || n.Tag() != "!!int" {
		d.bad(n, "%q is no whole number", clip(n.Text()))
		return 0, false
	}
	if x < from || x > to {
		d.bad(n, "%d is not between %d and %d", x, from, to)
		return 0, false
	}
	return x, true
}

func (d *decoder) boolean(n yamlsource.Node) bool {
	switch n.Text() {
	case "true":
		return true
	case "false":
		return false
	}
	d.bad(n, "%q is neither true nor false", clip(n.Text()))
	return false
}
