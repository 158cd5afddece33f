package cases

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

func scheduleFile(t *testing.T, text string) string {
	t.Helper()
	folder := t.TempDir()
	for name, content := range map[string]string{"tickets.yaml": text, "token": " secret\n", "own.yaml": "mapping: own\ncolumns: {id: number, opened: opened_at}\n", "bad.yaml": "mapping: bad\n"} {
		if err := os.WriteFile(filepath.Join(folder, name), []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return filepath.Join(folder, "tickets.yaml")
}

func TestTheListOfTicketToolsIsRead(t *testing.T) {
	list, err := ReadSchedule(scheduleFile(t, `
tickets:
- {source: helpdesk, tool: itop, url: "https://itop.example.org/", classes: [Incident], every: 5min, since: 2027-01-01, token-file: token, mapping: own.yaml, titles: true}
- {source: measurement-source/desk, tool: glpi, url: "https://glpi.example.org", token-file: token, app-token-file: token}
- {source: old, tool: itop, url: "http://itop.example.org", user: diapason, password-file: token}
`))
	if err != nil || len(list) != 3 {
		t.Fatal(list, err)
	}
	if a := list[0]; a.Interval != 5*time.Minute || a.From.String() != "2027-01-01" || a.Read.Name != "own" || !a.Titles || a.Host() != "itop.example.org" {
		t.Errorf("%+v", a)
	}
	if a := list[1]; a.Source != "desk" || a.Interval != DefaultEvery || a.Titles || a.Read != nil {
		t.Errorf("%+v", a)
	}
	if s, err := list[1].Server(); err != nil || s.Token != "secret" || s.App != "secret" {
		t.Errorf("%+v, %v", s, err)
	}
	if s, err := list[2].Server(); err != nil || s.User != "diapason" || s.Pass != "secret" {
		t.Errorf("%+v, %v", s, err)
	}
}

func TestTicketToolsThatCannotBeAskedAreRefused(t *testing.T) {
	const good = `source: helpdesk, tool: itop, url: "https://itop.example.org", token-file: token`
	for name, c := range map[string]struct{ text, says string }{
		"no list":                     {"{}", "no ticket tool is listed"},
		"no YAML":                     {"{{", "cannot be read"},
		"a word unknown":              {"tickets: [{" + good + ", password: secret}]", "cannot be read"},
		"a source twice":              {"tickets: [{" + good + "}, {" + good + "}]", "twice"},
		"no source":                   {"tickets: [{tool: itop}]", "without its measurement source"},
		"another tool":                {"tickets: [{source: a, tool: jira}]", "no ticket tool"},
		"no address":                  {"tickets: [{source: a, tool: itop, url: itop}]", "no address"},
		"a secret in the address":     {`tickets: [{source: a, tool: itop, url: "https://a:b@itop.example.org"}]`, "no address"},
		"no token":                    {`tickets: [{source: a, tool: itop, url: "https://itop.example.org"}]`, "has no token"},
		"GLPI with a user":            {`tickets: [{source: a, tool: glpi, url: "https://glpi.example.org", user: a, password-file: token}]`, "has no token"},
		"a token that is not there":   {`tickets: [{source: a, tool: itop, url: "https://itop.example.org", token-file: gone}]`, "secret of the ticket tool"},
		"a mapping that is not there": {"tickets: [{" + good + ", mapping: gone.yaml}]", "mapping cannot be read"},
		"a mapping without columns":   {"tickets: [{" + good + ", mapping: bad.yaml}]", "names no column"},
		"no interval":                 {"tickets: [{" + good + ", every: often}]", "no duration"},
		"every second":                {"tickets: [{" + good + ", every: 1s}]", "too often"},
		"no day":                      {"tickets: [{" + good + ", since: yesterday}]", "yesterday"},
	} {
		if _, err := ReadSchedule(scheduleFile(t, c.text)); err == nil || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: %v, want %q", name, err, c.says)
		}
	}
	if _, err := ReadSchedule(filepath.Join(t.TempDir(), "none.yaml")); err == nil {
		t.Error("a file that is not there is taken")
	}
}
