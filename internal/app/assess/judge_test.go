package assess

import (
	"encoding/json"
	"strings"
	"testing"

	"diapason/internal/finding"
	"diapason/internal/model"
	"diapason/internal/process/processtest"
)

func judged(t *testing.T, text string, b *Baseline) Judged {
	t.Helper()
	f := Facts(processtest.Snapshot(t, text), when)
	for _, j := range Full(f).Judge(b) {
		if j.Rule == "AVL-001" && j.Subject.Name == "router" {
			return j
		}
	}
	t.Fatalf("the router is no single point of failure in\n%s", text)
	return Judged{}
}

// What is accepted for what one thing stops today says nothing of what it will stop
// tomorrow.
func TestWhatComesInAdditionIsNotHidden(t *testing.T) {
	const imaging = "component/router: {class: network}\nservice/imaging: {facing: customer, stage: live, criticality: high, requires: [component/router]}\n"
	const record = "service/record: {facing: customer, stage: live, criticality: low, requires: [component/router]}\n"
	waiver := func(causes string) string {
		return "waiver/w: {rule: AVL-001, subject: component/router, causes: " + causes + ", reason: known, until: 2027-12-31}\n"
	}
	cases := []struct {
		name, text string
		waived     bool
	}{
		{"a waiver that names what is hit covers it", imaging + waiver("[service/imaging]"), true},
		{"a waiver that names nothing covers nothing that is hit", imaging + waiver("[]"), false},
		{"a service that comes to hang on it shows", imaging + record + waiver("[service/imaging]"), false},
		{"one that goes away leaves the rest covered", imaging + waiver("[service/imaging, service/gone]"), true},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			if j := judged(t, c.text, nil); !j.Waiver.IsZero() != c.waived {
				t.Errorf("waived by %q, want covered: %v", j.Waiver, c.waived)
			}
		})
	}

	first := judged(t, imaging, nil)
	written, err := json.Marshal(NewBaseline(when, "", []*finding.Finding{first.Finding}))
	if err != nil {
		t.Fatal(err)
	}
	b, err := ParseBaseline(written)
	if err != nil {
		t.Fatal(err)
	}
	if !judged(t, imaging, b).Baseline {
		t.Error("the finding taken over is not held by its baseline")
	}
	more := judged(t, imaging+record, b)
	if more.Baseline {
		t.Error("a service that comes to hang on it is hidden by the baseline")
	}
	if more.Fingerprint() != first.Fingerprint() {
		t.Error("the finding has become another one because it hits more")
	}
	both := NewBaseline(when, "", []*finding.Finding{more.Finding})
	if !judged(t, imaging, both).Baseline {
		t.Error("a finding that hits less than what was taken over shows as new")
	}
	old, err := ParseBaseline([]byte(`{"format": "diapason-baseline/v1", "on": "2027-03-12", "findings": [{"fingerprint": "` + first.Fingerprint() + `", "rule": "AVL-001", "subject": "component/router", "severity": "error", "outcome": "violated"}]}`))
	if err != nil {
		t.Fatal(err)
	}
	if !judged(t, imaging+record, old).Baseline {
		t.Error("a baseline from before hits were noted no longer holds")
	}
}

func TestSeverityShifts(t *testing.T) {
	cases := []struct {
		name     string
		says     finding.Severity
		ahead    bool
		base, to finding.Severity
		want     finding.Severity
	}{
		{"a finding of the base severity follows the profile up", finding.Warning, false, finding.Warning, finding.Error, finding.Error},
		{"and down", finding.Error, false, finding.Error, finding.Info, finding.Info},
		{"what the rule takes as milder stays so when it is raised", finding.Info, false, finding.Warning, finding.Error, finding.Info},
		{"what the rule takes as graver stays so when it is raised", finding.Error, false, finding.Info, finding.Warning, finding.Error},
		{"what the rule takes as graver is no graver than the rule when it is lowered", finding.Error, false, finding.Warning, finding.Info, finding.Info},
		{"what the rule takes as milder stays so when it is lowered less", finding.Info, false, finding.Error, finding.Warning, finding.Info},
		{"a profile that says what the rule says leaves a milder case mild", finding.Warning, false, finding.Error, finding.Error, finding.Warning},
		{"what is only ahead is never more than a warning", finding.Warning, true, finding.Warning, finding.Error, finding.Warning},
		{"what is only ahead may be less", finding.Warning, true, finding.Warning, finding.Info, finding.Info},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			if got := shifted(&finding.Finding{Severity: c.says, Ahead: c.ahead}, c.base, c.to); got != c.want {
				t.Errorf("%v, want %v", got, c.want)
			}
		})
	}
}

// An end that is still ahead is a warning in every profile and an error from the
// day after it.
func TestNoProfileTakesWhatIsAheadForPast(t *testing.T) {
	const text = `
supplier/hostco: {country: FR}
component/host: {supplier: hostco}
service/portal: {facing: customer, stage: live, criticality: high, certifications: [HDS], requires: [component/host]}
certification/hds: {scheme: HDS, holder: supplier/hostco, expires: 2027-04-25}
organisation/us: {profile: %s}
`
	for profile := range profiles {
		snap := processtest.Snapshot(t, strings.Replace(text, "%s", profile, 1))
		for day, want := range map[string]finding.Severity{"2027-03-12": finding.Warning, "2027-04-25": finding.Warning, "2027-04-26": finding.Error} {
			on, err := model.ParseDate(day)
			if err != nil {
				t.Fatal(err)
			}
			for _, x := range Full(Facts(snap, on)).Findings() {
				if x.Rule == "SUP-009" && x.Severity != want {
					t.Errorf("in the profile %s the certificate is an %v on %s, want %v", profile, x.Severity, day, want)
				}
			}
		}
	}
}
