// Package cases reads the cases of ticket tools: from tables that they export, by a
// mapping of columns, and from the REST interfaces of iTop and GLPI. A case is what the
// evidence ledger keeps of a ticket: when it was opened, taken, restored and closed, how
// urgent it was, and when its clock stood still.
package cases

import (
	"embed"
	"errors"
	"fmt"
	"path"
	"slices"
	"strings"
	"time"

	"go.yaml.in/yaml/v4"

	"diapason/internal/model"
)

//go:embed mappings/*.yaml
var shipped embed.FS

// Fields of a case that a column may hold.
const (
	FieldID           = "id"
	FieldService      = "service"
	FieldPriority     = "priority"
	FieldTitle        = "title"
	FieldOpened       = "opened"
	FieldAcknowledged = "acknowledged"
	FieldRestored     = "restored"
	FieldClosed       = "closed"
	FieldStatus       = "status"
	FieldAckDelay     = "acknowledged-after" // a length of time since the opening
	FieldSuspended    = "suspended"          // the whole length of all suspensions
)

var fields = []string{FieldID, FieldService, FieldPriority, FieldTitle, FieldOpened, FieldAcknowledged, FieldRestored, FieldClosed, FieldStatus, FieldAckDelay, FieldSuspended}

// Mapping says which columns of a table hold what. Headers are compared without regard
// to case, accents aside; the first that the table has counts.
type Mapping struct {
	Name  string     `yaml:"mapping"`
	Title model.Text `yaml:"-"`
	// Titles in the two languages.
	Titles map[string]string `yaml:"title"`
	// Columns holds, by field, the headers separated by "|".
	Columns map[string]string `yaml:"columns"`
	// Zone is the IANA zone of instants without one; the organisation's when empty.
	Zone string `yaml:"zone"`
	// Dates is the order of dates that may be read in two ways: dmy, mdy or ymd.
	Dates string `yaml:"dates"`
	// Priorities gives the tool's words for priorities those of agreements; others stay.
	Priorities map[string]string `yaml:"priorities"`
	// Services gives the tool's words for services references of the model; without one
	// a service is found by its name or title.
	Services map[string]string `yaml:"services"`
	// Withdrawn lists statuses of what was no case after all.
	Withdrawn []string `yaml:"withdrawn"`
	// Reopened lists statuses in which a date of restoration no longer holds.
	Reopened []string `yaml:"reopened"`
	// Suspension is why the clock stood still, where the tool tells only for how long:
	// waiting-customer, waiting-site-access or other.
	Suspension string `yaml:"suspension"`
	// Seconds tells that lengths of time are bare numbers of seconds.
	Seconds bool `yaml:"seconds"`
}

// ParseMapping reads a mapping. The error says what is wrong and what to write.
func ParseMapping(data []byte) (*Mapping, error) {
	var m Mapping
	if err := yaml.Load(data, &m, yaml.WithKnownFields()); err != nil {
		return nil, &model.Fault{Format: "the mapping cannot be read (%s)", Args: []any{strings.Join(strings.Fields(err.Error()), " ")}}
	}
	if m.Columns[FieldID] == "" || m.Columns[FieldOpened] == "" {
		return nil, &model.Fault{Format: "the mapping names no column for %q and %q: every case has both", Args: []any{FieldID, FieldOpened}}
	}
	for field := range m.Columns {
		if !slices.Contains(fields, field) {
			return nil, &model.Fault{Format: "%q is no field of a case: use %s", Args: []any{field, strings.Join(fields, ", ")}}
		}
	}
	if !slices.Contains([]string{"", "dmy", "mdy", "ymd"}, m.Dates) {
		return nil, &model.Fault{Format: "%q is no order of dates: write dmy, mdy or ymd", Args: []any{m.Dates}}
	}
	if _, err := time.LoadLocation(m.Zone); err != nil {
		return nil, &model.Fault{Format: "%q is no time zone: write for example Europe/Paris", Args: []any{m.Zone}}
	}
	m.Title = model.Text{EN: m.Titles["en"], FR: m.Titles["fr"]}
	if m.Suspension == "" {
		m.Suspension = "other"
	}
	return &m, nil
}

// Shipped lists the mappings that come with the program, by name.
func Shipped() []*Mapping {
	entries, err := shipped.ReadDir("mappings")
	if err != nil { // part of the program
		panic(err)
	}
	var out []*Mapping
	for _, e := range entries {
		m, err := ShippedMapping(strings.TrimSuffix(e.Name(), ".yaml"))
		if err != nil { // part of the program and tested
			panic(fmt.Sprintf("cases: %s: %v", e.Name(), err))
		}
		out = append(out, m)
	}
	return out
}

// errUnknown says that no such mapping comes with the program.
var errUnknown = errors.New("no such mapping")

// ShippedMapping gives one mapping by its name.
func ShippedMapping(name string) (*Mapping, error) {
	data, err := shipped.ReadFile(path.Join("mappings", path.Base(name)+".yaml"))
	if err != nil {
		return nil, errUnknown
	}
	return ParseMapping(data)
}
