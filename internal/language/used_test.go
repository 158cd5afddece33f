package language

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"diapason/internal/model"
)

// sources reads the product's Go files and page templates, tests left out.
func sources(t *testing.T, folders ...string) map[string]string {
	t.Helper()
	out := map[string]string{}
	for _, folder := range folders {
		err := filepath.WalkDir(filepath.Join("..", folder), func(path string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() || strings.HasSuffix(path, "_test.go") || !strings.HasSuffix(path, ".go") && !strings.HasSuffix(path, ".html") {
				return err
			}
			data, err := os.ReadFile(path)
			out[filepath.ToSlash(path)] = string(data)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	return out
}

// families are the keys that are put together: each place that names a part, and
// what is put before it.
var families = []struct {
	file   string // suffix of the file's path, "" for all
	part   string // its first group is the part of the key
	prefix []string
	suffix []string
}{
	{"", `\bMessage\("([a-z][\w.-]*[a-z0-9])"`, []string{""}, nil},
	{"cli/", `\bsay\("([a-z][\w.-]*[a-z0-9])"`, []string{""}, nil},
	{"solver/", `"(solve\.[a-z][\w.-]*[a-z0-9])"`, []string{""}, nil},
	{"api/page.go", `\bT\("([a-z][\w.-]*[a-z0-9])"`, []string{"catalogue."}, nil},
	{"api/catalogue_feed.go", `\bT\("([a-z][\w.-]*[a-z0-9])"`, []string{"catalogue."}, nil},
	{".html", `\.T "([a-z][\w.-]*[a-z0-9])"`, []string{"catalogue."}, nil},
	{"", `"((?:page|catalogue|why|publication|date|figure)\.[a-z][\w.-]*[a-z0-9])"`, []string{""}, nil},
	{"app/sheet_tables.go", `\[2\]string\{"([\w-]+)"`, []string{"column."}, nil},
	{"app/page_coordination.go", `\[2\]string\{"([\w-]+)"`, []string{"column."}, nil},
	{"app/page_catalogue.go", `\[2\]string\{"([\w-]+)"`, []string{"column."}, nil},
	{"app/page_servicelevel.go", `\[2\]string\{"([\w-]+)"`, []string{"column."}, nil},
	{"app/page_availability.go", `\[2\]string\{"([\w-]+)"`, []string{"column."}, nil},
	{"app/page_capacity.go", `\[2\]string\{"([\w-]+)"`, []string{"column."}, nil},
	{"app/page_continuity.go", `\[2\]string\{"([\w-]+)"`, []string{"column."}, nil},
	{"app/page_security.go", `\{"([a-zA-Z]+)", "\w+"\}`, []string{"column."}, nil},
	{"app/page_supplier.go", `\[2\]string\{"([\w-]+)"`, []string{"column."}, nil},
	{"model/choices.go", `\bc\("(availability|confidentiality|integrity|authenticity|non-repudiation)", "\w+(?:-\w+)?"`, []string{"column.pillar-"}, nil},
	{"app/service.go", `Lifecycle = "([a-z-]+)"`, []string{"catalogue.state.", "catalogue.states."}, nil},
	{"notify/notify.go", `\t(?:Unreachable|Timeout|Certificate|Login|Refused|Busy|Redirected|NoSecret|Gone)\s+= "([a-z]+)"`, []string{"notify.problem."}, nil},
	{"notify/settings/", `"(notify\.file\.[a-z]+)"`, []string{""}, nil},
	{"notify/settings/settings.go", `"(page|ticket|burn|not-measured)"`, []string{"notify.word."}, nil},
	{"notify/channel.go", `\tTo\w+\s+= "([a-z-]+)"`, []string{"notify.word.", "alert.letter."}, nil},
	{"app/errors.go", `Code\s+= "([a-z-]+)"`, []string{"error."}, nil},
	{"identity/errors.go", `Code = "([a-z-]+)"`, []string{"identity."}, nil},
	{"identity/password.go", `Weakness = "([a-z-]+)"`, []string{"weakness."}, nil},
	{"store/errors.go", `Code = "([a-z_]+)"`, []string{"store."}, nil},
	{"availability/failure.go", `Source = "([a-z-]+)"`, []string{"source."}, nil},
	{"app/imports.go", `"(kubernetes|backstage|openslo|sloth|pyrra)":`, []string{"import.source."}, nil},
	{"app/imports.go", `OwnTable = "(\w+)"`, []string{"import.source."}, nil},
	{"app/evidence_record.go", `reason\w+\s+= "([a-z-]+)"`, []string{"evidence.reason."}, nil},
	{"app/servicelevel_compare.go", `(?m)return "(kept|missed|unknown)"`, []string{"compare.kept-", "compare.missed-", "compare.unknown-"}, nil},
	{"app/probe.go", `ProbeState = "([a-z]+)"`, []string{"probe.state."}, nil},
	{"app/evidence_correct.go", `"(good|bad|unknown)": `, []string{"evidence.state."}, nil},
	{"store/ledger/ledger.go", `\t\w+\s+= "(planned-maintenance|customer-cause|force-majeure)"`, []string{"evidence.kind."}, nil},
	{"app/questionnaire_draft.go", `\bsay\("([a-z][\w.-]*\w)"`, []string{"questionnaire."}, nil},
	{"app/questionnaire_answer.go", `\badd\([\w".]+, "([a-z]+)"`, []string{"questionnaire.problem."}, nil},
	{"app/questionnaire.go", `QuestionnaireState = "([a-z]+)"`, []string{"questionnaire.is."}, nil},
	{"app/questionnaire.go", `base, "([a-z]+)"\)`, []string{"questionnaire."}, []string{".subject", ".text"}},
	{"api/questionnaire_page.go", `Message(?:: | = )"([a-z-]+)"`, []string{"questionnaire.state."}, nil},
	{"questionnaire/form.html", `\.Q "([a-z][\w.-]*\w)"`, []string{"questionnaire."}, nil},
	{"questionnaire/form.html", `\.Field "(minimum|peaks|relies|comments|mtpd|rto|rpo)"`, []string{"questionnaire."}, []string{"", ".help"}},
	{"app/report.go", `\bsay\("([a-z][\w.-]*\w)"`, []string{"report."}, nil},
	{"app/report_service.go", `\bsay\("([a-z][\w.-]*\w)"`, []string{"report."}, nil},
	{"app/report_service.go", `\bwords\("([a-z][\w.-]*\w)"\)`, []string{"catalogue."}, nil},
	{"app/report_plan.go", `\bsay\("([a-z][\w.-]*\w)"`, []string{"report."}, nil},
	{"app/report_plan_life.go", `\bsay\("([a-z][\w.-]*\w)"`, []string{"report."}, nil},
	{"app/report_pack.go", `\bsay\("([a-z][\w.-]*\w)"`, []string{"report."}, nil},
	{"app/servicelevel_chain.go", `(?m)\{"([a-zA-Z]+)", "(?:ref|text|mark|boolean)"\}`, []string{"column."}, nil},
	{"app/servicelevel_chain.go", `(?:add|level)\("([a-z]+)"`, []string{"chain.value.", "chain.formula."}, nil},
	{"app/servicelevel_attain.go", `(?m)\{"([a-zA-Z]+)", "(?:ref|text|mark|boolean)"\}`, []string{"column."}, nil},
	{"app/servicelevel_wish.go", `(?:, "|add\(t, "|, ")(rto|rpo|throughput|response|availability|respond|restore)", (?:nil|finding|"acknowledged"|"restored")`, []string{"attain.title."}, nil},
	{"servicelevel/attain.go", `Lever[A-Z]\w+\s+= "([a-z]+)"`, []string{"attain.lever."}, nil},
	{"servicelevel/attain.go", `Outcome = "([a-z]+)"`, []string{"attain.is."}, nil},
	{"servicelevel/links.go", `Verdict = "([a-z]+)"`, []string{"chain.is.", "chain.need."}, nil},
	{"app/whatif.go", `Name: +"([a-z-]+)"`, []string{"figure."}, nil},
}

func init() {
	for _, process := range []string{"coordination", "catalogue", "servicelevel", "availability", "capacity", "continuity", "security", "supplier"} {
		file := "app/page_" + process + ".go"
		families = append(families, []struct {
			file, part     string
			prefix, suffix []string
		}{
			{file, `p\.ask(?:Of)?\("([\w-]+)"`, []string{"page." + process + "."}, []string{".question", ".answer"}},
			{file, `p\.list\("([\w-]+)"`, []string{"page." + process + "."}, []string{".list"}},
		}...)
	}
}

func TestEveryMessageUsedStandsInBothLanguages(t *testing.T) {
	files := sources(t, "app", "api", "cli", "identity", "store", "model", "process/availability", "process/servicelevel", "notify")
	for _, f := range families {
		pattern := regexp.MustCompile(f.part)
		found := 0
		for path, text := range files {
			if f.file != "" && !strings.HasSuffix(path, f.file) && !(strings.HasSuffix(f.file, "/") && strings.Contains(path, "/"+f.file)) {
				continue
			}
			for _, m := range pattern.FindAllStringSubmatch(text, -1) {
				found++
				suffixes := f.suffix
				if suffixes == nil {
					suffixes = []string{""}
				}
				for _, prefix := range f.prefix {
					for _, suffix := range suffixes {
						key := prefix + m[1] + suffix
						for _, l := range Languages {
							if strings.TrimSpace(must(l).messages[key]) == "" {
								t.Errorf("%s uses %s, which has no words in %s", path, key, l)
							}
						}
					}
				}
			}
		}
		if found == 0 {
			t.Errorf("nothing in %q matches %s: the test looks in the wrong place", f.file, f.part)
		}
	}
}

func TestEveryWindowOfATargetHasWordsForCustomers(t *testing.T) {
	for _, f := range model.KindOf("agreement").Fields {
		if f.Name != "targets" {
			continue
		}
		for _, x := range f.Item.Fields {
			if x.Name != "window" {
				continue
			}
			if len(x.Choices) == 0 {
				t.Error("the window of a target is no closed list any more")
			}
			for _, c := range x.Choices {
				for _, l := range Languages {
					if must(l).messages["catalogue.window."+c.Value] == "" {
						t.Errorf("catalogue.window.%s has no words in %s", c.Value, l)
					}
				}
			}
		}
	}
}

func TestMessagesCanBeFilled(t *testing.T) {
	for _, l := range Languages {
		w := Writer{Lang: l}
		for _, key := range Messages(l) {
			for _, n := range []int{0, 1, 2} {
				args := map[string]any{"n": n, "unknown": n, "late": n, "ahead": n, "never": n, "gaps": n, "blocked": n, "passed": n, "missing": n, "silent": n}
				if text := w.Message(key, args); strings.Contains(text, "{{") || strings.Contains(text, "<no value>") && n == 0 && !strings.Contains(must(l).messages[key], "{{") {
					t.Errorf("%s in %s cannot be filled: %s", key, l, text)
				}
			}
		}
	}
}
