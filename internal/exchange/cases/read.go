package cases

import (
	"bytes"
	"encoding/csv"
	"errors"
	"io"
	"math"
	"path/filepath"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/xuri/excelize/v2"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/runes"
	"golang.org/x/text/transform"
	"golang.org/x/text/unicode/norm"

	"diapason/internal/model"
)

// Case is a case as a ticket tool tells it. Service is the tool's word.
type Case struct {
	Line         int // of the table, from 1; or its place in an answer
	ID           string
	Service      string
	Priority     string
	Title        string
	Opened       time.Time
	Acknowledged time.Time // zero while nobody has taken it
	Restored     time.Time // zero while it lasts
	Closed       time.Time
	Suspended    time.Duration // of all suspensions
	Withdrawn    bool
}

// Result is what a table held.
type Result struct {
	Cases  []Case
	Issues []model.Issue // of rows that are no case, by line
}

// Bounds of a table.
const (
	mostRows   = 500_000
	mostIssues = 200
)

// Read reads a table, CSV or XLSX by its name. Instants without a zone are of the
// mapping's, else of the one given. The error is of a table that cannot be used at all.
func Read(name string, data []byte, m *Mapping, zone *time.Location) (*Result, error) {
	if m.Zone != "" {
		if loc, err := time.LoadLocation(m.Zone); err == nil {
			zone = loc
		}
	}
	out := &Result{}
	var columns map[string]int
	err := rows(name, data, func(line int, row []string) error {
		if columns == nil {
			var f *model.Fault
			if columns, f = m.header(row); f != nil {
				return f
			}
			return nil
		}
		if line > mostRows {
			return &model.Fault{Format: "the table has more than %d rows: export a shorter time", Args: []any{mostRows}}
		}
		if strings.TrimSpace(strings.Join(row, "")) == "" {
			return nil
		}
		c, f := m.read(func(field string) string {
			if i, ok := columns[field]; ok && i < len(row) {
				return strings.TrimSpace(row[i])
			}
			return ""
		}, zone)
		c.Line = line
		if f != nil {
			if len(out.Issues) < mostIssues {
				out.Issues = append(out.Issues, model.Issue{Line: line, Message: f.Error(), Fault: f})
			}
			return nil
		}
		out.Cases = append(out.Cases, c)
		return nil
	})
	if err == nil && columns == nil {
		err = &model.Fault{Format: "the table is empty"}
	}
	return out, err
}

// rows passes the rows of a table, empty ones before the header left out.
func rows(name string, data []byte, row func(line int, cells []string) error) error {
	if strings.EqualFold(filepath.Ext(name), ".xlsx") || bytes.HasPrefix(data, []byte("PK\x03\x04")) {
		return workbook(data, row)
	}
	text := string(bytes.TrimPrefix(data, []byte("\uFEFF")))
	if !utf8.ValidString(text) { // as older spreadsheets write it
		decoded, err := charmap.Windows1252.NewDecoder().String(text)
		if err != nil {
			return &model.Fault{Format: "the table is neither UTF-8 nor Windows-1252 text"}
		}
		text = decoded
	}
	c := csv.NewReader(strings.NewReader(text))
	c.FieldsPerRecord, c.LazyQuotes, c.ReuseRecord = -1, true, true
	first, _, _ := strings.Cut(text, "\n")
	for _, sign := range []rune{';', '\t'} {
		if strings.Count(first, string(sign)) > strings.Count(first, ",") {
			c.Comma = sign
		}
	}
	for {
		cells, err := c.Read()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return &model.Fault{Format: "the table cannot be read (%s)", Args: []any{err.Error()}}
		}
		line, _ := c.FieldPos(0)
		if err := row(line, cells); err != nil {
			return err
		}
	}
}

// workbook passes the rows of the first sheet, dates as numbers of days.
func workbook(data []byte, row func(int, []string) error) error {
	f, err := excelize.OpenReader(bytes.NewReader(data), excelize.Options{UnzipSizeLimit: 1 << 30, UnzipXMLSizeLimit: 256 << 20, RawCellValue: true})
	if err != nil {
		return &model.Fault{Format: "the workbook cannot be read (%s)", Args: []any{err.Error()}}
	}
	defer f.Close()
	sheets := f.GetSheetList()
	if len(sheets) == 0 {
		return nil
	}
	list, err := f.Rows(sheets[0])
	if err != nil {
		return &model.Fault{Format: "the workbook cannot be read (%s)", Args: []any{err.Error()}}
	}
	defer list.Close()
	for line := 1; list.Next(); line++ {
		cells, err := list.Columns()
		if err != nil {
			return &model.Fault{Format: "the workbook cannot be read (%s)", Args: []any{err.Error()}}
		}
		if len(cells) == 0 {
			continue
		}
		if err := row(line, cells); err != nil {
			return err
		}
	}
	return list.Error()
}

// plain compares headers: without case, accents and doubled spaces.
func plain(s string) string {
	t := transform.Chain(norm.NFD, runes.Remove(runes.In(unicode.Mn)), norm.NFC)
	if out, _, err := transform.String(t, s); err == nil {
		s = out
	}
	return strings.ToLower(strings.Join(strings.Fields(strings.ReplaceAll(s, "’", "'")), " "))
}

// header finds the columns of the fields.
func (m *Mapping) header(row []string) (map[string]int, *model.Fault) {
	at := map[string]int{}
	for i := len(row) - 1; i >= 0; i-- { // of two alike the first counts
		at[plain(row[i])] = i
	}
	columns := map[string]int{}
	for field, names := range m.Columns {
		for name := range strings.SplitSeq(names, "|") {
			if i, ok := at[plain(name)]; ok {
				columns[field] = i
				break
			}
		}
	}
	for _, field := range []string{FieldID, FieldOpened} {
		if _, ok := columns[field]; !ok {
			return nil, &model.Fault{Format: "the table has no column for %q: the mapping looks for %s", Args: []any{field, strings.ReplaceAll(m.Columns[field], "|", ", ")}}
		}
	}
	return columns, nil
}

