package allocation

import (
	"bytes"
	"encoding/csv"
	"errors"
	"io"
	"math"
	"strconv"
	"strings"

	"diapason/internal/engine/redundancy"
	"diapason/internal/exchange/intake"
	"diapason/internal/exchange/yamlsource"
)

// mostRows bounds the types of components of a table.
const mostRows = 100_000

// readTable reads a table of components: columns subsystem, type, reliability,
// and one for each resource.
func (d *decoder) readTable(n yamlsource.Node) {
	name := n.Text()
	if name == "" || d.open == nil {
		d.bad(n, "components is the name of a CSV file")
		return
	}
	data, err := d.open(name)
	if err != nil {
		d.bad(n, "%q cannot be read: %s", clip(name), err.Error())
		return
	}
	data = bytes.TrimPrefix(data, []byte("\xef\xbb\xbf"))
	r := csv.NewReader(bytes.NewReader(data))
	r.ReuseRecord, r.FieldsPerRecord = true, 0
	if first, _, _ := bytes.Cut(data, []byte("\n")); bytes.Contains(first, []byte(";")) && !bytes.Contains(first, []byte(",")) {
		r.Comma = ';'
	}
	header, err := r.Read()
	if err != nil {
		d.at(intake.Place{File: name, Line: 1, Column: 1}, "a table of components has the columns subsystem, type, reliability and one for each resource")
		return
	}
	columns := d.columns(name, r, header)
	if columns == nil {
		return
	}
	for rows := 0; ; rows++ {
		row, err := r.Read()
		var bad *csv.ParseError
		switch {
		case errors.Is(err, io.EOF):
			return
		case errors.As(err, &bad):
			d.at(intake.Place{File: name, Line: bad.Line, Column: bad.Column}, "the table cannot be read: %s", bad.Err.Error())
			return
		case err != nil:
			d.at(intake.Place{File: name}, "the table cannot be read: %s", err.Error())
			return
		case rows == mostRows:
			d.at(intake.Place{File: name}, "the table has more than %d rows", mostRows)
			return
		}
		d.row(name, r, row, columns)
	}
}

// columns finds what each column is: −1 subsystem, −2 type, −3 reliability,
// otherwise the resource.
func (d *decoder) columns(name string, r *csv.Reader, header []string) []int {
	out := make([]int, len(header))
	seen := map[string]bool{}
	for i, h := range header {
		h = strings.TrimSpace(h)
		line, column := r.FieldPos(i)
		place := intake.Place{File: name, Line: line, Column: column}
		if seen[h] {
			d.at(place, "%q stands twice", clip(h))
			return nil
		}
		seen[h] = true
		resource, ok := d.resources[h]
		switch {
		case h == "subsystem":
			out[i] = -1
		case h == "type":
			out[i] = -2
		case h == "reliability":
			out[i] = -3
		case ok:
			out[i] = resource
		default:
			d.at(place, "%q is no resource%s", clip(h), d.nearest(h))
			return nil
		}
	}
	for _, h := range []string{"subsystem", "type", "reliability"} {
		if !seen[h] {
			d.at(intake.Place{File: name, Line: 1, Column: 1}, "a table of components has the columns subsystem, type, reliability and one for each resource")
			return nil
		}
	}
	return out
}

func (d *decoder) row(name string, r *csv.Reader, row []string, columns []int) {
	t := redundancy.Type{Uses: make([]redundancy.Use, len(d.doc.Problem.Resources))}
	subsystem := ""
	line, _ := r.FieldPos(0)
	start := intake.Place{File: name, Line: line, Column: 1}
	for i, cell := range row {
		cell = strings.TrimSpace(cell)
		_, column := r.FieldPos(i)
		place := intake.Place{File: name, Line: line, Column: column}
		switch c := columns[i]; c {
		case -1:
			if subsystem = strings.Clone(cell); cell == "" {
				d.at(place, "the name of the subsystem is missing")
				return
			}
		case -2:
			t.Name = strings.Clone(cell)
		default:
			x, err := strconv.ParseFloat(cell, 64)
			if err != nil || math.IsNaN(x) || math.IsInf(x, 0) {
				d.at(place, "%q is no number", clip(cell))
				return
			}
			switch {
			case c == -3 && !(x >= 0 && x <= 1):
				d.at(place, "the reliability %s is not between 0 and 1", clip(cell))
				return
			case c == -3:
				t.Reliability = redundancy.Probability(x)
			case x < 0:
				d.at(place, "the amount %v is negative", x)
				return
			default:
				t.Uses[c].Each = redundancy.Amount(x)
			}
		}
	}
	s := d.subsystem(subsystem, start)
	key := [2]string{subsystem, t.Name}
	if _, twice := d.doc.places[key]; twice {
		d.at(start, "%q stands twice", clip(t.Name))
		return
	}
	d.doc.places[key] = start
	s.Types = append(s.Types, t)
}
