package table

import (
	"bytes"
	"encoding/csv"
	"errors"
	"io"
	"path/filepath"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"

	"diapason/internal/exchange/intake"
	"diapason/internal/finding"
)

// readCSV reads a CSV file. Encoding and separator are found out unless the
// mapping says them: UTF-8 with or without its mark, UTF-16 with its mark, else
// Windows-1252; the separator is the one that divides the first rows evenly.
func readCSV(file intake.File, m *Mapping) ([]*sheet, *intake.Problem) {
	data, err := decodeText(file.Data, m.encoding())
	if err != nil {
		return nil, &intake.Problem{Place: intake.Place{File: file.Name}, Code: "csv.encoding", Args: finding.Args{"detail": err.Error()}}
	}
	data, separator := separatorLine(data)
	if s := m.separator(); s != 0 {
		separator = s
	}
	if separator == 0 {
		separator = guessSeparator(data)
	}
	if line := tooWide(data, separator); line > 0 {
		return nil, &intake.Problem{Place: intake.Place{File: file.Name, Line: line}, Code: "table.wide", Args: finding.Args{"columns": maxColumns}}
	}
	r := csv.NewReader(bytes.NewReader(data))
	r.Comma, r.FieldsPerRecord, r.LazyQuotes, r.ReuseRecord = separator, -1, true, true
	meter := newMeter(file.Name, len(file.Data))
	s := &sheet{file: file.Name, name: strings.TrimSuffix(filepath.Base(file.Name), filepath.Ext(file.Name))}
	for number := 1; ; number++ {
		fields, err := r.Read()
		if err == io.EOF {
			break
		}
		if err != nil {
			p := intake.Problem{Place: intake.Place{File: file.Name}, Code: "csv.syntax", Args: finding.Args{"detail": err.Error()}}
			var pe *csv.ParseError
			if errors.As(err, &pe) {
				p.Line, p.Column, p.Args = pe.Line, pe.Column, finding.Args{"detail": pe.Err.Error()}
			}
			return nil, &p
		}
		cells := make([]cell, len(fields))
		blank := true
		for i, f := range fields {
			if !meter.take(len(f)) {
				p := meter.problem()
				return nil, &p
			}
			f = unguard(f)
			cells[i].text = f // a part of the record, which is one string
			blank = blank && strings.TrimSpace(f) == ""
		}
		if !blank {
			s.rows = append(s.rows, row{number: number, cells: cells})
		}
	}
	return []*sheet{s}, nil
}

// maxColumns is how many columns a table may have, as in spreadsheets.
const maxColumns = 16384

// tooWide gives the first line with more columns than a table may have, 0 for none.
func tooWide(data []byte, separator rune) int {
	line, columns := 1, 0
	for _, b := range data {
		switch {
		case b == '\n':
			line, columns = line+1, 0
		case rune(b) == separator:
			if columns++; columns > maxColumns {
				return line
			}
		}
	}
	return 0
}

// decodeText turns the bytes of a text file into UTF-8.
func decodeText(data []byte, name string) ([]byte, error) {
	switch {
	case bytes.HasPrefix(data, []byte("\xef\xbb\xbf")):
		return data[3:], nil
	case bytes.HasPrefix(data, []byte("\xff\xfe")), bytes.HasPrefix(data, []byte("\xfe\xff")):
		return unicode.UTF16(unicode.LittleEndian, unicode.ExpectBOM).NewDecoder().Bytes(data)
	case name == "utf-8", name == "" && utf8.Valid(data):
		return bytes.ToValidUTF8(data, []byte("\ufffd")), nil
	case name == "iso-8859-1":
		return charmap.ISO8859_1.NewDecoder().Bytes(data)
	case name == "iso-8859-15":
		return charmap.ISO8859_15.NewDecoder().Bytes(data)
	case name == "macintosh":
		return charmap.Macintosh.NewDecoder().Bytes(data)
	}
	return charmap.Windows1252.NewDecoder().Bytes(data)
}

// separatorLine takes the "sep=;" line that Excel writes before some tables.
func separatorLine(data []byte) ([]byte, rune) {
	line, rest, _ := bytes.Cut(data, []byte("\n"))
	line = bytes.TrimRight(line, "\r")
	if len(line) == 5 && bytes.EqualFold(line[:4], []byte("sep=")) {
		return rest, rune(line[4])
	}
	return data, 0
}

// guessSeparator takes the sign that divides the first rows into the same
// number of fields, more than one; the most fields win.
func guessSeparator(data []byte) rune {
	best, score := ',', 0
	for _, c := range []rune{';', ',', '\t', '|'} {
		counts := map[int]int{}
		fields, quoted := 1, false
		for _, b := range data[:min(len(data), 64<<10)] {
			switch {
			case b == '"':
				quoted = !quoted
			case quoted:
			case rune(b) == c:
				fields++
			case b == '\n':
				counts[fields]++
				fields = 1
			}
		}
		if fields > 1 {
			counts[fields]++
		}
		for n, times := range counts {
			if s := times * (n - 1); n > 1 && s > score {
				best, score = c, s
			}
		}
	}
	return best
}

// guard keeps spreadsheets from taking a text for a formula; unguard undoes it.
func guard(s string) string {
	if s != "" && strings.IndexByte("=+-@\t\r", s[0]) >= 0 {
		return "'" + s
	}
	return s
}

func unguard(s string) string {
	if len(s) > 1 && s[0] == '\'' && strings.IndexByte("=+-@\t\r", s[1]) >= 0 {
		return s[1:]
	}
	return s
}