// read makes a case of the cells of a row.
func (m *Mapping) read(cell func(field string) string, zone *time.Location) (Case, *model.Fault) {
	c := Case{ID: cell(FieldID), Service: cell(FieldService), Priority: cell(FieldPriority), Title: cell(FieldTitle)}
	if c.ID == "" {
		return c, &model.Fault{Format: "the case has no number"}
	}
	if p, ok := lookup(m.Priorities, c.Priority); ok {
		c.Priority = p
	}
	for _, t := range []struct {
		field string
		into  *time.Time
	}{{FieldOpened, &c.Opened}, {FieldAcknowledged, &c.Acknowledged}, {FieldRestored, &c.Restored}, {FieldClosed, &c.Closed}} {
		var ok bool
		if *t.into, ok = m.instant(cell(t.field), zone); !ok {
			return c, &model.Fault{Format: "%q is no date and time (%s)", Args: []any{cell(t.field), t.field}}
		}
	}
	if c.Opened.IsZero() {
		return c, &model.Fault{Format: "the case %s has no date of opening", Args: []any{c.ID}}
	}
	for _, d := range []struct {
		field string
		take  func(time.Duration)
	}{
		{FieldSuspended, func(d time.Duration) { c.Suspended = d }},
		{FieldAckDelay, func(d time.Duration) {
			if d > 0 && c.Acknowledged.IsZero() {
				c.Acknowledged = c.Opened.Add(d)
			}
		}},
	} {
		length, ok := m.length(cell(d.field))
		if !ok {
			return c, &model.Fault{Format: "%q is no length of time (%s)", Args: []any{cell(d.field), d.field}}
		}
		d.take(length)
	}
	status := cell(FieldStatus)
	c.Withdrawn = contains(m.Withdrawn, status)
	if contains(m.Reopened, status) {
		c.Restored, c.Closed = time.Time{}, time.Time{}
	}
	return c, nil
}

func contains(list []string, word string) bool {
	for _, w := range list {
		if word != "" && plain(w) == plain(word) {
			return true
		}
	}
	return false
}

func lookup(words map[string]string, word string) (string, bool) {
	for from, to := range words {
		if plain(from) == plain(word) {
			return to, true
		}
	}
	return "", false
}

// instant reads a date and time; empty ones, and zeros of databases, are the zero time.
func (m *Mapping) instant(text string, zone *time.Location) (time.Time, bool) {
	if text == "" || strings.HasPrefix(text, "0000-00-00") || strings.EqualFold(text, "null") || text == "-" {
		return time.Time{}, true
	}
	if days, err := strconv.ParseFloat(text, 64); err == nil && days > 25_569 && days < 100_000 { // of a workbook, since 1970
		whole := math.Floor(days)
		seconds := int(math.Round((days - whole) * 86_400))
		return time.Date(1899, 12, 30+int(whole), 0, 0, seconds, 0, zone), true
	}
	if at, err := time.Parse(time.RFC3339, text); err == nil {
		return at, true
	}
	orders := []string{"2006-01-02", "02/01/2006", "02-01-2006", "02.01.2006"}
	if m.Dates == "mdy" {
		orders = []string{"2006-01-02", "01/02/2006", "01-02-2006"}
	}
	for _, date := range orders {
		for _, clock := range []string{" 15:04:05", " 15:04", "T15:04:05", "T15:04", ""} {
			if at, err := time.ParseInLocation(date+clock, text, zone); err == nil {
				return at, true
			}
		}
	}
	return time.Time{}, false
}

// length reads a length of time: seconds, 2:30:00, or as the model writes durations, with
// GLPI's "1 day 2 hours 0 minutes 30 seconds" besides.
func (m *Mapping) length(text string) (time.Duration, bool) {
	if text == "" || text == "-" || strings.EqualFold(text, "null") {
		return 0, true
	}
	if n, err := strconv.ParseFloat(text, 64); err == nil {
		if !m.Seconds || n < 0 || n > 1e9 {
			return 0, false
		}
		return time.Duration(n * float64(time.Second)), true
	}
	if parts := strings.Split(text, ":"); len(parts) == 2 || len(parts) == 3 {
		total := time.Duration(0)
		for i, unit := range []time.Duration{time.Hour, time.Minute, time.Second}[:len(parts)] {
			n, err := strconv.Atoi(strings.TrimSpace(parts[i]))
			if err != nil || n < 0 || n > 1e6 {
				return 0, false
			}
			total += time.Duration(n) * unit
		}
		return total, true
	}
	words := strings.Fields(text)
	total := time.Duration(0)
	for i := 0; i+1 < len(words) && len(words)%2 == 0; i += 2 {
		n, err := strconv.Atoi(words[i])
		unit := units[strings.TrimSuffix(plain(words[i+1]), "s")]
		if err != nil || n < 0 || n > 1e6 || unit == 0 {
			total = -1
			break
		}
		total += time.Duration(n) * unit
	}
	if len(words) > 0 && len(words)%2 == 0 && total >= 0 {
		return total, true
	}
	var d model.Duration
	if err := d.UnmarshalText([]byte(text)); err != nil || d < 0 {
		return 0, false
	}
	return d.Std(), true
}

var units = map[string]time.Duration{
	"day": 24 * time.Hour, "jour": 24 * time.Hour, "hour": time.Hour, "heure": time.Hour, "minute": time.Minute, "second": time.Second, "seconde": time.Second,
}
